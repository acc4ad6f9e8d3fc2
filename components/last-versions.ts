import type * as pulumi from "@pulumi/pulumi";
import { lastOutputs } from "./last-outputs";
import type { VersionHistory } from "./versions";

/** This stack's output `versions` as the last run left it; nothing on the first. */
export function lastVersions(): pulumi.Output<VersionHistory | undefined> {
  return lastOutputs().apply(({ versions }) => versions);
}
