/**
 * Keeps records of versions as the platform does, one for each wish in the file WISHES, and beside each as many resources
 * as it says, which a change of versions replaces.
 */
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { ComponentResource, type Output } from "@pulumi/pulumi";
import { RandomUuid } from "@pulumi/random";
import { lastOutputs } from "../../../components/platform/last-outputs";
import { heldBackBy, VersionRecord } from "../../../components/platform/version-record";
import type { GateOverride, VerifiedBackup, VersionHistory, Versions } from "../../../components/platform/versions";

/** What a platform is to become. */
export interface Wish {
  versions: Versions;
  now: string;
  backup?: VerifiedBackup;
  overrides?: GateOverride[];
  /** Default 0. */
  identifiers?: number;
  /** How long it takes until the record can be made, milliseconds: what does not wait for it is there by then. Default 0. */
  late?: number;
}

type Histories = Record<string, VersionHistory>;

class Platform extends ComponentResource {
  readonly history: Output<VersionHistory>;

  constructor(
    name: string,
    { versions, now, backup, overrides = [], identifiers = 0, late = 0 }: Wish,
    histories: Output<Histories | undefined>,
  ) {
    const last = histories.apply(async (known) => {
      await sleep(late);
      return known?.[name];
    });
    let record: VersionRecord | undefined;
    super("test:index:Platform", name, {}, { transformations: [heldBackBy(() => record)] });
    const args = { next: versions, last, overrides, maximumBackupAgeHours: 26, now: new Date(now) };
    record = new VersionRecord(name, { ...args, readVerifiedBackup: () => backup }, { parent: this });
    this.history = record.history;
    for (let index = 0; index < identifiers; index++) {
      new RandomUuid(`${name}-${index}`, { keepers: { ...versions } }, { parent: this });
    }
    this.registerOutputs({});
  }
}

const wishes = JSON.parse(readFileSync(process.env.WISHES ?? "", "utf8")) as Record<string, Wish>;
const histories = lastOutputs().versions as Output<unknown> as Output<Histories | undefined>;

export const versions = Object.fromEntries(
  Object.entries(wishes).map(([name, wish]) => [name, new Platform(name, wish, histories).history]),
);
