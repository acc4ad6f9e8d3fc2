import { type Finding, type Manifest, type Properties, type StackFacts, stackPolicy } from "../definition";
import { ours } from "../frameworks";
import { workloadKinds } from "../manifests";
import { type Application, gapsOf } from "./backup-coverage";

const isVelero = ({ apiVersion }: Manifest) => apiVersion.startsWith("velero.io/");

/** Whether a location's store would be lost together with the cluster. */
function insideCluster({ object }: Manifest): boolean {
  const address: string | undefined = object.spec?.config?.s3Url;
  if (object.spec?.provider !== "aws" && !String(object.spec?.provider).endsWith("/aws")) return false;
  if (address === undefined) return false;
  const host = address.replace(/^[a-z]+:\/\//, "").replace(/[:/].*$/, "");
  return !host.includes(".") || /\.svc(\.|$)/.test(host);
}

/** The location that a schedule writes to: the one it names, or the default. */
function locationOf({ object }: Manifest, locations: readonly Manifest[]): Manifest | undefined {
  const name: string | undefined = object.spec?.template?.storageLocation;
  return locations.find((location) => (name ? location.name === name : location.object.spec?.default === true));
}

function* locationGaps(schedule: Manifest, locations: readonly Manifest[]): Generator<Finding> {
  const property = "spec.template.storageLocation";
  const location = locationOf(schedule, locations);
  if (location === undefined || insideCluster(location)) {
    yield {
      property,
      problem: "is inside the cluster in every schedule that covers the application",
      fix: "add a location of kind gcs or s3, and name it in a schedule",
    };
  } else if (location.object.spec?.accessMode === "ReadOnly") {
    yield { property, problem: "is read-only, so that no backup is written to it", fix: "name another location" };
  }
}

/** Part of the URN of what belongs to the component that is the application. */
const APPLICATION = "onprem:parse:";

/** The application: in the namespace that the platform says, or else where the workloads of its component are. */
function applicationIn({ manifests }: StackFacts, given: string | undefined): Application {
  const own = manifests.find(
    ({ kind, namespace, resource }) =>
      workloadKinds.includes(kind) && namespace !== "" && `${resource.parent}::${resource.urn}`.includes(APPLICATION),
  );
  const namespace = given ?? own?.namespace;
  if (namespace === undefined) return { objects: [] };
  return { namespace, objects: manifests.filter((manifest) => manifest.namespace === namespace) };
}

/** What is lost can be brought back, the cluster included. */
export const backupScheduled = stackPolicy<{ maximumPauseHours: number }>({
  name: "backup-scheduled",
  description:
    "In production, one schedule backs up the whole application, volumes included, outside the cluster and often enough.",
  level: "mandatory",
  severity: "critical",
  framework: ours("A lost cluster is not lost data"),
  link: "https://velero.io/docs/main/backup-reference/",
  remedy: "Add onprem:backup with a location outside the cluster (gcs or s3) and a schedule that names it.",
  thresholds: {
    maximumPauseHours: {
      type: "integer",
      minimum: 1,
      description: "Longest time between two backups outside the cluster, hours.",
      default: 192,
    },
  },
  *check(stack, { settings, thresholds }) {
    if (!settings.production) return;
    const schedules = stack.manifests.filter((manifest) => isVelero(manifest) && manifest.kind === "Schedule");
    const active = schedules.filter(({ object }) => (object.spec as Properties | undefined)?.paused !== true);
    if (active.length === 0) {
      const property = "onprem:backup.schedules";
      yield { property, problem: "makes no backup", fix: "add onprem:backup with a schedule" };
      return;
    }
    const locations = stack.manifests.filter(
      (manifest) => isVelero(manifest) && manifest.kind === "BackupStorageLocation",
    );
    const application = applicationIn(stack, settings.applicationNamespace);
    const judged = active.map((schedule) => ({
      schedule,
      gaps: [...gapsOf(schedule, application, thresholds.maximumPauseHours), ...locationGaps(schedule, locations)],
    }));
    // What is told is what the schedule lacks that comes nearest.
    const [nearest] = judged.sort((a, b) => a.gaps.length - b.gaps.length);
    for (const gap of nearest?.gaps ?? []) yield { ...gap, urn: nearest?.schedule.resource.urn ?? "" };
  },
});
