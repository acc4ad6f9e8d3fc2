import { execa } from "execa";
import { Cluster, type ForwardedPort } from "./cluster.js";
import { type Difference, describeDifferences, differencesOf, type Snapshot } from "./comparison.js";
import { DrillError } from "./errors.js";
import { MarkedData, type ParseAccess } from "./marked-data.js";
import type { DrillResult, DrillStep } from "./results.js";
import type { DrillTarget } from "./target.js";
import { type FinishedBackup, Velero } from "./velero.js";

/** What a drill is to do. */
export interface DrillOptions {
  readonly lose: DrillResult["lost"];
  readonly objects: number;
  readonly users: number;
  /** Told of each step as it starts. */
  readonly say: (line: string) => void;
  /** Ends the drill early; it cleans up all the same. */
  readonly signal: AbortSignal;
}

const NOT_PROVEN = ["files: the drill writes none; PostgreSQL keeps none"];

/** One drill: marked data, a backup, the loss, the restore, the comparison. */
export class Drill {
  private readonly cluster: Cluster;
  private readonly velero: Velero;
  private readonly data: MarkedData;
  private readonly name: string;
  private readonly into: string;
  private readonly steps: DrillStep[] = [];
  private readonly found: Partial<
    Record<"objects" | "users" | "secrets" | "recoverySeconds" | "lostDataSeconds", number>
  > = {};
  private readonly undo: { what: string; run: (cluster: Cluster, velero: Velero) => Promise<void> }[] = [];
  private backup: FinishedBackup | undefined;
  /** Between the loss and the proof that nothing is lost, the backup is the only copy. */
  private onlyCopy = false;

  constructor(
    private readonly target: DrillTarget,
    private readonly options: DrillOptions,
  ) {
    this.cluster = new Cluster(target.kubeconfig, options.signal);
    this.velero = new Velero(this.cluster, target.velero, options.signal);
    this.name = `drill-${new Date().toISOString().replaceAll(/\D/g, "").slice(0, 14)}`;
    this.data = new MarkedData(this.name, options.users);
    this.into = options.lose === "namespace" ? target.namespace : `${target.namespace}-drill`;
  }

  /** Runs it to its end, and cleans up however it ends. */
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
    reason ??= left;
    const { target, steps, backup, found } = this;
    return {
      stack: target.stack,
      startedAt,
      lost: this.options.lose,
      passed: reason === undefined,
      ...(reason === undefined ? {} : { reason }),
      steps,
      ...(backup ? { backup } : {}),
      ...found,
      notProven: NOT_PROVEN,
    };
  }

  private async prove(): Promise<void> {
    const { target, options, velero, name } = this;
    const before = await this.step(`write ${options.objects} objects and ${options.users} users`, () => this.write());
    this.backup = await this.step("back up", async () => {
      this.undo.push({ what: "backup", run: (_, cleaner) => cleaner.deleteBackup(name) });
      return velero.backUp(name, target.schedule, target.namespace);
    });
    await this.step("write one object that the backup cannot have", () => this.writeLate());
    if (options.lose === "namespace") await this.step(`delete namespace ${target.namespace}`, () => this.lose());
    else await this.step(`see that there is no namespace ${this.into}`, () => this.requireNoCopy());
    const lostAt = Date.now();
    await this.step(`restore into ${this.into}`, async () => {
      this.undo.push({ what: "restore", run: (_, cleaner) => cleaner.deleteRestore(name) });
      await velero.restore(name, name, target.namespace, this.into);
    });
    await this.step("wait until Parse Server is ready", () => this.cluster.ready(this.into));
    await this.step("compare", () => this.compare(before, lostAt));
    this.onlyCopy = false;
    if (options.lose === "namespace") await this.step("pulumi preview finds nothing", () => this.expectNoChanges());
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

  private write(): Promise<Snapshot> {
    this.undo.push({ what: "marked data", run: (cluster) => this.removeData(cluster) });
    return this.withParse(this.cluster, this.target.namespace, async (parse) => {
      await this.data.write(parse, this.options.objects);
      return this.snapshot(parse, this.target.namespace);
    });
  }

  /** A copy that has this object too is no copy: it reads the original's database. */
  private writeLate(): Promise<void> {
    return this.withParse(this.cluster, this.target.namespace, (parse) => this.data.writeObjects(parse, 1));
  }

  private async snapshot(parse: ParseAccess, namespace: string): Promise<Snapshot> {
    return { objects: await this.data.digests(parse), secrets: await this.cluster.secretDigests(namespace) };
  }

  private async lose(): Promise<void> {
    this.onlyCopy = true;
    await this.cluster.deleteNamespace(this.target.namespace);
  }

  private async requireNoCopy(): Promise<void> {
    if (await this.cluster.namespaceExists(this.into))
      throw new DrillError(
        `There is a namespace ${this.into} already: kubectl delete namespace ${this.into}, if it is a drill's.`,
      );
    this.undo.push({ what: `namespace ${this.into}`, run: (cluster) => cluster.deleteNamespace(this.into) });
  }

  private compare(before: Snapshot, lostAt: number): Promise<void> {
    return this.withParse(this.cluster, this.into, async (parse) => {
      const after = await this.snapshot(parse, this.into);
      this.found.recoverySeconds = (Date.now() - lostAt) / 1000;
      this.found.lostDataSeconds = (lostAt - Date.parse(this.backup?.startedAt ?? "")) / 1000;
      const refused = await this.data.refusedLogins(parse);
      const logins = refused.map((name): Difference => ({ what: "login", name, problem: "refused" }));
      const differences = [...differencesOf(before, after), ...logins];
      this.found.objects = before.objects.size;
      this.found.users = this.options.users;
      this.found.secrets = before.secrets.size;
      if (differences.length > 0)
        throw new DrillError(`The restored data differ: ${describeDifferences(differences)}.`);
    });
  }

  private async expectNoChanges(): Promise<void> {
    const args = [
      "preview",
      "--stack",
      this.target.stack,
      "--expect-no-changes",
      "--diff",
      "--non-interactive",
      "--color",
      "never",
    ];
    const { exitCode, all } = await execa("pulumi", args, { reject: false, all: true });
    if (exitCode !== 0) throw new DrillError(`pulumi preview finds differences after the restore:\n${all}`);
  }

  private async withParse<T>(cluster: Cluster, namespace: string, use: (parse: ParseAccess) => Promise<T>): Promise<T> {
    const { service, mountPath, applicationId, masterKey } = this.target;
    const forwarded: ForwardedPort = await cluster.forward(namespace, service);
    try {
      return await use({ url: `http://127.0.0.1:${forwarded.port}${mountPath}`, mountPath, applicationId, masterKey });
    } finally {
      await forwarded.close();
    }
  }

  private removeData(cluster: Cluster): Promise<void> {
    return this.withParse(cluster, this.target.namespace, (parse) => this.data.remove(parse));
  }

  /** Takes away what the drill made, the last first; what it cannot is said. A proven backup stays. */
  private async cleanUp(passed: boolean): Promise<string | undefined> {
    this.options.say("clean up");
    const cluster = new Cluster(this.target.kubeconfig);
    const velero = new Velero(cluster, this.target.velero);
    const left: string[] = [];
    for (const { what, run } of this.undo.reverse()) {
      if (what === "backup" && (passed || this.onlyCopy)) continue;
      if (this.onlyCopy && what !== "backup") continue;
      await run(cluster, velero).catch((error: Error) => left.push(`${what} (${error.message})`));
    }
    cluster.close();
    this.cluster.close();
    if (this.onlyCopy)
      this.options.say(
        `The namespace ${this.target.namespace} is not proven to be whole. Its copy is the backup ${this.name}: velero restore create --from-backup ${this.name} --namespace ${this.target.velero}`,
      );
    for (const what of left) this.options.say(`left behind: ${what}`);
    return left.length > 0 ? `The drill left behind: ${left.join("; ")}` : undefined;
  }
}
