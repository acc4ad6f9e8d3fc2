/** Keeps the record of versions as the platform does: reads the last run's from the stack's own outputs. */
import { Config } from "@pulumi/pulumi";
import { lastOutputs } from "../../../components/last-outputs";
import { VersionRecord } from "../../../components/version-record";
import type { GateOverride, VerifiedBackup, Versions } from "../../../components/versions";

const config = new Config();

const record = new VersionRecord("versions", {
  next: config.requireObject<Versions>("versions"),
  last: lastOutputs().versions,
  backup: config.getObject<VerifiedBackup>("backup"),
  overrides: config.getObject<GateOverride[]>("overrides") ?? [],
  now: new Date(config.require("now")),
});

export const versions = record.history;
