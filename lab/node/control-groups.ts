import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { controlGroup } from "../layout";

const mount = "/sys/fs/cgroup";

/** The lab's control group in each hierarchy: one a controller (v1), or the only one (v2). */
function groups(): string[] {
  if (existsSync(join(mount, "cgroup.controllers"))) return [join(mount, controlGroup)];
  return readdirSync(mount, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(mount, entry.name, controlGroup));
}

/** Makes the parent of every pod's control group. */
export function ensureControlGroups(): void {
  for (const group of groups()) {
    mkdirSync(group, { recursive: true });
    for (const file of ["cpuset.mems", "cpuset.cpus"]) {
      const own = join(group, file);
      if (!existsSync(own) || readFileSync(own, "utf8").trim() !== "") continue;
      const inherited = readFileSync(join(group, "..", file), "utf8").trim();
      if (inherited !== "") writeFileSync(own, inherited);
    }
  }
}

function subgroups(group: string): string[] {
  if (!existsSync(group)) return [];
  const children = readdirSync(group, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [...children.flatMap((entry) => subgroups(join(group, entry.name))), group];
}

/** The processes of all pods. */
export function podProcesses(): number[] {
  const pids = new Set<number>();
  for (const group of groups().flatMap(subgroups)) {
    try {
      for (const line of readFileSync(join(group, "cgroup.procs"), "utf8").split("\n")) {
        if (line !== "") pids.add(Number(line));
      }
    } catch {
      // The group went away while it was read.
    }
  }
  return [...pids];
}

/** Removes the lab's control groups; a group that is still in use stays. */
export function removeControlGroups(): void {
  for (const group of groups().flatMap(subgroups)) {
    try {
      rmdirSync(group);
    } catch {
      // Still in use, or gone.
    }
  }
}
