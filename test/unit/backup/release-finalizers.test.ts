import assert from "node:assert/strict";
import { type Call, releaseFinalizers } from "../../../components/backup/in-cluster/release-finalizers";

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
});
