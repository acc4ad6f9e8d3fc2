import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

function findProjectRoot(): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "Pulumi.yaml"))) return folder;
    if (folder === dirname(folder)) throw new Error(`There is no Pulumi.yaml in ${__dirname} or above it.`);
  }
}

/** The checkout. */
export const projectRoot = findProjectRoot();

/** Everything that this checkout's lab keeps: certificates, etcd, images, volumes, stack state, logs. Gone after `reset`. */
export const labRoot = process.env.ONPREM_LAB_ROOT ?? join(projectRoot, ".lab");

/** Built programs and images, shared by all checkouts of this user and keyed by what pins them. */
export const cacheRoot =
  process.env.ONPREM_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "onprem-platform");

/** What the lab is called where machines' labs meet: in /run and among the control groups. A second lab needs another. */
const labName = process.env.ONPREM_LAB_NAME ?? "onprem-lab";

/** State that must not survive a restart of the machine: sockets, pods' network namespaces, addresses in use. */
export const runRoot = `/run/${labName}`;

/** Where the lab keeps each kind of state. */
export const paths = {
  certificates: join(labRoot, "certificates"),
  containerd: join(labRoot, "containerd"),
  /** Images, containers and their layers. Not there before the container runtime ran. */
  containerdRoot: join(labRoot, "containerd", "root"),
  containerdSocket: join(runRoot, "containerd.sock"),
  cniSettings: join(labRoot, "cni"),
  etcd: join(labRoot, "etcd"),
  /** Links to iptables. There while NetworkPolicies are enforced, or were by a lab that was killed. */
  iptables: join(runRoot, "iptables"),
  importedImages: join(labRoot, "imported-images.json"),
  kubeconfig: join(labRoot, "kubeconfig"),
  kubelet: join(labRoot, "kubelet"),
  kubeletPlugins: join(labRoot, "kubelet-plugins"),
  logs: join(labRoot, "logs"),
  mirror: join(labRoot, "mirror"),
  parts: join(labRoot, "parts.json"),
  podLogs: join(labRoot, "logs", "pods"),
  processes: join(runRoot, "processes"),
  hostRecord: join(runRoot, "host.json"),
  stepLogs: join(labRoot, "logs", "steps"),
  volumes: join(labRoot, "volumes"),
} as const;

/** The lab's own network. Nothing of it is reachable from outside this machine. */
export const network = {
  /** A bridge without ports that carries the node's address: every kernel that runs containers has bridges. */
  link: "onprem-lab0",
  nodeAddress: "10.245.0.1",
  nodeRange: "10.245.0.0/24",
  podRange: "10.244.0.0/24",
  clusterRange: "10.244.0.0/16",
  serviceRange: "10.96.0.0/16",
  kubernetesService: "10.96.0.1",
  dnsService: "10.96.0.10",
  /** The nftables table with the lab's own address translation. */
  table: "onprem-lab",
} as const;

/** Ports on loopback or on the node's address. */
export const ports = {
  apiserver: 6443,
  etcdClient: 23790,
  etcdPeer: 23800,
  kubelet: 10250,
  kubeletHealth: 10248,
  controllerManager: 10257,
  scheduler: 10259,
  proxyHealth: 10256,
  proxyMetrics: 10249,
} as const;

/** The node's name in the cluster. */
export const nodeName = "lab";

/** The parent of every pod's control group, so that `down` finds each process of theirs. */
export const controlGroup = labName;

/** The host that the lab's images are named after: what `sources.images` is set to. */
export const imageMirror = "lab.local";
