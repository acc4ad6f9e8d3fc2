import { findChanges } from "../engine";
import { Application } from "../recovery/application";
import { type BackupSummary, choiceProblem } from "../recovery/backup-choice";
import type { Cluster } from "../recovery/cluster";
import { RecoveryError } from "../recovery/errors";
import type { ParseKeys } from "../recovery/parse-api";
import type { Extent } from "../recovery/restore-specification";
import type { RecoveryTarget } from "../recovery/target";
import { Velero } from "../recovery/velero";
import { describePlan, placeProblem } from "./plan";

/** What is to be restored, and how far one may go for it. */
export interface RestoreOptions {
  readonly from: string;
  readonly extent: Extent;
  /** Deletes the namespace that is there. */
  readonly replace: boolean;
  /** Takes a backup that is PartiallyFailed. */
  readonly takeIncomplete: boolean;
  /** Asks whether to go on. */
  readonly confirm: (plan: string) => Promise<boolean>;
  /** Told of each step as it starts, and of what was found. */
  readonly say: (line: string) => void;
}

/** What a restore found when it had ended. */
export interface RestoreReport {
  readonly seconds: number;
  /** What Velero warns of; the restore went on all the same. */
  readonly warning?: string;
  /** Class → number of objects. */
  readonly counts: Readonly<Record<string, number>>;
  /** Whether Parse Server has the keys that the stack's outputs name. */
  readonly keysOfStack: boolean;
  /** What `pulumi up` has to change; absent when nothing. */
  readonly changes?: string;
}

/** A restore for the real day: checked, shown, confirmed, done, looked at. */
export class ApplicationRestore {
  private readonly velero: Velero;
  private readonly application: Application;

  constructor(
    private readonly cluster: Cluster,
    private readonly target: RecoveryTarget,
    private readonly options: RestoreOptions,
  ) {
    this.velero = new Velero(cluster, target.velero);
    this.application = new Application(cluster, target, target.namespace);
  }

  /**
   * Runs it.
   * @returns nothing when it was not confirmed
   * @throws RecoveryError when it cannot begin (nothing is changed then), and when it did not succeed
   */
  async run(): Promise<RestoreReport | undefined> {
    const { target, options } = this;
    const backup = await this.choose();
    const replaces = await this.requirePlace();
    const plan = describePlan({ target, backup, extent: options.extent, replaces, now: new Date() });
    if (!(await options.confirm(plan))) return undefined;
    const started = Date.now();
    const warning = await this.bringBack(replaces);
    const seconds = (Date.now() - started) / 1000;
    return { seconds, ...(warning ? { warning } : {}), ...(await this.verify()) };
  }

  private async choose(): Promise<BackupSummary> {
    const { from, takeIncomplete } = this.options;
    const backups = await this.velero.backups();
    const problem = choiceProblem(from, this.target.namespace, backups, takeIncomplete);
    const chosen = backups.find(({ name }) => name === from);
    if (problem !== undefined || !chosen) throw new RecoveryError(problem ?? `There is no backup ${from}.`);
    await this.velero.requireLocation(chosen.location);
    return chosen;
  }

  private async requirePlace(): Promise<boolean> {
    const { target, options } = this;
    const state = await this.cluster.namespaceState(target.namespace);
    const problem = placeProblem(target, options.extent, state, options.replace);
    if (problem) throw new RecoveryError(problem);
    if (options.extent === "database") await this.application.requireDatabase();
    return options.extent === "namespace" && state === "present";
  }

  /** @returns what Velero warns of */
  private async bringBack(replaces: boolean): Promise<string | undefined> {
    const { cluster, target, options } = this;
    const { extent, from, say } = options;
    if (replaces) {
      say(`delete namespace ${target.namespace}`);
      await cluster.deleteNamespace(target.namespace);
    }
    if (extent === "database") {
      say("delete the database with its volumes");
      await this.application.removeDatabase();
    }
    const name = `restore-${new Date().toISOString().replaceAll(/\D/g, "").slice(0, 14)}`;
    say(`restore from ${from} (Velero's Restore ${name})`);
    const warning = await this.velero.restore(name, { backup: from, application: target.namespace, extent });
    say("wait until Parse Server is ready");
    await cluster.ready(target.namespace);
    return warning;
  }

  private async verify(): Promise<Omit<RestoreReport, "seconds" | "warning">> {
    const { target, options, application } = this;
    options.say("ask Parse Server");
    const keys = await application.keys();
    const counts = await application.withParse(async (parse) => {
      const { status } = await parse.call("GET", "/health");
      if (status !== "ok") throw new RecoveryError(`Parse Server says of its health: ${status}`);
      const classes = await parse.classes();
      const entries = [];
      for (const name of classes) entries.push([name, await parse.count(name)] as const);
      return Object.fromEntries(entries);
    });
    options.say("pulumi preview");
    const changes = await findChanges(target.stack);
    return { counts, keysOfStack: sameKeys(keys, target), ...(changes ? { changes } : {}) };
  }
}

function sameKeys(one: ParseKeys, other: ParseKeys): boolean {
  return one.applicationId === other.applicationId && one.masterKey === other.masterKey;
}

/** The end of a restore, for people. Pure. */
export function describeReport(report: RestoreReport, stack: string): string {
  const { seconds, warning, counts, keysOfStack, changes } = report;
  const objects = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const classes = Object.entries(counts).map(([name, count]) => `${name} ${count}`);
  return [
    ...(warning ? [`CAREFUL: ${warning}`] : []),
    `Restored in ${seconds.toFixed(1)} s. Parse Server is healthy and has ${objects} objects: ${classes.join(", ") || "no class"}.`,
    keysOfStack
      ? "Its keys are those of the stack's outputs."
      : "Its keys are those of the backup, which clients know; the stack's outputs name others, because its state is a new one: docs/restore.md, A state that was lost.",
    changes
      ? `pulumi up --stack ${stack} has something to change:\n${changes}`
      : `pulumi up --stack ${stack} has nothing to change.`,
  ].join("\n");
}
