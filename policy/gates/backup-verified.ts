import { changedParts } from "../../components/platform/versions";
import { defineGate } from "./definition";

const MILLISECONDS_AN_HOUR = 3_600_000;

/** Nothing is upgraded that could not be brought back. */
export const backupVerified = defineGate({
  name: "backup-verified",
  description: "In production, an upgrade needs a fresh backup that a drill has restored and compared.",
  severity: "critical",
  link: "https://velero.io/docs/main/restore-reference/",
  remedy: "Run the drill, which makes a backup and proves it, and start the upgrade within the hours allowed.",
  evaluate({ from, to, at, backup, maximumBackupAgeHours, production }) {
    // Of a part that was not there, nothing can be lost.
    const changed = from ? changedParts(from, to).filter((part) => from[part] !== undefined) : [];
    if (!from || !production || changed.length === 0) return [];
    const changes = changed.map((part) => `${part} ${from[part]} → ${to[part] ?? "none"}`).join(", ");
    const fix = "run the restore drill, then the upgrade (docs/gates.md)";
    if (!backup) return [{ property: "backup", problem: `is missing: no drill has verified one (${changes})`, fix }];
    const hours = (at.getTime() - Date.parse(backup.completedAt)) / MILLISECONDS_AN_HOUR;
    // A clock that is ahead by less than an hour is no reason; the change's time is in whole hours.
    if (hours <= maximumBackupAgeHours && hours > -1.5) return [];
    const age = hours < 0 ? "lies in the future" : `is ${Math.floor(hours)} hours old`;
    const problem = `${backup.name} ${age}, allowed are ${maximumBackupAgeHours} (${changes})`;
    return [{ property: "backup.completedAt", problem, fix }];
  },
});
