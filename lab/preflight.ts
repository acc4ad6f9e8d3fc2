import { existsSync, readdirSync, readFileSync, statfsSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { LabError } from "./errors";
import { programSetsOf } from "./go-modules";
import { missingImages } from "./images/build";
import { cacheRoot, labRoot, network, ports, projectRoot } from "./layout";
import { kubeletRoot, mountPoints, readHostRecord } from "./node/host";
import { anyServerRuns } from "./node/processes";
import { chosenParts } from "./parts";
import { type Compilation, compilationOf } from "./prebuilt/prebuilt";
import { builtPrograms, compiledPrograms } from "./toolchain/build";

/** What the host offers; read once, so that the rules below are plain functions. */
export interface HostFacts {
  readonly platform: string;
  readonly userId: number;
  readonly osRelease: string;
  readonly filesystems: string;
  /** Version of the Go compiler, or undefined when there is none. */
  readonly goVersion: string | undefined;
  readonly freeDiskGiB: number;
  readonly availableMemoryGiB: number;
  /** Whether programs or images still have to be built. */
  readonly coldCache: boolean;
  /** Whether programs have to be compiled, which takes Go, disk and memory. */
  readonly compilation: Compilation;
  readonly busyPorts: readonly number[];
  /** The checkout whose lab holds this machine, if any of its servers runs. */
  readonly otherLab: string | undefined;
  /** Whether /var/lib/kubelet holds somebody else's node. */
  readonly foreignKubelet: boolean;
}

/** How the name of the folder of the tests' lab ends (test/own-lab). */
const TESTS_LAB = "-tests";

/** Go version that the toolchain's module asks for. */
export function requiredGoVersion(goMod: string): string {
  return /^go (\d+\.\d+)/m.exec(goMod)?.[1] ?? "0";
}

function atLeast(version: string, wanted: string): boolean {
  const [a = 0, b = 0] = version.split(".").map(Number);
  const [c = 0, d = 0] = wanted.split(".").map(Number);
  return a > c || (a === c && b >= d);
}

/**
 * What stands in the way of a lab on this host: sentences for a person, each with its way out. Empty when nothing does.
 * @param facts the host
 * @param wantedGo the Go version that a cold cache needs, as in "1.26"
 */
export function obstacles(facts: HostFacts, wantedGo: string): LabError[] {
  const found: LabError[] = [];
  const refuse = (code: LabError["code"], message: string) => found.push(new LabError(code, message));
  if (facts.platform !== "linux x64") {
    refuse("unsupported-host", `The lab runs on Linux on x86-64; this is ${facts.platform}. Use a Debian 12 machine.`);
  }
  if (facts.userId !== 0) {
    refuse(
      "unsupported-host",
      "The lab starts a Kubernetes node and must be run as root. Run it with sudo, or in a VM.",
    );
  }
  if (!/^ID="?debian"?$/m.test(facts.osRelease) || !/^VERSION_ID="?12"?$/m.test(facts.osRelease)) {
    refuse(
      "unsupported-host",
      "The lab takes its node's programs from Debian 12, and this is another system. Use a Debian 12 machine or VM.",
    );
  }
  if (!/\toverlay$/m.test(facts.filesystems)) {
    refuse(
      "unsupported-host",
      "The kernel has no overlay file system, which containers need. Load it: modprobe overlay",
    );
  }
  const { needed: compiles, refusal } = facts.compilation;
  if (compiles && facts.goVersion === undefined) {
    const why = refusal ? ` (their publishers' own could not be had: ${refusal})` : "";
    refuse(
      "missing-program",
      `Go is not on PATH, and the lab's programs have to be built${why}. Install Go ${wantedGo} or later: https://go.dev/doc/install`,
    );
  }
  if (compiles && facts.goVersion !== undefined && !atLeast(facts.goVersion, wantedGo)) {
    refuse(
      "missing-program",
      `Go is ${facts.goVersion}, and the lab's programs need ${wantedGo} or later: https://go.dev/doc/install`,
    );
  }
  const disk = compiles ? 20 : facts.coldCache ? 8 : 5;
  if (facts.freeDiskGiB < disk) {
    refuse(
      "not-enough-room",
      `${facts.freeDiskGiB.toFixed(1)} GiB of disk are free, and ${disk} GiB are needed. Free some, or set ONPREM_CACHE and ONPREM_LAB_ROOT to folders on a larger disk.`,
    );
  }
  const memory = compiles ? 7 : 4;
  if (facts.availableMemoryGiB < memory) {
    refuse(
      "not-enough-room",
      `${facts.availableMemoryGiB.toFixed(1)} GiB of memory are available, and ${memory} GiB are needed. Stop other programs, or use a larger machine.`,
    );
  }
  for (const port of facts.busyPorts) {
    refuse(
      "port-taken",
      `Port ${port} of the lab is taken by another program. Find it with: ss -ltnp 'sport = :${port}'`,
    );
  }
  if (facts.otherLab?.endsWith(TESTS_LAB)) {
    refuse(
      "in-use",
      `The lab of tests is running (${facts.otherLab}), and one machine holds one lab. Wait until they have ended, or stop what a run left that was killed: npm run lab down`,
    );
  } else if (facts.otherLab !== undefined) {
    refuse(
      "in-use",
      `The lab of ${facts.otherLab} is running, and one machine holds one lab. Stop it there: npm run lab -- down`,
    );
  }
  if (facts.foreignKubelet) {
    refuse("in-use", `${kubeletRoot} belongs to another Kubernetes node on this machine. Use a machine without one.`);
  }
  return found;
}

function existingParent(folder: string): string {
  return existsSync(folder) ? folder : existingParent(dirname(folder));
}

function freeGiB(folder: string): number {
  const { bavail, bsize } = statfsSync(existingParent(folder));
  return (bavail * bsize) / 2 ** 30;
}

async function isBusy(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    // An address that this machine does not have (yet) cannot be taken.
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code === "EADDRINUSE"));
    server.listen(port, host, () => server.close(() => resolve(false)));
  });
}

async function busyPorts(): Promise<number[]> {
  const onNode: number[] = [ports.apiserver, ports.kubelet];
  const busy: number[] = [];
  for (const port of Object.values(ports)) {
    const hosts = onNode.includes(port) ? [network.nodeAddress, "0.0.0.0"] : ["127.0.0.1"];
    // One after the other: in a network namespace that is new every address is taken for its own, and they would meet.
    for (const host of hosts) if (!busy.includes(port) && (await isBusy(host, port))) busy.push(port);
  }
  return busy;
}

/** Reads what {@link obstacles} judges. Changes nothing but what the cache remembers of publishers. */
export async function readHostFacts(): Promise<HostFacts> {
  const record = readHostRecord();
  const alive = anyServerRuns();
  const ours = alive && record?.labRoot === labRoot;
  const go = await execa("go", ["version"], { reject: false });
  const memory = readFileSync("/proc/meminfo", "utf8");
  return {
    platform: `${process.platform} ${process.arch}`,
    userId: process.getuid?.() ?? -1,
    osRelease: existsSync("/etc/os-release") ? readFileSync("/etc/os-release", "utf8") : "",
    filesystems: readFileSync("/proc/filesystems", "utf8"),
    goVersion: /go(\d+\.\d+)/.exec(go.stdout ?? "")?.[1],
    freeDiskGiB: Math.min(freeGiB(cacheRoot), freeGiB(labRoot)),
    availableMemoryGiB: Number(/MemAvailable:\s+(\d+)/.exec(memory)?.[1] ?? 0) / 2 ** 20,
    compilation: await compilationNeeded(),
    coldCache: chosenParts().some(
      (part) => programSetsOf[part].some((set) => !builtPrograms(set).present) || missingImages(part).length > 0,
    ),
    // A lab that runs, or was killed just now, holds them all.
    busyPorts: record ? [] : await busyPorts(),
    otherLab: alive && !ours ? (record?.labRoot ?? "another checkout") : undefined,
    foreignKubelet: record === undefined && holdsNode(),
  };
}

async function compilationNeeded(): Promise<Compilation> {
  const sets = chosenParts().flatMap((part) => programSetsOf[part]);
  const found = await Promise.all(sets.map((set) => compilationOf(set, compiledPrograms(set).present)));
  return found.find(({ refusal }) => refusal !== undefined) ?? { needed: found.some(({ needed }) => needed) };
}

function holdsNode(): boolean {
  if (mountPoints().some((point) => point.startsWith(kubeletRoot))) return true;
  return existsSync(kubeletRoot) && readdirSync(kubeletRoot).length > 0;
}

/** Throws the first obstacle's kind with every obstacle's sentence, before anything is changed. */
export async function checkHost(): Promise<void> {
  const goMod = readFileSync(join(projectRoot, "lab", "toolchain", "core", "go.mod"), "utf8");
  const found = obstacles(await readHostFacts(), requiredGoVersion(goMod));
  const [first] = found;
  if (first) throw new LabError(first.code, found.map((obstacle) => obstacle.message).join("\n"));
}
