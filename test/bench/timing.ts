import assert from "node:assert/strict";
import type { LabStack } from "../support/lab/lab-stack";

/** How often each operation is timed. */
export const rounds = Number(process.env.ONPREM_BENCH_ROUNDS ?? 3);

/** Runs work, and says how long it took, in seconds. */
export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const started = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - started) / 1e9;
}

/** The middle of the values; of an even number, the higher of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Prints a row of a table. */
export function row(cells: readonly string[]): void {
  console.log(cells.map((cell, i) => (i ? cell.padStart(16) : cell.padEnd(20))).join(""));
}

/** Seconds as a table shows them. */
export const shown = (value: number): string => `${value.toFixed(2)} s`;

/** Runs an engine command as a customer does, with nothing that tests leave out; it must end well. */
export async function asUser(stack: LabStack, ...args: readonly string[]): Promise<void> {
  const { exitCode, all } = await stack.start(...args);
  assert.equal(exitCode, 0, `pulumi ${args.join(" ")} ended with ${exitCode}:\n${all}`);
}
