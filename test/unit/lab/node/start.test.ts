import assert from "node:assert/strict";
import { saysReadySince } from "../../../../lab/node/start";

const node = (status: string, lastHeartbeatTime: string) => ({
  status: { conditions: [{ type: "Ready", status, lastHeartbeatTime }] },
});
const started = Date.parse("2026-01-01T10:00:05.700Z");

describe("the lab's node, once its kubelet was started,", () => {
  for (const [what, seen, ready] of [
    ["is ready when the kubelet says so", node("True", "2026-01-01T10:00:08Z"), true],
    ["is ready when the kubelet says so within its first second", node("True", "2026-01-01T10:00:05Z"), true],
    ["is not ready because it was before it stopped", node("True", "2026-01-01T10:00:04Z"), false],
    ["is not ready when the kubelet says that it is not", node("False", "2026-01-01T10:00:08Z"), false],
    ["is not ready before it has said anything", {}, false],
  ] as const)
    it(what, () => assert.equal(saysReadySince(seen, started), ready));
});
