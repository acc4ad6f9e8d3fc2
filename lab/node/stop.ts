import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { execa } from "execa";
import { labRoot, paths, runRoot } from "../layout";
import type { Step } from "../steps";
import { waitUntil } from "../steps";
import { podProcesses, removeControlGroups } from "./control-groups";
import { restoreHost } from "./host";
import { runningPid, startedServers, stopServer } from "./processes";
import { nodeProgram, nodeProgramEnvironment } from "./programs";

/**
 * Stops everything that the lab started and puts the host back. The cluster's state stays for the next start. Safe to
 * repeat, and after a kill at any point.
 */
export async function stopNode(step: Step): Promise<void> {
  step.progress("stopping the pods");
  await stopServer("kubelet");
  if (runningPid("containerd") !== undefined) await removeContainers(step);
  killAll([...shims(), ...podProcesses()]);
  await waitUntil("the pods' processes end", () => podProcesses().length === 0, 20_000);
  step.progress("stopping the servers");
  const others = startedServers().filter((name) => !["kubelet", "etcd", "kube-apiserver"].includes(name));
  await Promise.all(others.map((name) => stopServer(name)));
  await stopServer("kube-apiserver", 10);
  await stopServer("etcd");
  step.progress("putting the host back");
  await restoreHost(step);
  removeControlGroups();
}

/** Removes all of the lab's state. */
export async function removeState(step: Step): Promise<void> {
  step.progress(`removing ${labRoot}`);
  rmSync(labRoot, { recursive: true, force: true });
}

async function removeContainers(step: Step): Promise<void> {
  const ctr = (...args: string[]) =>
    execa(nodeProgram("ctr"), ["--address", paths.containerdSocket, "--namespace", "k8s.io", ...args], {
      ...nodeProgramEnvironment(),
      reject: false,
      timeout: 20_000,
    });
  const list = async (kind: string) => {
    const { stdout } = await ctr(kind, "list", "--quiet");
    return stdout.split("\n").filter((id) => id !== "");
  };
  for (const id of await list("task")) await ctr("task", "kill", "--all", "--signal", "SIGKILL", id);
  for (const id of await list("task")) await ctr("task", "delete", "--force", id);
  const containers = await list("container");
  for (const id of containers) await ctr("container", "delete", id);
  step.log(`removed ${containers.length} containers`);
}

/** The processes that keep our containers: they name our socket on their command line. */
function shims(): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      const file = `/proc/${pid}/cmdline`;
      try {
        const command = existsSync(file) ? readFileSync(file, "utf8") : "";
        return command.includes("containerd-shim") && command.includes(`${runRoot}/`);
      } catch {
        return false;
      }
    });
}

function killAll(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // Gone already.
    }
  }
}
