import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { type Definition, lightSpec } from "../../../components/kubernetes/definitions";
import { mirrorFolders } from "../../../lab/mirror";
import { earlierLabFluxManifest } from "../../../lab/mirror/flux";
import { IMAGE_DEFINITIONS } from "../../../lab/mirror/flux-images";
import { listObjects } from "../../../lab/node/cluster-api";
import { kubectl, kubectlWith } from "../../../lab/node/start";

/**
 * Program that puts the kinds of Prometheus' operator and of Flux into the lab, as in a cluster where another installation
 * left them, before stacks of several customers come up beside each other. In a customer's own cluster the platform starts
 * Velero's server when no kind of the platform's is being made; here one stack's kinds would meet another's server, and
 * every backup of the next five minutes would be PartiallyFailed (https://github.com/velero-io/velero/issues/5658).
 */
async function main(): Promise<void> {
  const present = new Set((await listObjects("customresourcedefinitions.v1.apiextensions.k8s.io")).map(nameOf));
  const missing = definitions().filter((definition) => !present.has(nameOf(definition)));
  if (missing.length > 0) {
    await kubectlWith({ apiVersion: "v1", kind: "List", items: missing }, "create");
    const names = missing.map((definition) => `crd/${nameOf(definition)}`);
    await kubectl("wait", "--for=condition=Established", "--timeout=60s", ...names);
  }
  console.log(`Kinds that were put into the lab beforehand: ${missing.length}`);
}

type Named = Pick<Definition, "metadata">;

const nameOf = ({ metadata }: Named) => metadata.name;

/**
 * Every definition that a stack of the tests brings, but Velero's, which come before each server of Velero's. With lighter
 * schemas, as the stacks bring those of monitoring: what they take over keeps what it had besides.
 */
function definitions(): Named[] {
  const files = ["prometheus-operator", IMAGE_DEFINITIONS].flatMap((folder) =>
    readdirSync(join(mirrorFolders.manifests, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".yaml"))
      .map((file) => join(folder, file)),
  );
  return [...files, earlierLabFluxManifest.path]
    .flatMap((file) => parseAllDocuments(readFileSync(join(mirrorFolders.manifests, file), "utf8")))
    .filter((document) => document.get("kind") === "CustomResourceDefinition")
    .map((document) => document.toJSON() as Definition)
    .map((definition) => ({ ...definition, spec: lightSpec(definition) }));
}

main().catch((error: Error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
