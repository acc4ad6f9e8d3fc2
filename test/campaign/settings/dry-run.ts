import { existsSync } from "node:fs";
import { execa } from "execa";
import { paths } from "../../../lab/layout";

/** What the API server said of objects. */
export interface Verdict {
  /** Objects that it took. */
  readonly taken: number;
  /** Why it refused others, a line each. */
  readonly refused: readonly string[];
  /** Kinds that it doesn't know, since nothing brought their definitions. */
  readonly unknown: number;
}

/** Where objects are tried: a namespace that every cluster has. */
const NAMESPACE = "default";

/** Whether a lab runs whose API server can be asked. */
export async function clusterAnswers(): Promise<boolean> {
  if (!existsSync(paths.kubeconfig)) return false;
  const { failed } = await execa("kubectl", ["--kubeconfig", paths.kubeconfig, "get", "--raw", "/readyz"], {
    reject: false,
    timeout: 10_000,
  });
  return !failed;
}

/** Has the API server check objects strictly, as if they were applied, and keep none of them. */
export async function dryRun(objects: readonly object[]): Promise<Verdict> {
  const items = objects.map((object) => inOneNamespace(object as KubernetesObject));
  const args = [
    "--kubeconfig",
    paths.kubeconfig,
    "apply",
    "--server-side",
    "--force-conflicts",
    "--field-manager=campaign",
  ];
  const { stderr, stdout } = await execa(
    "kubectl",
    [...args, "--dry-run=server", "--validate=strict", "--filename=-"],
    {
      input: JSON.stringify({ apiVersion: "v1", kind: "List", items }),
      reject: false,
    },
  );
  const lines = stderr.split("\n").filter((line) => line.trim() !== "" && !/^(Warning|ensure CRDs)/.test(line));
  const unknown = lines.filter((line) => /no matches for kind/.test(line));
  return {
    taken: stdout.split("\n").filter((line) => /serverside-applied/.test(line)).length,
    refused: lines.filter((line) => !unknown.includes(line)),
    unknown: unknown.length,
  };
}

interface KubernetesObject {
  readonly kind?: string;
  readonly metadata?: { readonly namespace?: string };
}

/** An object in a namespace that is there; one that lies in none stays as it is. */
function inOneNamespace(object: KubernetesObject): KubernetesObject {
  return object.metadata?.namespace === undefined
    ? object
    : { ...object, metadata: { ...object.metadata, namespace: NAMESPACE } };
}
