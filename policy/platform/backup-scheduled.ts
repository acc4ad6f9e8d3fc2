import { type Manifest, type Properties, stackPolicy } from "../definition";
import { ours } from "../frameworks";

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

/** What is lost can be brought back, the cluster included. */
export const backupScheduled = stackPolicy({
  name: "backup-scheduled",
  description: "In production, backups are made on a schedule, and one of them goes outside the cluster.",
  level: "mandatory",
  severity: "critical",
  framework: ours("A lost cluster is not lost data"),
  link: "https://velero.io/docs/main/backup-reference/",
  remedy: "Add onprem:backup with a location outside the cluster (gcs or s3) and a schedule that names it.",
  *check({ manifests }, { settings }) {
    if (!settings.production) return;
    const schedules = manifests.filter((manifest) => isVelero(manifest) && manifest.kind === "Schedule");
    const active = schedules.filter(({ object }) => (object.spec as Properties | undefined)?.paused !== true);
    const [first] = active;
    if (!first) {
      const property = "onprem:backup.schedules";
      yield { property, problem: "makes no backup", fix: "add onprem:backup with a schedule" };
      return;
    }
    const locations = manifests.filter((manifest) => isVelero(manifest) && manifest.kind === "BackupStorageLocation");
    const outside = active.some((schedule) => {
      const location = locationOf(schedule, locations);
      return location !== undefined && !insideCluster(location);
    });
    if (outside) return;
    yield {
      property: "spec.template.storageLocation",
      problem: "is inside the cluster in every schedule",
      fix: "add a location of kind gcs or s3, and name it in a schedule",
      urn: first.resource.urn,
    };
  },
});
