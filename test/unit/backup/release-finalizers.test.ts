import assert from "node:assert/strict";
import { type Call, patient, releaseFinalizers } from "../../../components/backup/in-cluster/release-finalizers";

const DEPLOYMENT = "/apis/apps/v1/namespaces/velero/deployments/velero";
const RESTORES = "/apis/velero.io/v1/namespaces/velero/restores";

/** A cluster whose Deployment is, or is not, being deleted. */
function cluster(deployment: { status: number; deletionTimestamp?: string }) {
  const patched: string[] = [];
  const call: Call = async (method, path) => {
    if (path === DEPLOYMENT) {
      return { status: deployment.status, body: { metadata: { deletionTimestamp: deployment.deletionTimestamp } } };
    }
    if (method === "PATCH") {
      patched.push(path);
      return { status: 200, body: {} };
    }
    if (path !== RESTORES) return { status: 404, body: {} };
    const items = [
      { metadata: { name: "held", finalizers: ["restores.velero.io/external-resources-finalizer"] } },
      { metadata: { name: "free" } },
    ];
    return { status: 200, body: { items } };
  };
  return { call, patched };
}

describe("what holds the namespace of a deleted Velero", () => {
  it("is released once Velero's Deployment is being deleted, or is gone", async () => {
    for (const deployment of [{ status: 200, deletionTimestamp: "2026-11-25T00:00:00Z" }, { status: 404 }]) {
      const { call, patched } = cluster(deployment);
      assert.deepEqual(await releaseFinalizers("velero", "velero", call), ["restores/held"]);
      assert.deepEqual(patched, [`${RESTORES}/held`]);
    }
  });

  it("stays when the pod is only replaced", async () => {
    const { call, patched } = cluster({ status: 200 });
    assert.deepEqual(await releaseFinalizers("velero", "velero", call), []);
    assert.deepEqual(patched, []);
  });

  it("is released though the API fails now and then, has too much to do, or takes what it was sent and loses the answer", async () => {
    const { call, patched } = cluster({ status: 404 });
    let calls = 0;
    const failing: Call = async (...question) => {
      calls += 1;
      if (calls % 4 === 1) throw new Error("no answer within 10 s");
      if (calls % 4 === 2) return { status: 429, body: {} };
      const answer = await call(...question);
      if (calls % 4 === 3) throw new Error("socket hang up");
      return answer;
    };
    assert.deepEqual(await releaseFinalizers("velero", "velero", patient(failing, 60_000, 1)), ["restores/held"]);
    assert.deepEqual([...new Set(patched)], [`${RESTORES}/held`]);
  });

  it("is given up with the reason once the patience is over", async () => {
    const silent: Call = () => Promise.reject(new Error("no answer within 10 s"));
    await assert.rejects(releaseFinalizers("velero", "velero", patient(silent, 20, 1)), /no answer within 10 s/);
  });
});
