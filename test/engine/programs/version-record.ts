/** Keeps the record of versions as the platform does: reads the last run's from the stack's own outputs. */
import { Config } from "@pulumi/pulumi";
import { verifiedBackupReader } from "../../../components/drill-record";
import { lastOutputs } from "../../../components/last-versions";
import { parseSettings } from "../../../components/settings";
import { VersionRecord } from "../../../components/version-record";
import type { GateOverride, VerifiedBackup, Versions } from "../../../components/versions";
import { gke } from "../../unit/settings/valid-settings";

const config = new Config();
const last = lastOutputs();
const settings = parseSettings({ customer: "acme", cluster: gke(), parse: {}, backup: {} });

/** Goes into the outputs, from where the next run knows the way to the cluster, and with it to the drill's record. */
export const kubeconfig = config.getSecret("kubeconfig");

const record = new VersionRecord("versions", {
  next: config.requireObject<Versions>("versions"),
  last: last.apply((outputs) => outputs.versions),
  readVerifiedBackup: kubeconfig
    ? verifiedBackupReader(settings, last)
    : () => config.getObject<VerifiedBackup>("backup"),
  overrides: config.getObject<GateOverride[]>("overrides") ?? [],
  now: new Date(config.require("now")),
});

export const versions = record.history;
