import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../layout.js";
import type { PartName } from "../parts.js";

/** Names of the Go modules under lab/toolchain from which programs are built. */
export const goModules = ["core", "engine", "backup", "gitops", "monitoring"] as const;

/** The name of a Go module under lab/toolchain. */
export type GoModule = (typeof goModules)[number];

/** Programs that are built together, from one Go module. */
export interface Build {
  /** The Go module. */
  readonly goModule: GoModule;
  /** Go packages, or folders of the module; each gives a binary with the last part of its name. */
  readonly packages: readonly string[];
  /** Further names of a binary, each with the binary it stands for; default: none. */
  readonly links?: Readonly<Record<string, string>>;
  /** Versions that the programs' own build would stamp into them, by variable; default: none. */
  readonly stamps?: Readonly<Record<string, string>>;
}

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

/** What clients read of a Kubernetes program's version; without it they cannot tell what they talk to. */
function kubernetesStamps(): Readonly<Record<string, string>> {
  const version = kubernetesVersion();
  const [major = "", minor = ""] = version.slice(1).split(".");
  const variable = "k8s.io/component-base/version.git";
  return { [`${variable}Version`]: version, [`${variable}Major`]: major, [`${variable}Minor`]: minor };
}

/** Names of the programs that lab/toolchain/core/kubernetes has in one binary. */
const programsInOne = [
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kube-proxy",
  "kubelet",
  "kubectl",
];

/**
 * What the lab runs that is built from Go modules.
 * See docs/decisions/0001-go-modules-of-the-toolchain.md for what is built with what.
 */
export const programs: Readonly<Record<ProgramSet, Build>> = {
  core: {
    goModule: "core",
    packages: ["./kubernetes", "./coredns", "./pulumi-resource-kubernetes"],
    links: Object.fromEntries(programsInOne.map((name) => [name, "kubernetes"])),
    stamps: kubernetesStamps(),
  },
  // The charts' tests and the mirror of charts run it, and no start of the platform.
  helm: {
    goModule: "core",
    packages: ["helm.sh/helm/v3/cmd/helm"],
    stamps: { "helm.sh/helm/v3/internal/version.version": pinnedVersion("core", "helm.sh/helm/v3") },
  },
  engine: {
    goModule: "engine",
    packages: ["github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"],
    stamps: {
      "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": pinnedVersion(
        "engine",
        "github.com/pulumi/pulumi/pkg/v3",
      ),
    },
  },
  backup: {
    goModule: "backup",
    packages: [
      "github.com/vmware-tanzu/velero/cmd/velero",
      "github.com/vmware-tanzu/velero/cmd/velero-restore-helper",
      "github.com/vmware-tanzu/velero-plugin-for-aws/velero-plugin-for-aws",
      "github.com/vmware-tanzu/velero-plugin-for-aws/hack/cp-plugin",
      "github.com/versity/versitygw/cmd/versitygw",
    ],
    stamps: {
      "github.com/vmware-tanzu/velero/pkg/buildinfo.Version": pinnedVersion("backup", "github.com/vmware-tanzu/velero"),
    },
  },
  gitops: {
    goModule: "gitops",
    packages: [
      "github.com/fluxcd/source-controller",
      "github.com/fluxcd/kustomize-controller",
      "github.com/fluxcd/helm-controller",
      "github.com/fluxcd/notification-controller",
      "./helm4",
    ],
  },
  monitoring: {
    goModule: "monitoring",
    packages: [
      "github.com/prometheus-operator/prometheus-operator/cmd/operator",
      "github.com/prometheus-operator/prometheus-operator/cmd/prometheus-config-reloader",
      "github.com/prometheus/alertmanager/cmd/alertmanager",
      "github.com/prometheus/blackbox_exporter",
      "github.com/prometheus/node_exporter",
      "github.com/prometheus/prometheus/cmd/prometheus",
      "github.com/prometheus/prometheus/cmd/promtool",
      "k8s.io/kube-state-metrics/v2",
    ],
  },
};
