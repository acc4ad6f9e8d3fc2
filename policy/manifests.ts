import { readFileSync } from "node:fs";
import { parseAllDocuments } from "yaml";
import type { Manifest, Properties, ResourceFacts } from "./definition";
import { renderRelease } from "./rendered-chart";
import { guarded, isUnknown, plain } from "./unknowns";

/** Type of a Helm release. */
export const RELEASE_TYPE = "kubernetes:helm.sh/v3:Release";

/** Types under `kubernetes:` that are no object of the cluster. */
const NO_OBJECTS = /^kubernetes:(helm\.sh|yaml|kustomize)\//;

/** Kind of the object that a type token under `kubernetes:` stands for; empty for any other token. */
export function kindOf(type: string): string {
  return type.startsWith("kubernetes:") && !NO_OBJECTS.test(type) ? type.slice(type.lastIndexOf(":") + 1) : "";
}

/** Many policies look at the same resource. */
const known = new WeakMap<ResourceFacts, Manifest[]>();

/** The Kubernetes objects that a resource stands for: itself, or what our chart makes of a release's values. */
export function manifestsOf(resource: ResourceFacts): Manifest[] {
  const manifests = known.get(resource) ?? manifestsIn(resource);
  known.set(resource, manifests);
  return manifests;
}

function manifestsIn(resource: ResourceFacts): Manifest[] {
  if (resource.type === RELEASE_TYPE) return releaseManifests(resource);
  if (kindOf(resource.type) === "") return [];
  return [manifestOf(plain(resource.props), resource)];
}

function releaseManifests(resource: ResourceFacts): Manifest[] {
  const rendered = renderRelease(resource);
  if (rendered.outcome !== "rendered") return [];
  const namespace = String(plain(resource.props).namespace ?? "default");
  return rendered.objects.map((object) => manifestOf(object, resource, namespace));
}

function manifestOf(object: Properties, resource: ResourceFacts, namespace = ""): Manifest {
  const metadata = plain(object.metadata) ?? {};
  const textOr = (text: unknown, otherwise: string) =>
    typeof text === "string" && !isUnknown(text) ? text : otherwise;
  const [, version = "", kind = ""] = resource.type.split(":");
  return {
    apiVersion: textOr(object.apiVersion, version),
    kind: textOr(object.kind, kind),
    name: textOr(metadata.name, resource.name),
    namespace: textOr(metadata.namespace, namespace),
    object: guarded(object),
    resource,
  };
}

/** Objects in a text of YAML documents. */
export function parseManifests(text: string): Properties[] {
  return parseAllDocuments(text).flatMap((document) => (document.toJS() as Properties | null) ?? []);
}

/** Objects in a file of YAML documents. */
export function readManifests(file: string): Properties[] {
  return parseManifests(readFileSync(file, "utf8"));
}

const POD_TEMPLATES: Readonly<Record<string, string>> = {
  Pod: "spec",
  Deployment: "spec.template.spec",
  StatefulSet: "spec.template.spec",
  DaemonSet: "spec.template.spec",
  ReplicaSet: "spec.template.spec",
  Job: "spec.template.spec",
  CronJob: "spec.jobTemplate.spec.template.spec",
};

/** Kinds that make pods. */
export const workloadKinds = Object.keys(POD_TEMPLATES);

/** A pod's specification and where it stands in its object. */
export interface PodSpec {
  spec: Properties;
  path: string;
}

/** The specification of the pods that an object makes; `undefined` where it makes none. */
export function podSpecOf({ kind, object }: Manifest): PodSpec | undefined {
  const path = POD_TEMPLATES[kind];
  if (path === undefined) return undefined;
  const spec = path.split(".").reduce<Properties | undefined>((node, key) => node?.[key], object);
  return spec && { spec, path };
}

/** Labels of the pods that an object makes. */
export function podLabelsOf({ kind, object }: Manifest): Record<string, string> {
  const holder = kind === "CronJob" ? object.spec?.jobTemplate?.spec?.template : object.spec?.template;
  return (kind === "Pod" ? object : holder)?.metadata?.labels ?? {};
}

/** A container of a pod and where it stands. */
export interface ContainerSpec {
  container: Properties;
  path: string;
  /** Whether it runs before the others and ends. */
  init: boolean;
}

/** Every container of a pod. */
export function* containersOf(manifest: Manifest): Generator<ContainerSpec> {
  const pod = podSpecOf(manifest);
  if (!pod) return;
  for (const list of ["initContainers", "containers"] as const) {
    for (const [index, container] of (pod.spec[list] ?? []).entries()) {
      // A side-car is an init container that is restarted for ever.
      const init = list === "initContainers" && container.restartPolicy !== "Always";
      yield { container, path: `${pod.path}.${list}[${index}]`, init };
    }
  }
}

/** Whether a label selector selects these labels; an empty one selects everything. */
export function selects(selector: Properties | undefined, labels: Record<string, string>): boolean {
  if (!selector) return false;
  const wanted: [string, string][] = Object.entries(selector.matchLabels ?? {});
  if (wanted.some(([key, value]) => labels[key] !== value)) return false;
  return (selector.matchExpressions ?? []).every(({ key, operator, values = [] }: Properties) => {
    const value = labels[key];
    if (operator === "Exists") return value !== undefined;
    if (operator === "DoesNotExist") return value === undefined;
    if (operator === "In") return value !== undefined && values.includes(value);
    return value === undefined || !values.includes(value);
  });
}
