import { findChanges } from "../engine";
import { Application } from "../recovery/application";
import { Cluster } from "../recovery/cluster";
import { RecoveryError } from "../recovery/errors";
import type { ParseApi } from "../recovery/parse-api";
import type { RecoveryTarget } from "../recovery/target";
import { type FinishedBackup, Velero } from "../recovery/velero";
import { type Difference, describeDifferences, differencesOf, type Snapshot } from "./comparison";
import { extentOf, type Loss } from "./losses";
import { type Amounts, MarkedData } from "./marked-data";
import { leaveRecord, recordOf } from "./record";
import type { DrillResult, DrillStep, Recovery } from "./results";

/** What a drill is to do. */
export interface DrillOptions extends Amounts {
  /** One after the other, from one backup. */
  readonly losses: readonly Loss[];
  /** Told of each step as it starts. */
  readonly say: (line: string) => void;
  /** Ends the drill early; it cleans up all the same. */
  readonly signal: AbortSignal;
}

const NO_FILES = "files: the drill wrote none; PostgreSQL keeps none";

/** One drill: marked data, a backup, each loss with its restore and comparison, a record of it. */
export class Drill {
  private readonly cluster: Cluster;
  private readonly velero: Velero;
  private readonly application: Application;
  private readonly data: MarkedData;
  private readonly name: string;
  private readonly steps: DrillStep[] = [];
  private readonly recoveries: Recovery[] = [];
  private compared: DrillResult["compared"];
  private readonly undo: { what: string; run: (cluster: Cluster, velero: Velero) => Promise<void> }[] = [];
  private backup: FinishedBackup | undefined;
  /** Between a loss and the proof that nothing is lost, the backup is the only copy. */
  private onlyCopyOf: Loss | undefined;

  constructor(
    private readonly target: RecoveryTarget,
    private readonly options: DrillOptions,
  ) {
    this.cluster = new Cluster(target.kubeconfig, options.signal);
    this.velero = new Velero(this.cluster, target.velero, options.signal);
    this.application = new Application(this.cluster, target, target.namespace);
    this.name = `drill-${new Date().toISOString().replaceAll(/\D/g, "").slice(0, 14)}`;
    this.data = new MarkedData(this.name, options.users);
  }

  /** Runs it to its end, cleans up however it ends, and leaves a record unless somebody stopped it. */
  async run(): Promise<DrillResult> {
    const startedAt = new Date().toISOString();
    let reason: string | undefined;
    try {
      await this.prove();
    } catch (error) {
      const { aborted } = this.options.signal;
      reason = aborted ? "The drill was stopped." : error instanceof Error ? error.message : String(error);
    }
    const left = await this.cleanUp(reason === undefined);
    const result = this.result(startedAt, reason ?? left);
    const unrecorded = this.options.signal.aborted ? undefined : await this.record(result);
    this.cluster.close();
    return this.result(startedAt, result.reason ?? unrecorded);
  }

  private result(startedAt: string, reason: string | undefined): DrillResult {
    const { target, steps, backup, compared, recoveries, options } = this;
    return {
      stack: target.stack,
      startedAt,
      lost: options.losses,
      passed: reason === undefined,
      ...(reason === undefined ? {} : { reason }),
      steps,
      ...(backup ? { backup } : {}),
      ...(compared ? { compared } : {}),
      recoveries,
      notProven: compared?.files === 0 ? [NO_FILES] : [],
    };
  }

  private async prove(): Promise<void> {
    const { target, options, velero, name, application } = this;
    const files = (await application.keepsFiles()) ? options.files : 0;
    const amounts = `${options.objects} objects, ${options.users} users and ${files} files`;
    const before = await this.step(`write ${amounts}`, () => this.write(files));
    this.backup = await this.step("back up", async () => {
      this.undo.push({ what: "backup", run: (_, cleaner) => cleaner.deleteBackup(name) });
      return velero.backUp(name, target.schedule, target.namespace);
    });
    await this.step("write one object that the backup cannot have", () => this.writeLate());
    for (const loss of options.losses) await this.loseAndRestore(loss, before, files);
    if (options.losses.some((loss) => loss !== "nothing"))
      await this.step("pulumi preview finds nothing", () => this.expectNoChanges());
  }

  private async step<T>(name: string, run: () => Promise<T>): Promise<T> {
    this.options.signal.throwIfAborted();
    this.options.say(name);
    const started = Date.now();
    const seconds = () => (Date.now() - started) / 1000;
    try {
      const result = await run();
      this.steps.push({ name, seconds: seconds() });
      return result;
    } catch (error) {
      const failure = error instanceof Error ? error.message : String(error);
      this.steps.push({ name, seconds: seconds(), failure });
      throw error;
    }
  }

  private write(files: number): Promise<Snapshot> {
    this.undo.push({ what: "marked data", run: (cluster) => this.removeData(cluster) });
    return this.application.withParse(async (parse) => {
      await this.data.write(parse, { objects: this.options.objects, files });
      return this.snapshot(parse, this.target.namespace);
    });
  }

  /** A copy that has this object too is no copy: it reads the original's database. */
  private writeLate(): Promise<void> {
    return this.application.withParse((parse) => this.data.writeObjects(parse, 1));
  }

  private async snapshot(parse: ParseApi, namespace: string): Promise<Snapshot> {
    return { objects: await this.data.digests(parse), secrets: await this.cluster.secretDigests(namespace) };
  }

  private async loseAndRestore(loss: Loss, before: Snapshot, files: number): Promise<void> {
    const { target, velero } = this;
    const into = loss === "nothing" ? `${target.namespace}-drill` : target.namespace;
    const restored = new Application(this.cluster, target, into);
    await this.lose(loss, into);
    const lostAt = Date.now();
    // Lost objects are not in the way of a restore, but the database that they were in is.
    if (loss === "objects") await this.step("take the emptied database away", () => restored.removeDatabase());
    await this.step(`restore ${extentOf(loss)} ${into}`, async () => {
      const name = `${this.name}-${loss}`;
      this.undo.push({ what: "restore", run: (_, cleaner) => cleaner.deleteRestore(name) });
      const wish = { backup: this.name, application: target.namespace, extent: extentOf(loss) };
      const warning = await velero.restore(name, wish, into);
      if (warning) throw new RecoveryError(warning);
    });
    await this.step("wait until Parse Server is ready", () => this.cluster.ready(into));
    const after = await this.step("compare", () => this.compare(restored, before, files));
    const recoverySeconds = (after - lostAt) / 1000;
    const lostDataSeconds = (lostAt - Date.parse(this.backup?.startedAt ?? "")) / 1000;
    this.recoveries.push({ lost: loss, recoverySeconds, lostDataSeconds });
    this.onlyCopyOf = undefined;
  }

  private async lose(loss: Loss, into: string): Promise<void> {
    const { application, target } = this;
    if (loss === "nothing") return this.step(`see that there is no namespace ${into}`, () => this.requireNoCopy(into));
    if (loss !== "namespace") await application.requireDatabase();
    const remove = {
      namespace: () => this.cluster.deleteNamespace(target.namespace),
      volume: () => application.removeDatabase(),
      objects: () => this.removeObjects(),
    }[loss];
    await this.step(`lose ${loss}`, () => {
      this.onlyCopyOf = loss;
      return remove();
    });
  }

  private async removeObjects(): Promise<void> {
    await this.application.removeObjects();
    const left = await this.application.withParse((parse) => this.data.digests(parse));
    if (left.size > 0) throw new RecoveryError(`${left.size} marked objects are there after all were deleted.`);
  }

  private async requireNoCopy(into: string): Promise<void> {
    if ((await this.cluster.namespaceState(into)) !== "absent")
      throw new RecoveryError(
        `There is a namespace ${into} already: kubectl delete namespace ${into}, if it is a drill's.`,
      );
    this.undo.push({ what: `namespace ${into}`, run: (cluster) => cluster.deleteNamespace(into) });
  }

  /** @returns the moment at which the data were there, milliseconds */
  private compare(restored: Application, before: Snapshot, files: number): Promise<number> {
    return restored.withParse(async (parse) => {
      const after = await this.snapshot(parse, restored.namespace);
      const readAt = Date.now();
      const refused = await this.data.refusedLogins(parse);
      const logins = [...refused].map(
        ([name, said]): Difference => ({ what: "login", name: `${name}: ${said}`, problem: "refused" }),
      );
      const differences = [...differencesOf(before, after), ...logins];
      const { users } = this.options;
      const { objects, secrets } = before;
      this.compared = { objects: objects.size - files, users, files, secrets: secrets.size };
      if (differences.length > 0)
        throw new RecoveryError(`The restored data differ: ${describeDifferences(differences)}.`);
      return readAt;
    });
  }

  private async expectNoChanges(): Promise<void> {
    const changes = await findChanges(this.target.stack);
    if (changes) throw new RecoveryError(`pulumi preview finds differences after the restore:\n${changes}`);
  }

  private removeData(cluster: Cluster): Promise<void> {
    const application = new Application(cluster, this.target, this.target.namespace);
    return application.withParse((parse) => this.data.remove(parse));
  }

  /** @returns why there is no record */
  private async record(result: DrillResult): Promise<string | undefined> {
    const { target, options } = this;
    try {
      await leaveRecord(this.cluster, target.velero, recordOf(result, target.versions, new Date()));
      return undefined;
    } catch (error) {
      const problem = `The drill's record could not be left: ${(error as Error).message}`;
      options.say(problem);
      return problem;
    }
  }

  /** Takes away what the drill made, the last first; what it cannot is said. A proven backup stays. */
  private async cleanUp(passed: boolean): Promise<string | undefined> {
    this.options.say("clean up");
    const cluster = new Cluster(this.target.kubeconfig);
    const velero = new Velero(cluster, this.target.velero);
    const { onlyCopyOf, target } = this;
    const left: string[] = [];
    for (const { what, run } of this.undo.reverse()) {
      if (passed && what === "backup") continue;
      if (onlyCopyOf && !what.startsWith("namespace ")) continue;
      await run(cluster, velero).catch((error: Error) => left.push(`${what} (${error.message})`));
    }
    cluster.close();
    if (onlyCopyOf) {
      const only = onlyCopyOf === "namespace" ? "" : " --only database";
      this.options.say(
        `${target.namespace} is not proven to be whole. Its copy is the backup ${this.name}: npm run restore -- --stack ${target.stack} --from ${this.name}${only} --replace`,
      );
    }
    for (const what of left) this.options.say(`left behind: ${what}`);
    return left.length > 0 ? `The drill left behind: ${left.join("; ")}` : undefined;
  }
}
