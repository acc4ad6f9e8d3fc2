import type { PartName } from "../parts.js";

/** Programs that one call of the compiler builds. */
export interface Build {
  /** Folder of the Go module, under lab/toolchain. */
  readonly module: string;
  /** Go packages, or folders of the module; each gives a binary with the last part of its name. */
  readonly packages: readonly string[];
  /** Go build tags; default: none. */
  readonly tags?: readonly string[];
  /** Further names of a binary, each with the binary it stands for; default: none. */
  readonly links?: Readonly<Record<string, string>>;
  /** Further versions that the programs' own build would stamp into them; default: none. */
  readonly stamps?: Readonly<Record<string, string>>;
}

/** Names of the programs that lab/toolchain/core/kubernetes has in one binary. */
const programsInOne = [
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kube-proxy",
  "kubelet",
  "kubectl",
  "volume-provisioner",
];

/**
 * What each part of the lab runs that is built from Go modules.
 * See docs/decisions/0001-go-modules-of-the-toolchain.md for what is built with what.
 */
export const programs: Readonly<Record<PartName, readonly Build[]>> = {
  core: [
    {
      module: "core",
      packages: ["./kubernetes", "./coredns", "./pulumi-resource-kubernetes", "helm.sh/helm/v3/cmd/helm"],
      links: Object.fromEntries(programsInOne.map((name) => [name, "kubernetes"])),
    },
    { module: "engine", packages: ["github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"] },
  ],
  backup: [
    {
      module: "backup",
      packages: [
        "github.com/vmware-tanzu/velero/cmd/velero",
        "github.com/vmware-tanzu/velero/cmd/velero-restore-helper",
        "github.com/vmware-tanzu/velero-plugin-for-aws/velero-plugin-for-aws",
        "github.com/vmware-tanzu/velero-plugin-for-aws/hack/cp-plugin",
        "github.com/versity/versitygw/cmd/versitygw",
      ],
      stamps: { "github.com/vmware-tanzu/velero/pkg/buildinfo.Version": "v1.18.3" },
    },
  ],
  gitops: [
    {
      module: "gitops",
      packages: [
        "github.com/fluxcd/source-controller",
        "github.com/fluxcd/kustomize-controller",
        "github.com/fluxcd/helm-controller",
        "github.com/fluxcd/notification-controller",
      ],
    },
  ],
  monitoring: [
    {
      module: "monitoring",
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
  ],
};
