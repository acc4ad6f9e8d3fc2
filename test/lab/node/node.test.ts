import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { labRoot, network, projectRoot, runRoot } from "../../../lab/layout";
import { podProcesses } from "../../../lab/node/control-groups";
import { kubeletRoot, mountPoints, readHostRecord } from "../../../lab/node/host";
import { runningPid } from "../../../lab/node/processes";
import { nodeProgram, nodeProgramEnvironment } from "../../../lab/node/programs";
import { kubectl } from "../../../lab/node/start";

/** Runs the lab's command as a person would. */
const lab = (...args: readonly string[]) =>
  execa(process.execPath, [join(projectRoot, "dist", "lab", "cli.js"), ...args], { all: true, reject: false });

async function succeed(...args: readonly string[]): Promise<void> {
  const { exitCode, all } = await lab(...args);
  assert.equal(exitCode, 0, `lab ${args.join(" ")} ended with ${exitCode}:\n${all}`);
}

/** The programs that hold a file or folder of the lab, by their command lines. */
function labProcesses(): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
      } catch {
        return "";
      }
    })
    .filter(
      (command) => /^\S*(kube|etcd|containerd)|--name=lab.local\/volumes/.test(command) && command.includes(labRoot),
    );
}

describe("the lab's node", () => {
  after(async () => {
    await succeed("up");
    await kubectl("delete", "configmap", "kept", "--ignore-not-found");
  });

  it("puts the host back when it is stopped", async () => {
    await succeed("up");
    await kubectl("create", "configmap", "kept", "--from-literal=a=b");
    const record = readHostRecord();
    assert.ok(record, "the host was not recorded");
    const nft = nodeProgram("nft");
    assert.match((await execa(nft, ["list", "tables"], nodeProgramEnvironment())).stdout, /kube-proxy/);

    await succeed("down");

    for (const [name, value] of Object.entries(record.kernel)) {
      assert.equal(readFileSync(join("/proc/sys", name), "utf8").trim(), value, name);
    }
    for (const folder of record.madeFolders) assert.ok(!existsSync(folder), `${folder} is still there`);
    const ours = mountPoints().filter((point) =>
      [runRoot, labRoot, kubeletRoot].some((root) => point.startsWith(root)),
    );
    assert.deepEqual(ours, []);
    assert.ok(!existsSync(`/sys/class/net/${network.link}`));
    assert.deepEqual(
      readdirSync("/sys/class/net").filter((link) => link.startsWith("veth")),
      [],
    );
    const { stdout: tables } = await execa(nft, ["list", "tables"], nodeProgramEnvironment());
    assert.doesNotMatch(tables, /kube-proxy|onprem-lab/);
    assert.deepEqual(labProcesses(), []);
    assert.deepEqual(podProcesses(), []);
    assert.ok(!existsSync(runRoot));
  });

  it("says so when it is stopped", async () => {
    const { exitCode, all } = await lab("status");
    assert.equal(exitCode, 3);
    assert.match(all, /The lab is stopped\. Start it: npm run lab up/);
  });

  it("copes with starts that were killed, each at a later point, and keeps the cluster's state over all that", async () => {
    const killUpAfter = async (milliseconds: number) => {
      const start = lab("up");
      await sleep(milliseconds);
      start.kill("SIGKILL");
      await start;
    };
    await killUpAfter(300);
    await killUpAfter(1_500);
    await killUpAfter(4_000);
    await succeed("down");
    assert.deepEqual(labProcesses(), []);
    await killUpAfter(8_000);
    await succeed("up");
    await succeed("status");
    assert.equal(await kubectl("get", "configmap", "kept", "-o", "jsonpath={.data.a}"), "b");
  });

  it("copes with servers that were killed", async () => {
    for (const name of ["kubelet", "containerd", "etcd"]) {
      const pid = runningPid(name);
      assert.ok(pid, `${name} does not run`);
      process.kill(pid, "SIGKILL");
    }
    const { exitCode, all } = await lab("status");
    assert.equal(exitCode, 3, all);
    assert.match(all, /etcd\s+STOPPED/);
    await succeed("down");
    assert.deepEqual(podProcesses(), []);
    assert.deepEqual(labProcesses(), []);
    await succeed("up");
  });
});
