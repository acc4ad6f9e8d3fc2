/** Whether a schedule of Velero's backs up an application: all of it, to a place, and often enough. */
import { longestPauseHours } from "../../components/grammars/cron-times";
import { readGoDuration } from "../../components/grammars/go-duration";
import type { Finding, Manifest, Properties } from "../definition";
import { podLabelsOf, selects, workloadKinds } from "../manifests";

/** What is to be backed up. */
export interface Application {
  /** Its namespace; absent where nobody said it. */
  readonly namespace?: string;
  /** What the stack makes in that namespace. */
  readonly objects: readonly Manifest[];
}

/** Resources without which an application can't be brought back, each with the names that Velero knows it by. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  pods: ["pods", "pod", "po"],
  persistentvolumeclaims: ["persistentvolumeclaims", "persistentvolumeclaim", "pvc"],
  secrets: ["secrets", "secret"],
  configmaps: ["configmaps", "configmap", "cm"],
  services: ["services", "service", "svc"],
  deployments: ["deployments.apps", "deployments", "deployment", "deploy"],
  statefulsets: ["statefulsets.apps", "statefulsets", "statefulset", "sts"],
};

const HOUR_NANOSECONDS = 3_600_000_000_000n;

/** A name with * and ?, as Velero takes namespaces: https://velero.io/docs/main/resource-filtering/ */
function matches(pattern: string, name: string): boolean {
  const expression = pattern
    .replace(/[.+^${}()|\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  try {
    return new RegExp(`^${expression}$`).test(name);
  } catch {
    return false;
  }
}

const listOf = (list: unknown): readonly string[] => (Array.isArray(list) ? list.map(String) : []);

function* namespaceGaps(template: Properties, namespace: string | undefined): Generator<Finding> {
  if (namespace === undefined) return;
  const included = listOf(template.includedNamespaces);
  if (included.length > 0 && !included.some((pattern) => matches(pattern, namespace))) {
    const property = "spec.template.includedNamespaces";
    yield { property, problem: `leaves out ${namespace}, the application's`, fix: `add ${namespace}` };
  }
  if (listOf(template.excludedNamespaces).some((pattern) => matches(pattern, namespace))) {
    const property = "spec.template.excludedNamespaces";
    yield { property, problem: `has ${namespace}, the application's`, fix: "take it out" };
  }
}

function* resourceGaps(template: Properties): Generator<Finding> {
  const needed = Object.entries(NEEDED);
  for (const property of ["includedResources", "includedNamespaceScopedResources"]) {
    const included = listOf(template[property]);
    if (included.length === 0 || included.includes("*")) continue;
    const missing = needed.filter(([, names]) => !names.some((name) => included.includes(name))).map(([name]) => name);
    if (missing.length === 0) continue;
    const problem = `leaves out ${missing.join(", ")}`;
    yield { property: `spec.template.${property}`, problem, fix: "add them, or take the list out" };
  }
  for (const property of ["excludedResources", "excludedNamespaceScopedResources"]) {
    const excluded = listOf(template[property]);
    const lost = needed.filter(([, names]) => excluded.includes("*") || names.some((name) => excluded.includes(name)));
    if (lost.length === 0) continue;
    const problem = `has ${lost.map(([name]) => name).join(", ")}`;
    yield { property: `spec.template.${property}`, problem, fix: "take them out" };
  }
}

/** Labels of what an application is: its objects and their pods. */
function labelsOf({ objects }: Application): Record<string, string>[] {
  return objects.flatMap((manifest) => [
    manifest.object.metadata?.labels ?? {},
    ...(workloadKinds.includes(manifest.kind) ? [podLabelsOf(manifest)] : []),
  ]);
}

function* selectorGaps(template: Properties, application: Application): Generator<Finding> {
  const one: Properties[] = template.labelSelector ? [template.labelSelector] : [];
  const several: Properties[] = template.orLabelSelectors ?? [];
  const selectors = [...one, ...several].filter(
    ({ matchLabels, matchExpressions }) => Object.keys(matchLabels ?? {}).length + (matchExpressions?.length ?? 0) > 0,
  );
  if (selectors.length === 0 || one.length + several.length > selectors.length) return;
  const labels = labelsOf(application);
  if (labels.length > 0 && labels.every((of) => selectors.some((selector) => selects(selector, of)))) return;
  const property = `spec.template.${one.length > 0 ? "labelSelector" : "orLabelSelectors"}`;
  yield { property, problem: "does not select all of the application", fix: "take it out" };
}

/** Whether the application keeps anything in volumes; so where nothing is known of it. */
function hasVolumes({ objects }: Application): boolean {
  if (objects.length === 0) return true;
  return objects.some(
    ({ kind, object }) => kind === "PersistentVolumeClaim" || (object.spec?.volumeClaimTemplates ?? []).length > 0,
  );
}

function* volumeGaps(template: Properties, application: Application): Generator<Finding> {
  if (!hasVolumes(application)) return;
  if (template.defaultVolumesToFsBackup === true || template.snapshotMoveData === true) return;
  if (template.snapshotVolumes === true && listOf(template.volumeSnapshotLocations).length > 0) return;
  const property = "spec.template.defaultVolumesToFsBackup";
  yield { property, problem: "is not true, and no snapshots are taken: volumes stay out", fix: "set it to true" };
}

function* timeGaps(spec: Properties, maximumPauseHours: number): Generator<Finding> {
  const pause = longestPauseHours(String(spec.schedule ?? ""));
  const property = "spec.schedule";
  if (pause === undefined) {
    yield { property, problem: "is nothing that Velero makes backups by", fix: "set it to a cron expression" };
    return;
  }
  if (pause > maximumPauseHours) {
    const problem = `leaves ${Math.ceil(pause)} hours between two backups`;
    yield { property, problem, fix: `make one at least every ${maximumPauseHours} hours` };
    return;
  }
  const ttl: unknown = spec.template?.ttl;
  const kept = readGoDuration(String(ttl ?? "720h")).value;
  if (kept === undefined || Number(kept / HOUR_NANOSECONDS) >= pause) return;
  const problem = "is over before the next backup is made";
  yield { property: "spec.template.ttl", problem, fix: `set it to more than ${Math.ceil(pause)}h` };
}

/** What a schedule does not back up of an application, or not often enough; nothing where it covers it. */
export function* gapsOf(schedule: Manifest, application: Application, maximumPauseHours: number): Generator<Finding> {
  const spec: Properties = schedule.object.spec ?? {};
  const template: Properties = spec.template ?? {};
  yield* namespaceGaps(template, application.namespace);
  yield* resourceGaps(template);
  yield* selectorGaps(template, application);
  yield* volumeGaps(template, application);
  yield* timeGaps(spec, maximumPauseHours);
}
