import assert from "node:assert/strict";
import { objectPath } from "../../../components/kubernetes/object-path";

describe("the path of objects in the API", () => {
  it("is below /api for the core's kinds, and below /apis for a group's", () => {
    assert.equal(objectPath("secrets", "parse", "keys"), "/api/v1/namespaces/parse/secrets/keys");
    assert.equal(objectPath("backups.v1.velero.io", "velero"), "/apis/velero.io/v1/namespaces/velero/backups");
  });

  it("has no namespace for what lies in none", () => {
    assert.equal(objectPath("namespaces", undefined, "parse"), "/api/v1/namespaces/parse");
    assert.equal(objectPath("deployments.v1.apps"), "/apis/apps/v1/deployments");
  });
});
