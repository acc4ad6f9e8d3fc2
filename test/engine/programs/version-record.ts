/**
 * Keeps records of versions as the platform does, one for each wish in the file WISHES, and beside each, where it says so, a
 * resource for each part, which a change of the part's version updates or replaces.
 */
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import * as gcp from "@pulumi/gcp";
import { all, ComponentResource, type Output } from "@pulumi/pulumi";
import { RandomUuid } from "@pulumi/random";
import { lastOutputs } from "../../../components/platform/last-outputs";
import { heldBackBy, type RunningVersions, VersionRecord } from "../../../components/platform/version-record";
import type { GateOverride, VerifiedBackup, VersionHistory, Versions } from "../../../components/platform/versions";

/** What a platform is to become. */
export interface Wish {
  versions: Versions;
  now: string;
  backup?: VerifiedBackup;
  overrides?: GateOverride[];
  /**
   * What stands for each part: an identifier that another version replaces, or an address in the stand-in cloud that it
   * updates in place, and that can be made to fail. Default: nothing, and what is asked for counts as what runs.
   */
  parts?: "identifiers" | "addresses";
  /** How long it takes until the record can be made, milliseconds: what does not wait for it is there by then. Default 0. */
  late?: number;
}

type Histories = Record<string, VersionHistory>;

class Platform extends ComponentResource {
  readonly history: Output<VersionHistory>;

  constructor(
    private readonly name: string,
    wish: Wish,
    histories: Output<Histories | undefined>,
  ) {
    const { versions, now, backup, overrides = [], late = 0 } = wish;
    const last = histories.apply(async (known) => {
      await sleep(late);
      return known?.[name];
    });
    let record: VersionRecord | undefined;
    super("test:index:Platform", name, {}, { transformations: [heldBackBy(() => record)] });
    const args = { next: versions, last, overrides, maximumBackupAgeHours: 26, now: new Date(now) };
    record = new VersionRecord(name, { ...args, readVerifiedBackup: () => backup }, { parent: this });
    this.history = record.after(...this.running(wish));
    this.registerOutputs({});
  }

  private running({ versions, parts }: Wish): RunningVersions[] {
    if (!parts) return [versions];
    return Object.entries(versions).map(([part, version]) => {
      const place = `${this.name}-${part}`;
      if (parts === "identifiers") {
        const identifier = new RandomUuid(place, { keepers: { version } }, { parent: this });
        return { [part]: identifier.keepers.apply((keepers) => keepers?.version) };
      }
      const labels = { version };
      const address = new gcp.compute.Address(place, { name: place, region: "europe-west3", labels }, { parent: this });
      return {
        [part]: all([address.labels, address.selfLink]).apply(([known, made]) => (made ? known?.version : undefined)),
      };
    });
  }
}

const wishes = JSON.parse(readFileSync(process.env.WISHES ?? "", "utf8")) as Record<string, Wish>;
const histories = lastOutputs().versions as Output<unknown> as Output<Histories | undefined>;

export const versions = Object.fromEntries(
  Object.entries(wishes).map(([name, wish]) => [name, new Platform(name, wish, histories).history]),
);
