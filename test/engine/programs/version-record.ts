/** Keeps the record of versions as the platform does: reads the last run's from the stack's own outputs. */
import { Config, getOrganization, getProject, getStack, StackReference } from "@pulumi/pulumi";
import { VersionRecord } from "../../../components/version-record";
import type { GateOverride, VerifiedBackup, VersionHistory, Versions } from "../../../components/versions";

const config = new Config();
const lastRun = new StackReference(`${getOrganization()}/${getProject()}/${getStack()}`);

const record = new VersionRecord("versions", {
  next: config.requireObject<Versions>("versions"),
  last: lastRun.getOutput("versions").apply((last) => last as VersionHistory | undefined),
  backup: config.getObject<VerifiedBackup>("backup"),
  overrides: config.getObject<GateOverride[]>("overrides") ?? [],
  now: new Date(config.require("now")),
});

export const versions = record.history;
