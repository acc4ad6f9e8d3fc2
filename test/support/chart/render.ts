import { execFileSync } from "node:child_process";
import { parseAllDocuments } from "yaml";
import { projectChart } from "../../../components/parse/chart";
import { defaultKubernetesLine } from "../../../components/releases/releases";
import { NAMESPACE, type SettingsName, settings } from "./settings";

/** A rendered object, as loose as YAML is. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; labels?: Record<string, string>; annotations?: Record<string, string> };
  // biome-ignore lint/suspicious/noExplicitAny: rendered YAML of any kind; tests look into it by path
  [field: string]: any;
}

/** What the charts are rendered for: a Helm built from source would take itself for Kubernetes 1.20. */
const KUBERNETES_VERSION = `${defaultKubernetesLine}.0`;

/** Helm from ONPREM_HELM, else from PATH; a missing one is an error, never a skipped test. */
export const helm = process.env.ONPREM_HELM ?? "helm";

/**
 * Renders the chart with the real Helm, which also checks the values against their schema.
 * @param chart folder or packed file. Default: the project's chart
 * @param program which Helm. Default: {@link helm}
 * @throws with Helm's own message when it refuses
 */
export function renderValues(values: unknown, chart = projectChart("parse-server"), program = helm): Manifest[] {
  const args = [
    "template",
    "parse-server",
    chart,
    "--namespace",
    NAMESPACE,
    "--values",
    "-",
    "--kube-version",
    KUBERNETES_VERSION,
  ];
  const text = execFileSync(program, args, {
    input: JSON.stringify(values),
    encoding: "utf8",
    stdio: ["pipe", "pipe", "pipe"],
  });
  return parseAllDocuments(text).flatMap((document) => {
    if (document.errors.length > 0) throw new Error(`Helm rendered bad YAML: ${document.errors[0]?.message}`);
    return document.toJS() ?? [];
  });
}

const rendered = new Map<SettingsName, Manifest[]>();

/** Objects of one of the named settings; rendered once. */
export function render(name: SettingsName): Manifest[] {
  const known = rendered.get(name) ?? renderValues(settings[name]);
  rendered.set(name, known);
  return structuredClone(known);
}

/** The only object of a kind, by name where there are several. Throws when it is not exactly one. */
export function one(manifests: Manifest[], kind: string, name?: string): Manifest {
  const found = manifests.filter((manifest) => manifest.kind === kind && (!name || manifest.metadata.name === name));
  const [only] = found;
  if (only && found.length === 1) return only;
  const all = manifests.map((manifest) => `${manifest.kind}/${manifest.metadata.name}`).join(", ");
  throw new Error(`${found.length} of ${kind} ${name ?? ""} in: ${all}`);
}
