import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { network, paths, runRoot } from "../layout";
import type { Step } from "../steps";
import { clearNetworkPolicies, hasFilterTable } from "./network-policies";
import { nodeProgram, nodeProgramEnvironment } from "./programs";

/** Where kubelet must work: Velero's node-agent mounts this path. The lab's own folder is mounted over it. */
export const kubeletRoot = "/var/lib/kubelet";

/** Kernel settings that the node's programs change; `down` sets them back. */
const kernelSettings = [
  "net/ipv4/ip_forward",
  "net/ipv4/conf/all/route_localnet",
  "net/netfilter/nf_conntrack_max",
  "net/netfilter/nf_conntrack_tcp_timeout_established",
  "net/netfilter/nf_conntrack_tcp_timeout_close_wait",
  "net/bridge/bridge-nf-call-iptables",
  "vm/overcommit_memory",
  "vm/panic_on_oom",
  "kernel/panic",
  "kernel/panic_on_oops",
  "kernel/keys/root_maxkeys",
  "kernel/keys/root_maxbytes",
];

/** Folders outside the lab's own that its programs make because their paths are fixed in them. */
const sharedFolders = [kubeletRoot, "/var/lib/cni", "/var/log/containers", "/run/containerd", "/run/netns", "/etc/cni"];

interface HostRecord {
  readonly kernel: Readonly<Record<string, string>>;
  /** The shared folders that were not there before. */
  readonly madeFolders: readonly string[];
  /** Whether iptables had a filter table. Default: it had one. */
  readonly filterTable?: boolean;
  /** The checkout's lab that changed the host. */
  readonly labRoot: string;
}

function readKernel(name: string): string | undefined {
  try {
    return readFileSync(join("/proc/sys", name), "utf8").trim();
  } catch {
    return undefined;
  }
}

function writeKernel(name: string, value: string): void {
  writeFileSync(join("/proc/sys", name), value);
}

/** What the host was like before the lab changed it, or undefined when it did not. */
export function readHostRecord(): HostRecord | undefined {
  if (!existsSync(paths.hostRecord)) return undefined;
  return JSON.parse(readFileSync(paths.hostRecord, "utf8")) as HostRecord;
}

async function recordHost(labRoot: string): Promise<void> {
  if (existsSync(paths.hostRecord)) return;
  const kernel: Record<string, string> = {};
  for (const name of kernelSettings) {
    const value = readKernel(name);
    if (value !== undefined) kernel[name] = value;
  }
  const madeFolders = sharedFolders.filter((folder) => !existsSync(folder));
  const record: HostRecord = { kernel, madeFolders, filterTable: await hasFilterTable(), labRoot };
  mkdirSync(runRoot, { recursive: true, mode: 0o700 });
  writeFileSync(paths.hostRecord, JSON.stringify(record, undefined, 2));
}

/** Where something is mounted, the last mounted first. */
export function mountPoints(): string[] {
  return readFileSync("/proc/self/mountinfo", "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => (line.split(" ")[4] ?? "").replace(/\\040/g, " "))
    .reverse();
}

/** Records the host, then makes the lab's link, address translation and mount. Safe to repeat. */
export async function prepareHost(step: Step, labRoot: string): Promise<void> {
  await recordHost(labRoot);
  writeKernel("net/ipv4/ip_forward", "1");
  const ip = (...args: string[]) => step.run(nodeProgram("ip"), args, nodeProgramEnvironment());
  if (!existsSync(`/sys/class/net/${network.link}`)) await ip("link", "add", network.link, "type", "bridge");
  await ip("address", "replace", `${network.nodeAddress}/24`, "dev", network.link);
  // Loopback is down where a network namespace is new.
  for (const link of [network.link, "lo"]) await ip("link", "set", link, "up");
  // A Service's address is translated after its route was looked up, and a machine may have no default route.
  await ip("route", "replace", network.serviceRange, "dev", network.link);
  await step.run(nodeProgram("nft"), ["-f", "-"], { ...nodeProgramEnvironment(), input: translationRules });
  for (const folder of [paths.kubelet, paths.volumes, kubeletRoot]) mkdirSync(folder, { recursive: true });
  if (!mountPoints().includes(kubeletRoot)) {
    await step.run("mount", ["--bind", paths.kubelet, kubeletRoot]);
    await step.run("mount", ["--make-rshared", kubeletRoot]);
  }
}

/** Pods leave the pods' range under the host's address; deleted and made again, so that a repeat changes nothing. */
const translationRules = `
add table ip ${network.table}
delete table ip ${network.table}
table ip ${network.table} {
  chain postrouting {
    type nat hook postrouting priority srcnat; policy accept;
    ip saddr ${network.podRange} ip daddr != ${network.podRange} masquerade
  }
}
`;

/** Undoes {@link prepareHost} and what the node's programs left. Safe to repeat and after a kill at any point. */
export async function restoreHost(step: Step): Promise<void> {
  const record = readHostRecord();
  const owned = [`${runRoot}/`, `${record?.labRoot ?? paths.kubelet}/`, kubeletRoot];
  for (const point of mountPoints()) {
    if (owned.some((prefix) => point === prefix || point.startsWith(prefix))) {
      await step.run("umount", ["--lazy", point]).catch(() => step.log(`${point} was gone already`));
    }
  }
  const quiet = (program: string, args: string[]) =>
    step.run(nodeProgram(program), args, nodeProgramEnvironment()).catch(() => step.log("nothing to remove"));
  if (record) await clearNetworkPolicies(step, record.filterTable ?? true);
  for (const [family, table] of [
    ["ip", network.table],
    ["ip", "kube-proxy"],
    ["ip6", "kube-proxy"],
  ] as const) {
    if (record) await quiet("nft", ["delete", "table", family, table]);
  }
  if (existsSync(`/sys/class/net/${network.link}`)) await quiet("ip", ["link", "delete", network.link]);
  if (record) restoreFiles(record);
  rmSync(runRoot, { recursive: true, force: true });
}

function restoreFiles(record: HostRecord): void {
  for (const [name, value] of Object.entries(record.kernel)) {
    if (readKernel(name) !== value) writeKernel(name, value);
  }
  removeLinksInto("/var/log/containers", record.labRoot);
  for (const folder of record.madeFolders) {
    if (folder === kubeletRoot || folder === "/var/log/containers") removeEmpty(folder);
    else rmSync(folder, { recursive: true, force: true });
  }
}

function removeLinksInto(folder: string, target: string): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    const link = join(folder, name);
    try {
      if (readlinkSync(link).startsWith(target)) rmSync(link);
    } catch {
      // Not a link: not ours.
    }
  }
}

function removeEmpty(folder: string): void {
  if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
}
