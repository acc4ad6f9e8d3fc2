import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

/** A guard against waiting for ever: on a busy machine what takes seconds may take minutes. */
export const PATIENCE_MILLISECONDS = 900_000;
const POLL_MILLISECONDS = 100;

/**
 * Waits until a condition holds; one that cannot be looked at does not hold.
 * @param explain what to say besides when it never does
 */
export async function until(
  what: string,
  condition: () => Promise<boolean>,
  explain: () => Promise<string> = async () => "",
): Promise<void> {
  const deadline = Date.now() + PATIENCE_MILLISECONDS;
  while (!(await condition().catch(() => false))) {
    if (Date.now() > deadline) assert.fail(`${what} did not come\n${await explain()}`);
    await sleep(POLL_MILLISECONDS);
  }
}
