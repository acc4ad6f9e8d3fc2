/** Keeps the record of versions as the platform does, and looks for a verified backup where a drill leaves it. */
import { Config } from "@pulumi/pulumi";
import { verifiedBackupReader } from "../../../components/drill-record";
import { lastOutputs } from "../../../components/last-outputs";
import { parseSettings } from "../../../components/settings";
import { VersionRecord } from "../../../components/version-record";
import { gke } from "../../unit/settings/valid-settings";

const config = new Config();
const last = lastOutputs();
const settings = parseSettings({ customer: "acme", cluster: gke(), parse: {}, backup: {} });

/** Goes into the outputs, from where the next run knows the way to the cluster, and with it to the drill's record. */
export const kubeconfig = config.requireSecret("kubeconfig");

const record = new VersionRecord("versions", {
  next: { parse: config.require("parse") },
  last: last.versions,
  readVerifiedBackup: verifiedBackupReader(settings, last),
});

export const versions = record.history;
