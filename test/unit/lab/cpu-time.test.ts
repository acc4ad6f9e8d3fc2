import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { busyShare, machineTime, ownCpuSeconds } from "../../../lab/cpu-time";

describe("CPU time", () => {
  it("of the machine is what all its processors did, and waiting for a disk is idle", () => {
    const stat = "cpu  1000 200 300 4000 500 60 40 0 0 0\ncpu0 1 2 3 4\n";
    assert.deepEqual(machineTime(stat), { busy: 16, all: 61 });
  });

  it("has a busy share between two readings", () => {
    assert.equal(busyShare({ busy: 10, all: 100 }, { busy: 100, all: 200 }), 0.9);
    assert.equal(busyShare({ busy: 10, all: 100 }, { busy: 10, all: 100 }), 0);
  });

  it("of a process has its ended children's, whatever its name holds", () => {
    const fields = ["S", ...Array.from({ length: 10 }, () => "0"), "100", "50", "700", "150", "20"];
    assert.equal(ownCpuSeconds(`42 (a ) b) ${fields.join(" ")}`), 10);
  });

  it("of this process grows with what its children used", () => {
    const before = ownCpuSeconds();
    spawnSync(process.execPath, ["-e", "while (process.cpuUsage().user < 300_000);"]);
    assert.ok(ownCpuSeconds() - before >= 0.2);
  });
});
