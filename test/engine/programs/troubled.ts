/** Counts how often it ran in this process, and goes wrong as it is told to: at once, or when much has been registered. */
import { setTimeout as sleep } from "node:timers/promises";
import { Config, log, output, RunError } from "@pulumi/pulumi";
import { RandomUuid } from "@pulumi/random";

const trouble = new Config("troubled").get("trouble");
if (trouble === "at once") throw new RunError("refused at once");

const refused = () =>
  sleep(300).then((): string => {
    throw new RunError("refused late");
  });
const kept = new RandomUuid("kept", { keepers: { value: trouble ? output(refused()) : "none" } });
if (trouble === "unheard") void log.info("looked at", kept);

let count = 0;
count += 1;
export const runs = count;
