import { type GoModule, kubernetesVersion, type ProgramSet, pinnedVersion } from "../go-modules";

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
  "kube-router",
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
