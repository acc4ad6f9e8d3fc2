import assert from "node:assert/strict";
import { type HostFacts, obstacles, requiredGoVersion } from "../../../lab/preflight";

const good: HostFacts = {
  platform: "linux x64",
  userId: 0,
  osRelease: 'PRETTY_NAME="Debian"\nID=debian\nVERSION_ID="12"\n',
  filesystems: "nodev\ttmpfs\nnodev\toverlay\n\text4\n",
  goVersion: "1.26",
  freeDiskGiB: 100,
  availableMemoryGiB: 16,
  coldCache: true,
  compilation: { needed: true },
  busyPorts: [],
  otherLab: undefined,
  foreignKubelet: false,
};

/** A change of the host that stands in the way, the code and the words it must be refused with. */
const refusals: ReadonlyArray<readonly [string, Partial<HostFacts>, string, RegExp]> = [
  ["another platform", { platform: "darwin arm64" }, "unsupported-host", /this is darwin arm64/],
  ["a user who is not root", { userId: 1000 }, "unsupported-host", /must be run as root/],
  ["another Debian", { osRelease: "ID=debian\nVERSION_ID=13\n" }, "unsupported-host", /Debian 12/],
  ["another system", { osRelease: "ID=ubuntu\nVERSION_ID=12\n" }, "unsupported-host", /Debian 12/],
  ["a kernel without overlay", { filesystems: "\text4\n" }, "unsupported-host", /modprobe overlay/],
  ["no Go", { goVersion: undefined }, "missing-program", /Go is not on PATH/],
  ["an old Go", { goVersion: "1.9" }, "missing-program", /Go is 1\.9.*1\.26 or later/],
  ["too little disk", { freeDiskGiB: 3.2 }, "not-enough-room", /3\.2 GiB of disk are free, and 20 GiB/],
  ["too little memory", { availableMemoryGiB: 2 }, "not-enough-room", /2\.0 GiB of memory/],
  ["a taken port", { busyPorts: [6443] }, "port-taken", /Port 6443.*ss -ltnp 'sport = :6443'/],
  ["another checkout's lab", { otherLab: "/home/me/other/.lab" }, "in-use", /\/home\/me\/other\/\.lab.*lab -- down/],
  [
    "the tests' lab",
    { otherLab: "/home/me/here/.lab-tests" },
    "in-use",
    /The lab of tests is running.*Wait until they have ended.*npm run lab down/,
  ],
  ["another node's kubelet", { foreignKubelet: true }, "in-use", /another Kubernetes node/],
];

describe("the lab's look at the host", () => {
  it("finds nothing in the way on a machine that has it all", () => {
    assert.deepEqual(obstacles(good, "1.26"), []);
  });

  for (const [name, change, code, words] of refusals) {
    it(`refuses ${name} in one sentence with the way out`, () => {
      const found = obstacles({ ...good, ...change }, "1.26");
      assert.equal(found.length, 1);
      assert.equal(found[0]?.code, code);
      assert.match(found[0]?.message ?? "", words);
    });
  }

  it("names everything that is in the way at once", () => {
    assert.equal(obstacles({ ...good, userId: 1, freeDiskGiB: 1, busyPorts: [6443, 10250] }, "1.26").length, 4);
  });

  it("asks for less where everything is built already", () => {
    const built = { ...good, coldCache: false, goVersion: undefined, freeDiskGiB: 6, availableMemoryGiB: 5 };
    assert.deepEqual(obstacles({ ...built, compilation: { needed: false } }, "1.26"), []);
  });

  it("asks for no Go, and for less, where the programs come from their publishers", () => {
    const fetched = { ...good, goVersion: undefined, freeDiskGiB: 8, availableMemoryGiB: 4 };
    assert.deepEqual(obstacles({ ...fetched, compilation: { needed: false } }, "1.26"), []);
  });

  it("says why the publishers' programs are not to be had where Go would be needed", () => {
    const compilation = { needed: true, refusal: "https://dl.example cannot be reached: refused" };
    const [found] = obstacles({ ...good, goVersion: undefined, compilation }, "1.26");
    assert.equal(
      found?.message,
      "Go is not on PATH, and the lab's programs have to be built (their publishers' own could not be had: https://dl.example cannot be reached: refused). Install Go 1.26 or later: https://go.dev/doc/install",
    );
  });

  it("reads the Go version out of a go.mod", () => {
    assert.equal(requiredGoVersion("module x\n\ngo 1.26.6\n"), "1.26");
  });
});
