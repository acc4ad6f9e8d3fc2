import { readPrometheusBytes } from "../../grammars/prometheus-bytes";
import { readQuantity } from "../../grammars/quantity";
import type { Problem } from "../problems";
import type { Check } from "./check";
import { exactlyOne, repeatedNames } from "./rules";

/** Part of Prometheus' volume that retention by size may take; the rest is for the write-ahead log and compaction. */
const USABLE_SHARE = 0.9;

/** Receivers that the platform makes by itself. */
const RESERVED_RECEIVERS = ["nobody", "watchdog"];

function reservedName(index: number, name: string): Problem {
  return {
    path: ["monitoring", "receivers", index, "name"],
    given: `"${name}", which the platform uses itself`,
    allowed: `any name but ${RESERVED_RECEIVERS.join(" and ")}`,
    wayOut: "choose another; where the Watchdog is to be heard is onprem:monitoring.watchdogUrl",
  };
}

/** Receivers of one name or of a reserved one, half a mail login, more metrics than the volume holds. */
export const checkMonitoring: Check = ({ monitoring }) => {
  if (!monitoring) return [];
  const { receivers, retentionSize, storageSize } = monitoring;
  const problems = repeatedNames(receivers, ["monitoring", "receivers"]);
  for (const [index, receiver] of receivers.entries()) {
    if (RESERVED_RECEIVERS.includes(receiver.name)) problems.push(reservedName(index, receiver.name));
    if (receiver.kind !== "email") continue;
    const { username, password } = receiver;
    if ((username === undefined) === (password === undefined)) continue;
    problems.push(
      ...exactlyOne(["monitoring", "receivers", index], {}, ["username", "password"]).map((problem) => ({
        ...problem,
        given: username === undefined ? "a password without a username" : "a username without a password",
        allowed: "both or neither",
        wayOut: "set the other one too, or take this one out",
      })),
    );
  }
  const kept = readPrometheusBytes(`${retentionSize}B`).value ?? 0;
  if (kept > (readQuantity(storageSize).value ?? 0) * USABLE_SHARE) {
    problems.push({
      path: ["monitoring", "retentionSize"],
      given: `"${retentionSize}" on a volume of "${storageSize}"`,
      allowed: "at most nine tenths of onprem:monitoring.storageSize",
      wayOut: "lower it, or raise onprem:monitoring.storageSize",
      involves: [["monitoring", "storageSize"]],
    });
  }
  return problems;
};
