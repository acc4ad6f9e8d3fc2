import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

/** A guard against waiting for ever: on a busy machine what takes seconds may take minutes. */
const PATIENCE_MILLISECONDS = 900_000;

interface Waiting {
  /** What to say besides when nothing came. Default: nothing. */
  readonly explain?: () => Promise<string>;
  /** Pause between two looks. Default: 250. */
  readonly pollMilliseconds?: number;
}

/** Waits until a look finds something; a look that fails finds nothing. */
export async function found<T>(
  what: string,
  look: () => Promise<T | undefined>,
  { explain = async () => "", pollMilliseconds = 250 }: Waiting = {},
): Promise<T> {
  const deadline = Date.now() + PATIENCE_MILLISECONDS;
  for (;;) {
    const thing = await look().catch(() => undefined);
    if (thing !== undefined) return thing;
    if (Date.now() > deadline) assert.fail(`${what} did not come\n${await explain()}`);
    await sleep(pollMilliseconds);
  }
}

/** Waits until a condition holds; see {@link found}. */
export async function until(what: string, condition: () => Promise<boolean>, waiting?: Waiting): Promise<void> {
  await found(what, async () => (await condition()) || undefined, waiting);
}

/** Waits until nothing is missing of what should be there; otherwise fails with what is. */
export async function untilNothingIsMissing(look: () => Promise<string[]>): Promise<void> {
  let missing: string[] = [];
  const complete = async () => {
    missing = await look().catch((error: Error) => [error.message]);
    return missing.length === 0;
  };
  await until("What is missing", complete, { explain: async () => missing.join("\n"), pollMilliseconds: 1000 });
}
