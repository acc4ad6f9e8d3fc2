import assert from "node:assert/strict";
import { type PodSummary, podProblems } from "../../../components/parse/pod-problems";

const NOW = Date.parse("2026-11-25T12:00:00Z");

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
    assert.deepEqual(podProblems(pods, NOW), []);
  });

  it("names pod, container, image and the registry's own words when an image cannot be pulled", () => {
    const [problem] = podProblems(
      [pod("parse-1", { containerStatuses: [waiting("ErrImagePull", "registry/parse:0: not found")] })],
      NOW,
    );
    assert.equal(
      problem?.text,
      "pod parse-1, container parse-server (image registry/parse:0): ErrImagePull: registry/parse:0: not found",
    );
  });

  it("has one key for both faces of a failed pull, and for every pod of a component", () => {
    const keys = podProblems(
      [
        pod("parse-1", { containerStatuses: [waiting("ErrImagePull", "x")] }),
        pod("parse-2", { containerStatuses: [waiting("ImagePullBackOff", "y")] }),
      ],
      NOW,
    ).map(({ key }) => key);
    assert.equal(new Set(keys).size, 1);
  });

  it("tells how a crashing container ended", () => {
    const crash = waiting("CrashLoopBackOff", "back-off 10s", { terminated: { exitCode: 1, reason: "Error" } });
    const [problem] = podProblems([pod("parse-1", { containerStatuses: [crash] })], NOW);
    assert.match(problem?.text ?? "", /crashes \(Error, exit code 1\)/);
  });

  it("tells a missing Secret and a pod without a node", () => {
    const texts = podProblems(
      [
        pod("parse-1", { initContainerStatuses: [waiting("CreateContainerConfigError", 'secret "a" not found')] }),
        pod("parse-2", {
          conditions: [
            { type: "PodScheduled", status: "False", reason: "Unschedulable", message: "0/3 nodes are available" },
          ],
        }),
      ],
      NOW,
    ).map(({ text }) => text);
    assert.match(texts[0] ?? "", /secret "a" not found/);
    assert.equal(texts[1], "pod parse-2 finds no node: 0/3 nodes are available");
  });

  it("tells an init container that waits too long", () => {
    const init = { name: "wait-for-database", image: "i", state: { running: { startedAt: "2026-11-25T11:59:00Z" } } };
    const [problem] = podProblems([pod("parse-1", { initContainerStatuses: [init] })], NOW);
    assert.match(problem?.text ?? "", /container wait-for-database .* has not ended after 60 s/);
  });
});
