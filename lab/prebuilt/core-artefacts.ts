import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pinnedVersion } from "../go-modules";
import { projectRoot } from "../layout";
import type { Artefact } from "./artefact";

/** The provider's release: the one of its SDK. */
function providerVersion(): string {
  const text = readFileSync(join(projectRoot, "package.json"), "utf8");
  const { dependencies } = JSON.parse(text) as { dependencies: Record<string, string> };
  return `v${dependencies["@pulumi/kubernetes"]}`;
}

/** A SHA-256, and the public source in which it was read. */
interface Pin {
  readonly sha256: string;
  readonly readIn: string;
}

const kubespray = (commit: string) =>
  `https://github.com/kubernetes-sigs/kubespray/blob/${commit}/roles/kubespray_defaults/vars/main/checksums.yml`;

/** Checksums that could be read in public sources, by the file's address: another version has another. */
const pins: Readonly<Record<string, Pin>> = {
  "https://dl.k8s.io/release/v1.35.8/bin/linux/amd64/kubelet": {
    sha256: "6971b9f95e54dbed67a2271abe6e78f8cc2894494649f3cf39e4b25a82dca923",
    readIn: kubespray("46dbdd3994b32640bcd806b0097f50e8fdf1d514"),
  },
  "https://dl.k8s.io/release/v1.35.8/bin/linux/amd64/kubectl": {
    sha256: "874d5e72dbb819f43cff16bcd1e4f8bac5b7f2361fe1e55049b0a6c676fb0cbf",
    readIn: kubespray("46dbdd3994b32640bcd806b0097f50e8fdf1d514"),
  },
  "https://get.helm.sh/helm-v3.18.6-linux-amd64.tar.gz": {
    sha256: "3f43c0aa57243852dd542493a0f54f1396c0bc8ec7296bbb2c01e802010819ce",
    // In a copy of these notes; eight public recipes have the same.
    readIn: "https://github.com/helm/helm/releases/tag/v3.18.6",
  },
  "https://api.pulumi.com/releases/plugins/pulumi-resource-kubernetes-v4.25.0-linux-amd64.tar.gz": {
    // There in Nix's base 32: 1c3l6wgmc5rrsif9cy6rgkyh2j4gin90klf42w84s3502qydb8vf.
    sha256: "6ea3d53c16a00c4d1017c4d109928d8f4801fd7cd978965cd43917561f3774b0",
    readIn:
      "https://github.com/NixOS/nixpkgs/blob/0501eb325e7384fc5a54bf8df23814ecf4d50096/pkgs/by-name/pu/pulumi-bin/data.nix",
  },
};

/**
 * A row whose checksum is pinned where it could be read, and else is the publisher's.
 * @param publishedAt the publisher's checksum file; none where it is not known to have one
 */
function artefact(row: Omit<Artefact, "checksum">, publishedAt?: string): Artefact {
  const pin = pins[row.url];
  if (pin) return { ...row, checksum: pin };
  if (publishedAt) return { ...row, checksum: { publishedAt } };
  throw new Error(`lab/prebuilt/core-artefacts.ts pins no checksum of ${row.url}: read one in a public source`);
}

const kubernetesPrograms = [
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kube-proxy",
  "kubelet",
  "kubectl",
] as const;

/** One program of Kubernetes, which its publisher offers as it is. */
function kubernetesProgram(name: string): Artefact {
  const version = pinnedVersion("core", "k8s.io/kubernetes");
  const url = `https://dl.k8s.io/release/${version}/bin/linux/amd64/${name}`;
  return artefact({ name, version, url, archive: "none", files: { [name]: name } }, `${url}.sha256`);
}

function engine(): Artefact {
  const version = pinnedVersion("engine", "github.com/pulumi/pulumi/pkg/v3");
  const releases = `https://github.com/pulumi/pulumi/releases/download/${version}`;
  const programs = ["pulumi", "pulumi-language-nodejs"];
  return artefact(
    {
      name: "pulumi",
      version,
      url: `${releases}/pulumi-${version}-linux-x64.tar.gz`,
      archive: "tar.gz",
      files: Object.fromEntries(programs.map((program) => [program, `pulumi/${program}`])),
    },
    `${releases}/pulumi-${version.slice(1)}-checksums.txt`,
  );
}

function provider(): Artefact {
  const version = providerVersion();
  const name = "pulumi-resource-kubernetes";
  const url = `https://api.pulumi.com/releases/plugins/${name}-${version}-linux-amd64.tar.gz`;
  return artefact({ name, version, url, archive: "tar.gz", files: { [name]: name } });
}

function helm(): Artefact {
  const version = pinnedVersion("core", "helm.sh/helm/v3");
  const url = `https://get.helm.sh/helm-${version}-linux-amd64.tar.gz`;
  const files = { helm: "linux-amd64/helm" };
  return artefact({ name: "helm", version, url, archive: "tar.gz", files }, `${url}.sha256sum`);
}

function coredns(): Artefact {
  const version = pinnedVersion("core", "github.com/coredns/coredns");
  const file = `coredns_${version.slice(1)}_linux_amd64.tgz`;
  const url = `https://github.com/coredns/coredns/releases/download/${version}/${file}`;
  return artefact({ name: "coredns", version, url, archive: "tar.gz", files: { coredns: "coredns" } }, `${url}.sha256`);
}

/** Of kube-router the lab runs what enforces NetworkPolicies. */
function networkPolicies(): Artefact {
  const version = pinnedVersion("core", "github.com/cloudnativelabs/kube-router/v2");
  const releases = `https://github.com/cloudnativelabs/kube-router/releases/download/${version}`;
  const name = `kube-router_${version.slice(1)}`;
  const url = `${releases}/${name}_linux_amd64.tar.gz`;
  const files = { "kube-router": "kube-router" };
  return artefact({ name: "kube-router", version, url, archive: "tar.gz", files }, `${releases}/${name}_checksums.txt`);
}

/** Everything of the core that its publishers offer as programs, at the releases that the toolchain's modules pin. */
export function coreArtefacts(): readonly Artefact[] {
  return [...kubernetesPrograms.map(kubernetesProgram), engine(), provider(), helm(), coredns(), networkPolicies()];
}
