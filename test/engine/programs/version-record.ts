/**
 * Keeps records of versions as the platform does, one for each wish in the file WISHES, and beside each as many resources
 * as it says, which a change of versions replaces.
 */
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { ComponentResource, type Output, secret } from "@pulumi/pulumi";
import { RandomPet } from "@pulumi/random";
import { verifiedBackupReader } from "../../../components/drill-record";
import { lastOutputs } from "../../../components/last-versions";
import { parseSettings } from "../../../components/settings";
import { heldBackBy, VersionRecord } from "../../../components/version-record";
import type { GateOverride, VerifiedBackup, VersionHistory, Versions } from "../../../components/versions";
import { gke } from "../../unit/settings/valid-settings";

/** What a platform is to become. */
export interface Wish {
  versions: Versions;
  now: string;
  backup?: VerifiedBackup;
  /** Kubeconfig that leads to a cluster with a drill's record. Default: the backup is the one named here. */
  cluster?: string;
  overrides?: GateOverride[];
  /** Default 0. */
  pets?: number;
  /** How long it takes until the record can be made, milliseconds: what does not wait for it is there by then. Default 0. */
  late?: number;
}

const settings = parseSettings({ customer: "acme", cluster: gke(), parse: {}, backup: {} });
const outputs = lastOutputs();
const histories = outputs.apply(({ versions: known }) => known as unknown as Histories | undefined);

type Histories = Record<string, VersionHistory>;

class Platform extends ComponentResource {
  readonly history: Output<VersionHistory>;

  constructor(
    name: string,
    { versions, now, pets = 0, late = 0, overrides, backup, cluster }: Wish,
    histories: Output<Histories | undefined>,
  ) {
    const last = histories.apply(async (known) => {
      await sleep(late);
      return known?.[name];
    });
    let record: VersionRecord | undefined;
    super("test:index:Platform", name, {}, { transformations: [heldBackBy(() => record)] });
    const readVerifiedBackup = cluster === undefined ? () => backup : verifiedBackupReader(settings, outputs);
    const args = { next: versions, last, readVerifiedBackup, overrides, now: new Date(now) };
    record = new VersionRecord(name, args, { parent: this });
    this.history = record.history;
    for (let index = 0; index < pets; index++) {
      new RandomPet(`${name}-${index}`, { keepers: { ...versions } }, { parent: this });
    }
    this.registerOutputs({});
  }
}

const wishes = JSON.parse(readFileSync(process.env.WISHES ?? "", "utf8")) as Record<string, Wish>;

/** Goes into the outputs, from where the next run knows the way to the cluster. */
export const kubeconfig = secret(Object.values(wishes).find(({ cluster }) => cluster !== undefined)?.cluster);

export const versions = Object.fromEntries(
  Object.entries(wishes).map(([name, wish]) => [name, new Platform(name, wish, histories).history]),
);
