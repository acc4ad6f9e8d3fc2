import { readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { cached, cachePath, isCached, keyOf } from "../cache.js";
import { seldomCollection } from "../garbage-collection.js";
import { projectRoot } from "../layout.js";
import type { PartName } from "../parts.js";
import { fetchPrebuilt, prebuiltPrograms } from "../prebuilt/prebuilt.js";
import type { Step } from "../steps.js";
import { type Build, programs } from "./programs.js";

/** Versions that a program's own build would stamp into it; without them clients cannot read what they talk to. */
const stamps: Readonly<Record<string, string>> = {
  "k8s.io/component-base/version.gitVersion": "v1.34.4",
  "k8s.io/component-base/version.gitMajor": "1",
  "k8s.io/component-base/version.gitMinor": "34",
  "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": "v3.274.1",
};

const kindOf = (part: PartName) => (part === "core" ? "programs" : `programs-${part}`);
const toolchainFolder = join(projectRoot, "lab", "toolchain");
const flagsFor = (further: Readonly<Record<string, string>> = {}) => [
  "-gcflags=all=-dwarf=false",
  `-ldflags=-s -w ${Object.entries({ ...stamps, ...further })
    .map(([name, value]) => `-X ${name}=${value}`)
    .join(" ")}`,
];
const environment = { CGO_ENABLED: "0", ...seldomCollection, GOFLAGS: "-buildvcs=false", GOTOOLCHAIN: "local" };

function keyFor(part: PartName): string {
  const builds = programs[part];
  const sources = [...new Set(builds.map((build) => join(toolchainFolder, build.module)))]
    .flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return keyOf(...flagsFor(), JSON.stringify(builds), ...sources.map((file) => readFileSync(file)));
}

/**
 * The folder of a part's programs, compiled or from their publishers, and whether it is there.
 * @param part whose programs; default: the core's
 */
export function builtPrograms(part: PartName = "core"): { folder: string; present: boolean } {
  return prebuiltPrograms(part) ?? compiledPrograms(part);
}

/** The folder of a part's compiled programs, and whether it is there. */
export function compiledPrograms(part: PartName): { folder: string; present: boolean } {
  const pinnedBy = keyFor(part);
  return { folder: cachePath(kindOf(part), pinnedBy), present: isCached(kindOf(part), pinnedBy) };
}

/**
 * Fetches a part's programs from their publishers or compiles them, or finds them in the cache.
 * @returns the folder of the binaries
 */
export async function buildPrograms(step: Step, part: PartName): Promise<string> {
  return (await fetchPrebuilt(step, part, compiledPrograms(part).present)) ?? compilePrograms(step, part);
}

function compilePrograms(step: Step, part: PartName): Promise<string> {
  const builds = programs[part];
  return cached(kindOf(part), keyFor(part), async (folder) => {
    for (const [index, build] of builds.entries()) {
      await buildTogether(step, `part ${index + 1} of ${builds.length}`, build, folder);
      for (const [name, target] of Object.entries(build.links ?? {})) symlinkSync(target, join(folder, name));
    }
  });
}

async function buildTogether(step: Step, part: string, build: Build, folder: string): Promise<void> {
  const cwd = join(toolchainFolder, build.module);
  const tags = build.tags ? [`-tags=${build.tags.join(",")}`] : [];
  step.progress(`${part}: downloading Go modules`);
  const list = await step.run("go", ["list", "-deps", ...tags, ...build.packages], { cwd, env: environment });
  const total = list.split("\n").length;
  const started = Date.now();
  let compiled = 0;
  let shown = 0;
  await step.run("go", ["build", "-v", ...flagsFor(build.stamps), ...tags, "-o", `${folder}/`, ...build.packages], {
    cwd,
    env: environment,
    onErrorLine: () => {
      compiled += 1;
      if (Date.now() - shown < progressMilliseconds) return;
      shown = Date.now();
      const minutes = ((shown - started) / 60_000).toFixed(1);
      step.progress(`${part}: compiled ${compiled} of at most ${total} packages in ${minutes} min`);
    },
  });
}

const progressMilliseconds = 10_000;
