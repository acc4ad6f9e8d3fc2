/**
 * Keeps records of versions as the platform does, one for each wish in the file WISHES, and beside each as many resources
 * as it says, which a change of versions replaces.
 */
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { ComponentResource, type Input, type Output } from "@pulumi/pulumi";
import { RandomPet } from "@pulumi/random";
import { lastVersions } from "../../../components/last-versions";
import { heldBackBy, VersionRecord } from "../../../components/version-record";
import type { GateOverride, VerifiedBackup, VersionHistory, Versions } from "../../../components/versions";

/** What a platform is to become. */
export interface Wish {
  versions: Versions;
  now: string;
  backup?: VerifiedBackup;
  overrides?: GateOverride[];
  /** Default 0. */
  pets?: number;
}

type Histories = Record<string, VersionHistory>;

class Platform extends ComponentResource {
  readonly history: Output<VersionHistory>;

  constructor(name: string, { versions, now, pets = 0, ...more }: Wish, last: Input<VersionHistory | undefined>) {
    let record: VersionRecord | undefined;
    super("test:index:Platform", name, {}, { transformations: [heldBackBy(() => record)] });
    record = new VersionRecord(name, { ...more, next: versions, last, now: new Date(now) }, { parent: this });
    this.history = record.history;
    for (let index = 0; index < pets; index++) {
      new RandomPet(`${name}-${index}`, { keepers: { ...versions } }, { parent: this });
    }
    this.registerOutputs({});
  }
}

const wishes = JSON.parse(readFileSync(process.env.WISHES ?? "", "utf8")) as Record<string, Wish>;
// Late, so that whatever does not wait for a record is there before it.
const last = (lastVersions() as Output<unknown>).apply(async (histories) => {
  await sleep(300);
  return histories as Histories | undefined;
});

export const versions = Object.fromEntries(
  Object.entries(wishes).map(([name, wish]) => [
    name,
    new Platform(
      name,
      wish,
      last.apply((histories) => histories?.[name]),
    ).history,
  ]),
);
