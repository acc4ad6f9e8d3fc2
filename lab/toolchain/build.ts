import { copyFileSync, cpSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { cached, cachePath, isCached, keyOf } from "../cache.js";
import { projectRoot } from "../layout.js";
import type { Step } from "../steps.js";

/** A program that the lab builds from the Go module proxy. */
interface Program {
  /** Name of the binary. */
  readonly name: string;
  /** Go package, or a folder of the module. */
  readonly package: string;
}

/** Versions that a program's own build would stamp into it; without them clients cannot read what they talk to. */
const stamps: Readonly<Record<string, string>> = {
  "k8s.io/component-base/version.gitVersion": "v1.34.4",
  "k8s.io/component-base/version.gitMajor": "1",
  "k8s.io/component-base/version.gitMinor": "34",
  "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": "v3.260.0",
};

/**
 * One module and one `go build` for everything: the programs then share their compiled packages (a third of the time),
 * and no core idles while one of them links.
 */
const together: readonly Program[] = [
  { name: "kubernetes", package: "./kubernetes" },
  { name: "pulumi-resource-kubernetes", package: "./pulumi-resource-kubernetes" },
  { name: "coredns", package: "./coredns" },
  { name: "pulumi", package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi" },
  { name: "helm", package: "helm.sh/helm/v3/cmd/helm" },
];

/** Apart, since it imports a package under a name that differs from another program's only in case. */
const apart: readonly Program[] = [
  { name: "local-path-provisioner", package: "github.com/rancher/local-path-provisioner" },
];

/** Names under which the one Kubernetes binary is started. */
export const kubernetesPrograms = [
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kube-proxy",
  "kubelet",
  "kubectl",
] as const;

const kind = "programs";
const moduleFolder = join(projectRoot, "lab", "toolchain", "core");
const flags = [
  "-gcflags=all=-dwarf=false",
  `-ldflags=-s -w ${Object.entries(stamps)
    .map(([name, value]) => `-X ${name}=${value}`)
    .join(" ")}`,
];
/** GOGC: the compiler's garbage collection costs a tenth of the time and this much memory is there. */
const environment = { CGO_ENABLED: "0", GOGC: "400", GOFLAGS: "-buildvcs=false", GOTOOLCHAIN: "local" };

function key(): string {
  const sources = readdirSync(moduleFolder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const programs = JSON.stringify([together, apart, kubernetesPrograms]);
  return keyOf(...flags, programs, ...sources.map((file) => readFileSync(file)));
}

/** The folder of the built programs, and whether it is there. */
export function builtPrograms(): { folder: string; present: boolean } {
  return { folder: cachePath(kind, key()), present: isCached(kind, key()) };
}

/**
 * Builds the programs of the core, or finds them in the cache.
 * @returns the folder of the binaries
 */
export function buildPrograms(step: Step): Promise<string> {
  return cached(kind, key(), async (folder) => {
    await build(step, together, folder);
    await build(step, apart, folder);
    for (const name of kubernetesPrograms) symlinkSync("kubernetes", join(folder, name));
  });
}

async function build(step: Step, programs: readonly Program[], folder: string): Promise<void> {
  const packages = programs.map((program) => program.package);
  step.progress("downloading Go modules");
  const list = await step.run("go", ["list", "-deps", ...packages], { cwd: moduleFolder, env: environment });
  const total = list.split("\n").length;
  const started = Date.now();
  let compiled = 0;
  let shown = 0;
  await step.run("go", ["build", "-v", ...flags, "-o", `${folder}/`, ...packages], {
    cwd: moduleFolder,
    env: environment,
    onErrorLine: () => {
      compiled += 1;
      if (Date.now() - shown < 5_000) return;
      shown = Date.now();
      const minutes = ((shown - started) / 60_000).toFixed(1);
      step.progress(`compiling ${programs.length} programs: package ${compiled} of ${total}, ${minutes} min`);
    },
  });
}

/** Copies a program out of the cache, for an image. */
export function copyProgram(name: string, target: string): void {
  copyFileSync(join(builtPrograms().folder, name), target);
}

/** Copies a folder, links kept as they are. */
export function copyTree(from: string, to: string): void {
  cpSync(from, to, { recursive: true, verbatimSymlinks: true });
}
