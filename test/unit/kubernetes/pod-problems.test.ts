import assert from "node:assert/strict";
import { type PodSummary, podProblems } from "../../../components/kubernetes/pod-problems";

const NOW = Date.parse("2026-11-25T12:00:00Z");
const SINCE = Date.parse("2026-11-25T11:55:00Z");
const problems = (pods: readonly PodSummary[]) => podProblems(pods, NOW, SINCE);

function pod(name: string, status: PodSummary["status"]): PodSummary {
  return { metadata: { name, labels: { "app.kubernetes.io/component": "server" } }, status };
}

function waiting(reason: string, message?: string, lastState?: object) {
  return { name: "parse-server", image: "registry/parse:0", state: { waiting: { reason, message } }, lastState };
}

describe("podProblems", () => {
  it("is silent about pods that start or run", () => {
    const pods = [
      pod("a", {}),
      pod("b", {
        containerStatuses: [waiting("ContainerCreating")],
        initContainerStatuses: [waiting("PodInitializing")],
      }),
      pod("c", {
        initContainerStatuses: [{ name: "wait", state: { running: { startedAt: "2026-11-25T11:59:50Z" } } }],
      }),
      pod("d", { conditions: [{ type: "PodScheduled", status: "True" }] }),
      { metadata: { name: "e" } },
    ];
    assert.deepEqual(problems(pods), []);
  });

  it("names pod, container, image and the registry's own words when an image cannot be pulled", () => {
    const [problem] = problems([
      pod("parse-1", { containerStatuses: [waiting("ErrImagePull", "registry/parse:0: not found")] }),
    ]);
    assert.equal(
      problem?.text,
      "pod parse-1, container parse-server (image registry/parse:0): ErrImagePull: registry/parse:0: not found",
    );
  });

  it("has one key for both faces of a failed pull, and for every pod of a component", () => {
    const keys = problems([
      pod("parse-1", { containerStatuses: [waiting("ErrImagePull", "x")] }),
      pod("parse-2", { containerStatuses: [waiting("ImagePullBackOff", "y")] }),
    ]).map(({ key }) => key);
    assert.equal(new Set(keys).size, 1);
  });

  const ended = (name: string, state: object) => ({ name, image: "registry/parse:0", ...state });
  const endings: Record<string, [status: object, text: string, previous: boolean]> = {
    "waits to be started again": [
      waiting("CrashLoopBackOff", "back-off 10s", { terminated: { exitCode: 1, reason: "Error" } }),
      "ended (Error, exit code 1)",
      true,
    ],
    "runs again": [
      ended("parse-server", {
        state: { running: {} },
        lastState: { terminated: { exitCode: 137, reason: "OOMKilled" } },
      }),
      "ended (OOMKilled, exit code 137)",
      true,
    ],
    "was not started again yet": [
      ended("parse-server", { state: { terminated: { exitCode: 2, reason: "Error", message: "no such file\n" } } }),
      "ended (Error, exit code 2): no such file",
      false,
    ],
  };
  for (const [what, [status, text, previous]] of Object.entries(endings)) {
    it(`tells how a container ended that ${what}, and which one's last lines say more`, () => {
      const [problem, ...more] = problems([pod("parse-1", { containerStatuses: [status as never] })]);
      assert.equal(problem?.text, `pod parse-1, container parse-server (image registry/parse:0): ${text}`);
      assert.deepEqual(problem?.ended, { pod: "parse-1", container: "parse-server", previous });
      assert.deepEqual(more, []);
    });
  }

  it("is silent about a container that ended before, or ended well", () => {
    const finishedAt = "2026-11-25T11:00:00Z";
    const before = ended("a", { state: { running: {} }, lastState: { terminated: { exitCode: 1, finishedAt } } });
    const well = ended("b", { state: { terminated: { exitCode: 0, reason: "Completed" } } });
    assert.deepEqual(problems([pod("parse-1", { containerStatuses: [before, well] })]), []);
  });

  it("tells why a node gave a pod up", () => {
    const [problem] = problems([
      pod("parse-1", { phase: "Failed", reason: "Evicted", message: "The node was low on resource: memory." }),
    ]);
    assert.equal(problem?.text, "pod parse-1 was ended: Evicted: The node was low on resource: memory.");
  });

  it("tells a missing Secret and a pod without a node", () => {
    const texts = problems([
      pod("parse-1", { initContainerStatuses: [waiting("CreateContainerConfigError", 'secret "a" not found')] }),
      pod("parse-2", {
        conditions: [
          { type: "PodScheduled", status: "False", reason: "Unschedulable", message: "0/3 nodes are available" },
        ],
      }),
    ]).map(({ text }) => text);
    assert.match(texts[0] ?? "", /secret "a" not found/);
    assert.equal(texts[1], "pod parse-2 finds no node: 0/3 nodes are available");
  });

  it("tells an init container that waits too long", () => {
    const init = { name: "wait-for-database", image: "i", state: { running: { startedAt: "2026-11-25T11:59:00Z" } } };
    const [problem] = problems([pod("parse-1", { initContainerStatuses: [init] })]);
    assert.match(problem?.text ?? "", /container wait-for-database .* has not ended after 60 s/);
  });
});
