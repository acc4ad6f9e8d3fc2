import { once } from "node:events";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { Outcome, Task } from "./worker";

/** A worker that loads settings, begun anew after each hang. */
export class SettingsThread {
  private worker: Worker | undefined;

  /** @param folder where the worker puts its files */
  constructor(private readonly folder: string) {}

  /**
   * What came of a task; `undefined` when nothing did in time. Then the worker is ended.
   * @param milliseconds how long it may take
   */
  async run(task: Task, milliseconds: number): Promise<Outcome | undefined> {
    const worker = await this.ready();
    worker.postMessage(task);
    const late = AbortSignal.timeout(milliseconds);
    try {
      const [outcome] = (await once(worker, "message", { signal: late })) as [Outcome];
      return outcome;
    } catch (error) {
      await this.stop();
      if (late.aborted) return undefined;
      throw error;
    }
  }

  /** Ends the worker. */
  async stop(): Promise<void> {
    await this.worker?.terminate();
    this.worker = undefined;
  }

  private async ready(): Promise<Worker> {
    if (this.worker) return this.worker;
    const worker = new Worker(join(__dirname, "worker.js"), {
      workerData: { folder: this.folder },
      stdout: true,
      stderr: true,
    });
    await once(worker, "message");
    this.worker = worker;
    return worker;
  }
}
