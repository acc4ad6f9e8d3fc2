import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Ledger } from "./ledger";
import { withLock } from "./lock";

/** What a stand-in cloud can be asked to get wrong, or slow. */
export type FaultOperation = "create" | "update" | "delete" | "read";

/** One entry of `faults.json` in the ledger's folder. */
export interface Fault {
  /** The resource type's token; `*` is any. */
  type: string;
  /** The resource's name in the program or in the cloud. Default: any. */
  name?: string;
  operation: FaultOperation;
  /** The error that the user reads. Default: none, the operation is only slow. */
  error?: string;
  /** How long the operation takes, seconds. Default: 0. */
  delaySeconds?: number;
  /** How often it happens; the entry counts down and goes away. Default: always. */
  times?: number;
}

/** An operation that is about to happen. */
export interface Operation {
  type: string;
  /** The resource's name in the program and in the cloud, as far as they are known. */
  names: readonly string[];
  operation: FaultOperation;
}

/** Delays the operation and throws, if `faults.json` says so. */
export async function meetFaults(ledger: Ledger, operation: Operation): Promise<void> {
  const fault = await takeFault(ledger, operation);
  if (!fault) return;
  if (fault.delaySeconds) await sleep(fault.delaySeconds * 1000);
  if (fault.error !== undefined) throw new Error(fault.error);
}

async function takeFault(ledger: Ledger, operation: Operation): Promise<Fault | undefined> {
  if (readFaults(ledger).length === 0) return undefined;
  return withLock(ledger.file("lock"), () => {
    const faults = readFaults(ledger);
    const fault = faults.find((candidate) => fits(candidate, operation));
    if (fault?.times === undefined) return fault;
    const left = faults.flatMap((item) => (item === fault ? { ...item, times: (item.times ?? 1) - 1 } : item));
    ledger.replace(
      "faults.json",
      left.filter(({ times }) => times === undefined || times > 0),
    );
    return fault;
  });
}

function readFaults(ledger: Ledger): Fault[] {
  try {
    return JSON.parse(readFileSync(ledger.file("faults.json"), "utf8")) as Fault[];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw new Error(`${ledger.file("faults.json")} is no list of faults: ${(error as Error).message}`);
  }
}

function fits(fault: Fault, { type, names, operation }: Operation): boolean {
  const typeFits = fault.type === "*" || fault.type === type;
  return typeFits && fault.operation === operation && (fault.name === undefined || names.includes(fault.name));
}
