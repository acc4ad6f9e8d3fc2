import * as pulumi from "@pulumi/pulumi";
import { knownOr } from "../kubernetes/known-output";
import {
  type GateOverride,
  record,
  recordAfter,
  sameVersions,
  type VerifiedBackup,
  type VersionHistory,
  type Versions,
} from "./versions";

/** Finds the newest backup that a drill has verified with the deployed versions; nothing where there is none. */
export type ReadVerifiedBackup = (deployed: Versions) => pulumi.Input<VerifiedBackup | undefined>;

/** Versions that parts have after a run, as their own resources say it. */
export type RunningVersions = { readonly [Part in keyof Versions]?: pulumi.Input<string | undefined> };

/** Arguments of {@link VersionRecord}. */
export interface VersionRecordArgs {
  /** What the settings ask for. */
  readonly next: Versions;
  /** The stack's output `versions` as the last run left it; nothing on the first run. */
  readonly last: pulumi.Input<VersionHistory | undefined>;
  /** Called for a verified backup when the versions change, and not otherwise. Absent: there is none. */
  readonly readVerifiedBackup: ReadVerifiedBackup | undefined;
  /** Upgrade gates that the settings open. */
  readonly overrides: readonly GateOverride[];
  /** How old a verified backup may be for an upgrade, hours. */
  readonly maximumBackupAgeHours: number;
  /** The present. Absent: the clock's. */
  readonly now?: Date;
}

/**
 * Tells the upgrade gates the versions before and after the run: policies see a component's inputs before anything that
 * depends on it is changed. Makes no resources.
 *
 * @example
 * const record = new VersionRecord("versions", { next: versionsOf(settings), last: lastOutputs().versions, ... });
 * const parse = new ParseServer(…);
 * export const versions = record.after(parse.running);
 */
export class VersionRecord extends pulumi.ComponentResource {
  /** For `dependsOn`: an empty list that is known only once no gate has refused the change. */
  readonly passed: pulumi.Output<pulumi.Resource[]>;

  private readonly decided: pulumi.Output<VersionHistory>;
  private readonly last: pulumi.Output<VersionHistory | undefined>;

  constructor(name: string, args: VersionRecordArgs, opts?: pulumi.ComponentResourceOptions) {
    const backup = pulumi.output(args.last).apply((last) => verifiedBackup(args, last));
    const history = pulumi
      .all([args.last, backup])
      .apply(([last, verified]) =>
        record(args.next, last, { now: args.now ?? new Date(), backup: verified, overrides: args.overrides }),
      );
    const inputs = {
      from: history.previous,
      to: history.current,
      changedAt: history.changedAt,
      backup: history.backup,
      overrides: history.overrides,
      maximumBackupAgeHours: args.maximumBackupAgeHours,
    };
    super("onprem:platform:VersionRecord", name, inputs, opts);
    // A refused component gets no URN: without this, the engine would keep the refused versions as deployed ones.
    this.decided = pulumi.all([history, this.urn]).apply(([known]) => known);
    this.last = pulumi.output(args.last);
    this.passed = this.urn.apply(() => []);
    this.registerOutputs({});
  }

  /**
   * What the run leaves on record, for the stack's output `versions`, which the next run reads. Known only once no gate
   * has refused the change, and every part's resource has been updated or left as it is.
   * @param running versions of parts, from the outputs of the parts' own resources; `undefined`, or absent, for a part of
   *   which this run can say nothing. What one argument does not know takes nothing from what the others do
   */
  after(...running: readonly pulumi.Input<RunningVersions>[]): pulumi.Output<VersionHistory> {
    const known = running.map((versions) => knownOr(pulumi.output(versions), {}));
    return pulumi
      .all([this.decided, this.last, pulumi.all(known)])
      .apply(([decided, last, parts]) => recordAfter(decided, last, Object.assign({}, ...parts)));
  }
}

/**
 * Holds back everything in a component until the record has passed the gates. An update without a preview registers
 * resources side by side, and the engine refuses the record alone: what is registered by then would be changed. Nothing of
 * this stands in the state, since a component is no dependency there.
 * @param record `undefined` as long as the record itself is made
 */
export function heldBackBy(record: () => VersionRecord | undefined): pulumi.ResourceTransformation {
  return ({ props, opts }) => {
    const passed = record()?.passed;
    if (!passed) return undefined;
    const { dependsOn } = pulumi.mergeOptions({ dependsOn: opts.dependsOn }, { dependsOn: passed });
    return { props, opts: { ...opts, dependsOn } };
  };
}

function verifiedBackup(
  { next, readVerifiedBackup }: VersionRecordArgs,
  last: VersionHistory | undefined,
): pulumi.Input<VerifiedBackup | undefined> {
  return last && !sameVersions(next, last.current) ? readVerifiedBackup?.(last.current) : undefined;
}
