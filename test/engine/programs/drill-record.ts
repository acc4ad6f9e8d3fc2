/** Keeps the record of versions as the platform does, and looks for a verified backup where a drill leaves it. */
import { Config } from "@pulumi/pulumi";
import { verifiedBackupReader } from "../../../components/platform/drill-record";
import { lastOutputs } from "../../../components/platform/last-outputs";
import { VersionRecord } from "../../../components/platform/version-record";
import { parseSettings } from "../../../components/settings";
import { gke } from "../../support/settings/valid-settings";

const config = new Config();
const last = lastOutputs();
const settings = parseSettings({ customer: "acme", cluster: gke(), parse: {}, backup: {} });

/** Goes into the outputs, from where the next run knows the way to the cluster, and with it to the drill's record. */
export const kubeconfig = config.requireSecret("kubeconfig");

const record = new VersionRecord("versions", {
  next: { parse: config.require("parse") },
  last: last.versions,
  ...settings.policy,
  readVerifiedBackup: verifiedBackupReader(settings, last),
});

export const versions = record.after({ parse: config.require("parse") });
