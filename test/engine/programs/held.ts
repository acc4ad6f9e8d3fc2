/** Creates one password, waits until the file `held` is gone, and creates another: time to kill the engine in between. */
import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { runtime } from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random";

const first = new RandomPassword("first", { length: 16 });
const released = first.id.apply(async (id) => {
  while (!runtime.isDryRun() && existsSync("held")) await sleep(100);
  return id;
});
const second = new RandomPassword("second", { length: 16, keepers: { first: released } });

export const results = [first.result, second.result];
