import { readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { cached, cachePath, isCached, keyOf } from "../cache.js";
import { projectRoot } from "../layout.js";
import type { Step } from "../steps.js";

/** Programs that one call of the compiler builds. */
interface Build {
  /** Folder of the Go module, under lab/toolchain. */
  readonly module: string;
  /** Go packages, or folders of the module; each gives a binary with the last part of its name. */
  readonly packages: readonly string[];
}

/** Versions that a program's own build would stamp into it; without them clients cannot read what they talk to. */
const stamps: Readonly<Record<string, string>> = {
  "k8s.io/component-base/version.gitVersion": "v1.34.4",
  "k8s.io/component-base/version.gitMajor": "1",
  "k8s.io/component-base/version.gitMinor": "34",
  "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": "v3.274.1",
};

/** See docs/decisions/0001-go-modules-of-the-toolchain.md for what is built with what. */
const builds: readonly Build[] = [
  {
    module: "core",
    packages: ["./kubernetes", "./coredns", "./pulumi-resource-kubernetes", "helm.sh/helm/v3/cmd/helm"],
  },
  { module: "core", packages: ["github.com/rancher/local-path-provisioner"] },
  { module: "engine", packages: ["github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"] },
];

/** Names under which the one Kubernetes binary is started. */
const kubernetesPrograms = [
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kube-proxy",
  "kubelet",
  "kubectl",
] as const;

const kind = "programs";
const toolchainFolder = join(projectRoot, "lab", "toolchain");
const flags = [
  "-gcflags=all=-dwarf=false",
  `-ldflags=-s -w ${Object.entries(stamps)
    .map(([name, value]) => `-X ${name}=${value}`)
    .join(" ")}`,
];
/** GOGC: the compiler's garbage collection costs a tenth of the time, and the memory is there. */
const environment = { CGO_ENABLED: "0", GOGC: "400", GOFLAGS: "-buildvcs=false", GOTOOLCHAIN: "local" };

function key(): string {
  const sources = [...new Set(builds.map((build) => join(toolchainFolder, build.module)))]
    .flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return keyOf(...flags, JSON.stringify([builds, kubernetesPrograms]), ...sources.map((file) => readFileSync(file)));
}

/** The folder of the built programs, and whether it is there. */
export function builtPrograms(): { folder: string; present: boolean } {
  const pinnedBy = key();
  return { folder: cachePath(kind, pinnedBy), present: isCached(kind, pinnedBy) };
}

/**
 * Builds the lab's programs, or finds them in the cache.
 * @returns the folder of the binaries
 */
export function buildPrograms(step: Step): Promise<string> {
  return cached(kind, key(), async (folder) => {
    for (const [index, build] of builds.entries()) await buildTogether(step, index, build, folder);
    for (const name of kubernetesPrograms) symlinkSync("kubernetes", join(folder, name));
  });
}

async function buildTogether(step: Step, index: number, build: Build, folder: string): Promise<void> {
  const cwd = join(toolchainFolder, build.module);
  const part = `part ${index + 1} of ${builds.length}`;
  step.progress(`${part}: downloading Go modules`);
  const list = await step.run("go", ["list", "-deps", ...build.packages], { cwd, env: environment });
  const total = list.split("\n").length;
  const started = Date.now();
  let compiled = 0;
  let shown = 0;
  await step.run("go", ["build", "-v", ...flags, "-o", `${folder}/`, ...build.packages], {
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
