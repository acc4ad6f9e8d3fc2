import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { CORE_SCHEMA, loadAll } from "js-yaml";
import { defaultKubernetesLine } from "../components/releases/releases";
import type { Properties, ResourceFacts } from "./definition";
import { projectRoot } from "./project";
import { isUnknown, plain } from "./unknowns";

/** What came of rendering a release's chart. */
export type Rendered =
  | { outcome: "rendered"; objects: Properties[] }
  /** Not one of this project's charts: judged by its values alone. */
  | { outcome: "third-party" }
  | { outcome: "failed"; reason: string };

/** Kubernetes that charts are rendered for; a Helm built from source would take itself for an old one. */
const KUBERNETES_VERSION = `${defaultKubernetesLine}.0`;

const TIMEOUT_MILLISECONDS = 20_000;

const known = new Map<string, Rendered>();

/**
 * Renders a release's chart with its values, as the cluster would get it; each release once in a run.
 * Unknown values go through as the engine's stand-in texts and come out where the chart puts them.
 */
export function renderRelease({ props }: ResourceFacts): Rendered {
  const inputs = plain(props);
  const chart = ownChart(props.chart);
  if (!chart) return { outcome: "third-party" };
  // Read through the guarded view: where the values as a whole are unknown, nothing can be decided.
  const values = JSON.stringify(plain(props.values) ?? {});
  const unknown = firstUnknown(inputs.values);
  const name = typeof inputs.name === "string" ? inputs.name : "release";
  const namespace = typeof inputs.namespace === "string" ? inputs.namespace : "default";
  const key = JSON.stringify([chart, name, namespace, values]);
  const rendered = known.get(key) ?? render(chart, { name, namespace, values, skipSchema: unknown !== undefined });
  known.set(key, rendered);
  // A stand-in text may be what the chart stumbled over: reading it leaves the caller undecided.
  if (rendered.outcome === "failed" && unknown) unknown.reduce((node, step) => node[step], props.values);
  return rendered;
}

/** Path of the first value that is not known. */
function firstUnknown(value: unknown, path: readonly string[] = []): readonly string[] | undefined {
  if (isUnknown(value)) return path;
  if (typeof value !== "object" || value === null) return undefined;
  for (const [step, item] of Object.entries(value)) {
    const found = firstUnknown(item, [...path, step]);
    if (found) return found;
  }
  return undefined;
}

/**
 * The folder of a chart that belongs to this project; `undefined` for any other. A release names it relative to the
 * folder that the program runs in, which is not the one that the policies run in: the name below `charts/` decides.
 */
export function ownChart(chart: unknown): string | undefined {
  const [, name = ""] = /(?:^|[/\\])charts[/\\]([^/\\]+)[/\\]?$/.exec(String(chart)) ?? [];
  const folder = join(projectRoot(), "charts", name);
  return name !== "" && existsSync(join(folder, "Chart.yaml")) ? folder : undefined;
}

interface Rendering {
  name: string;
  namespace: string;
  /** As JSON. */
  values: string;
  /** Whether the chart's schema is passed over, which stand-in texts need not meet. */
  skipSchema: boolean;
}

function render(chart: string, { name, namespace, values, skipSchema }: Rendering): Rendered {
  const args = ["template", name, chart, "--namespace", namespace, "--values", "-"];
  if (skipSchema) args.push("--skip-schema-validation");
  try {
    const text = execFileSync(process.env.ONPREM_HELM ?? "helm", [...args, "--kube-version", KUBERNETES_VERSION], {
      input: values,
      encoding: "utf8",
      stdio: ["pipe", "pipe", "pipe"],
      timeout: TIMEOUT_MILLISECONDS,
      maxBuffer: 64 * 1024 * 1024,
    });
    // The schema without dates, as Kubernetes reads it. This parser takes a quarter of the other one's time.
    const objects = loadAll(text, undefined, { schema: CORE_SCHEMA }) as (Properties | null)[];
    return { outcome: "rendered", objects: objects.flatMap((object) => object ?? []) };
  } catch (error) {
    return { outcome: "failed", reason: reasonOf(error as NodeJS.ErrnoException & { stderr?: string }) };
  }
}

function reasonOf(error: NodeJS.ErrnoException & { stderr?: string }): string {
  if (error.code === "ENOENT") return "there is no Helm: put `helm` on PATH, or its path in ONPREM_HELM";
  return (error.stderr || error.message).trim();
}
