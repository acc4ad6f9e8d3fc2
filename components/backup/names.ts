/** Names and labels that several parts of the backup share. Pure. */
import { platformLabels } from "../kubernetes/object-metadata";
import type { Location } from "./args";

/** Name of the Deployment; Velero looks itself up by it when it starts maintenance. */
export const SERVER_NAME = "velero";
/** Name of the DaemonSet; Velero looks it up by it. */
export const NODE_AGENT_NAME = "node-agent";
/** Secret and key under which Velero looks for the password of its repositories. */
export const REPOSITORY_SECRET = { name: "velero-repo-credentials", key: "repository-password" } as const;
/** Key of each location's Secret, with credentials in the form of an AWS profile file. */
export const CREDENTIALS_KEY = "cloud";

/** Labels of every object of the backup. */
export function commonLabels(customer: string): Record<string, string> {
  return platformLabels(customer, { component: "velero" });
}

/** What a location is to `pulumi destroy`. */
export function afterDestroy(location: Location): string {
  if (location.kind === "s3" || location.kind === "gcs") return "its backups stay";
  return location.deletionProtection
    ? "refused while deletionProtection of the location is true"
    : "its backups are deleted with it";
}
