import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { controlGroup, imageMirror, network, nodeName, paths, ports, runRoot } from "../layout";
import { builtPrograms } from "../toolchain/build";
import { certificateFile } from "./certificates";
import { kubeletRoot } from "./host";
import type { ServerProcess } from "./processes";
import { networkPlugins, nodeProgram, nodeProgramEnvironment } from "./programs";

const kubernetesProgram = (name: string) => join(builtPrograms().folder, name);

/** The cluster's store. Nothing is flushed to disk: this cluster may be lost with the machine. */
export const etcd = (): ServerProcess => ({
  name: "etcd",
  program: nodeProgram("etcd"),
  args: [
    "--data-dir",
    paths.etcd,
    "--listen-client-urls",
    `http://127.0.0.1:${ports.etcdClient}`,
    "--advertise-client-urls",
    `http://127.0.0.1:${ports.etcdClient}`,
    "--listen-peer-urls",
    `http://127.0.0.1:${ports.etcdPeer}`,
    "--initial-advertise-peer-urls",
    `http://127.0.0.1:${ports.etcdPeer}`,
    "--initial-cluster",
    `default=http://127.0.0.1:${ports.etcdPeer}`,
    "--unsafe-no-fsync",
  ],
});

/** Bound to the node's address only, which pods and this machine reach and nobody else. */
export const apiserver = (): ServerProcess => ({
  name: "kube-apiserver",
  program: kubernetesProgram("kube-apiserver"),
  args: [
    `--etcd-servers=http://127.0.0.1:${ports.etcdClient}`,
    `--secure-port=${ports.apiserver}`,
    `--bind-address=${network.nodeAddress}`,
    `--advertise-address=${network.nodeAddress}`,
    `--cert-dir=${paths.certificates}`,
    `--tls-cert-file=${certificateFile("apiserver.crt")}`,
    `--tls-private-key-file=${certificateFile("apiserver.key")}`,
    `--client-ca-file=${certificateFile("ca.crt")}`,
    `--service-account-key-file=${certificateFile("service-account.pub")}`,
    `--service-account-signing-key-file=${certificateFile("service-account.key")}`,
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-cluster-ip-range=${network.serviceRange}`,
    "--authorization-mode=Node,RBAC",
    "--allow-privileged=true",
    `--kubelet-certificate-authority=${certificateFile("ca.crt")}`,
    `--kubelet-client-certificate=${certificateFile("admin.crt")}`,
    `--kubelet-client-key=${certificateFile("admin.key")}`,
    "--kubelet-preferred-address-types=InternalIP",
    // Answers stay on this machine.
    "--feature-gates=APIResponseCompression=false",
  ],
});

/** Controllers, with the addresses of pods kept to the lab's own range. */
export const controllerManager = (): ServerProcess => ({
  name: "kube-controller-manager",
  program: kubernetesProgram("kube-controller-manager"),
  args: [
    `--kubeconfig=${paths.kubeconfig}`,
    "--bind-address=127.0.0.1",
    `--secure-port=${ports.controllerManager}`,
    `--cert-dir=${paths.certificates}`,
    `--service-account-private-key-file=${certificateFile("service-account.key")}`,
    `--root-ca-file=${certificateFile("ca.crt")}`,
    "--use-service-account-credentials=true",
    `--cluster-cidr=${network.clusterRange}`,
    "--allocate-node-cidrs=true",
    "--leader-elect=false",
    `--flex-volume-plugin-dir=${paths.kubeletPlugins}`,
  ],
});

/** The scheduler. */
export const scheduler = (): ServerProcess => ({
  name: "kube-scheduler",
  program: kubernetesProgram("kube-scheduler"),
  args: [
    `--kubeconfig=${paths.kubeconfig}`,
    "--bind-address=127.0.0.1",
    `--secure-port=${ports.scheduler}`,
    "--leader-elect=false",
  ],
});

/** A container runtime with a root, state and socket of its own, so that the host's is not disturbed. */
export const containerd = (): ServerProcess => ({
  name: "containerd",
  program: nodeProgram("containerd"),
  args: ["--config", join(paths.containerd, "config.toml")],
  ...nodeProgramEnvironment(),
});

/** Runs the pods. */
export const kubelet = (): ServerProcess => ({
  name: "kubelet",
  program: kubernetesProgram("kubelet"),
  args: [
    `--kubeconfig=${paths.kubeconfig}`,
    `--config=${join(paths.kubelet, "settings.yaml")}`,
    `--root-dir=${kubeletRoot}`,
    `--hostname-override=${nodeName}`,
    `--node-ip=${network.nodeAddress}`,
  ],
  ...nodeProgramEnvironment(),
});

/** Makes Services reachable. */
export const proxy = (): ServerProcess => ({
  name: "kube-proxy",
  program: kubernetesProgram("kube-proxy"),
  args: [
    `--kubeconfig=${paths.kubeconfig}`,
    `--cluster-cidr=${network.clusterRange}`,
    `--hostname-override=${nodeName}`,
    "--proxy-mode=nftables",
    `--nodeport-addresses=${network.nodeRange}`,
    `--healthz-bind-address=127.0.0.1:${ports.proxyHealth}`,
    `--metrics-bind-address=127.0.0.1:${ports.proxyMetrics}`,
    // 0 leaves the host's connection tracking limit as it is.
    "--conntrack-max-per-core=0",
  ],
  ...nodeProgramEnvironment(),
});

/** Makes and removes the volumes of the storage class in lab/cluster/add-ons.yaml. Its heap is a few megabytes. */
export const volumeProvisioner = (): ServerProcess => ({
  name: "volume-provisioner",
  program: process.execPath,
  args: [
    "--max-old-space-size=64",
    "--max-semi-space-size=1",
    join(__dirname, "volumes", "program.js"),
    `--kubeconfig=${paths.kubeconfig}`,
    "--name=lab.local/volumes",
    `--folder=${paths.volumes}`,
  ],
});

/** Writes the settings files that the servers read. */
export function writeServerSettings(): void {
  for (const folder of [paths.containerd, paths.cniSettings, paths.kubelet, paths.podLogs]) {
    mkdirSync(folder, { recursive: true });
  }
  writeFileSync(join(paths.containerd, "config.toml"), containerdSettings);
  writeFileSync(join(paths.cniSettings, "10-onprem-lab.conflist"), JSON.stringify(podNetwork, undefined, 2));
  writeFileSync(join(paths.kubelet, "settings.yaml"), stringify(kubeletSettings()));
  writeFileSync(join(paths.kubelet, "resolv.conf"), "# The lab has no name server but its own.\n");
}

/**
 * restrict_oom_score_adj: lowering it needs CAP_SYS_RESOURCE, which containers and small machines lack; without the
 * setting every sandbox then fails with "can't get final child's PID from pipe: EOF".
 */
const containerdSettings = `version = 2
root = "${paths.containerdRoot}"
state = "${runRoot}/containerd"
disabled_plugins = ["io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.aufs", "io.containerd.tracing.processor.v1.otlp"]
[grpc]
  address = "${paths.containerdSocket}"
[ttrpc]
  address = "${paths.containerdSocket}.ttrpc"
[plugins."io.containerd.internal.v1.opt"]
  path = "${runRoot}/opt"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${imageMirror}/pause:1"
  restrict_oom_score_adj = true
  netns_mounts_under_state_dir = true
  tolerate_missing_hugetlb_controller = true
  disable_apparmor = true
[plugins."io.containerd.grpc.v1.cri".cni]
  bin_dir = "${networkPlugins()}"
  conf_dir = "${paths.cniSettings}"
`;

/** Point-to-point links: all traffic passes the host's own routing, so that Services work from pod to pod. */
const podNetwork = {
  cniVersion: "0.4.0",
  name: "onprem-lab",
  plugins: [
    {
      type: "ptp",
      ipMasq: false,
      mtu: 1400,
      ipam: {
        type: "host-local",
        dataDir: join(runRoot, "pod-addresses"),
        ranges: [[{ subnet: network.podRange }]],
        routes: [{ dst: "0.0.0.0/0" }],
      },
    },
  ],
};

const kubeletSettings = () => ({
  apiVersion: "kubelet.config.k8s.io/v1beta1",
  kind: "KubeletConfiguration",
  address: network.nodeAddress,
  port: ports.kubelet,
  healthzBindAddress: "127.0.0.1",
  healthzPort: ports.kubeletHealth,
  authentication: {
    anonymous: { enabled: false },
    webhook: { enabled: true },
    x509: { clientCAFile: certificateFile("ca.crt") },
  },
  authorization: { mode: "Webhook" },
  tlsCertFile: certificateFile("kubelet.crt"),
  tlsPrivateKeyFile: certificateFile("kubelet.key"),
  clusterDNS: [network.dnsService],
  clusterDomain: "cluster.local",
  resolvConf: join(paths.kubelet, "resolv.conf"),
  cgroupDriver: "cgroupfs",
  cgroupRoot: `/${controlGroup}`,
  containerRuntimeEndpoint: `unix://${paths.containerdSocket}`,
  podLogsDir: paths.podLogs,
  volumePluginDir: paths.kubeletPlugins,
  failSwapOn: false,
  failCgroupV1: false,
  evictionHard: { "memory.available": "100Mi", "nodefs.available": "1%", "imagefs.available": "1%" },
  imageGCHighThresholdPercent: 100,
  imageGCLowThresholdPercent: 99,
});
