import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "./layout";
import type { PartName } from "./parts";

/** Names of the Go modules under lab/toolchain from which programs are built. */
export const goModules = ["core", "engine", "backup", "gitops", "monitoring"] as const;

/** The name of a Go module under lab/toolchain. */
export type GoModule = (typeof goModules)[number];

/** The name of programs that are built together. */
export type ProgramSet = GoModule | "helm";

/** What each part of the lab runs of what is built, in the order in which it is needed. */
export const programSetsOf: Readonly<Record<PartName, readonly ProgramSet[]>> = {
  core: ["core", "engine", "helm"],
  backup: ["backup"],
  gitops: ["gitops"],
  monitoring: ["monitoring"],
};

/** Where a Go module of the lab lies. */
export const goModuleFolder = (goModule: GoModule): string => join(projectRoot, "lab", "toolchain", goModule);

/**
 * The version of a module that a go.mod pins, as in `v1.35.8`. The go.mod of lab/toolchain own these versions.
 * @throws Error when the go.mod does not require it
 */
export function pinnedVersion(goModule: GoModule, module: string): string {
  const text = readFileSync(join(goModuleFolder(goModule), "go.mod"), "utf8");
  const version = text
    .split("\n")
    .map((line) =>
      line
        .replace(/^require /, "")
        .trim()
        .split(" "),
    )
    .find(([name]) => name === module)?.[1];
  if (version === undefined) throw new Error(`lab/toolchain/${goModule}/go.mod does not require ${module}`);
  return version;
}

/** The lab's Kubernetes, as in `v1.35.8`. */
export const kubernetesVersion = (): string => pinnedVersion("core", "k8s.io/kubernetes");
