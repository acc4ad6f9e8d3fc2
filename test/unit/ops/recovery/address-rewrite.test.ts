import assert from "node:assert/strict";
import { addressRewrite } from "../../../../ops/recovery/address-rewrite";

const map = (name: string, data: Record<string, string>) => ({ metadata: { name }, data });

describe("a copy's ConfigMaps", () => {
  it("name the copy's Services in place of the original's", () => {
    const settings = map("server.v1", {
      "settings.json": '{"hosts":["db.parse.svc.cluster.local:5432"]}',
      other: "as it was",
    });
    const { resourceModifierRules } = JSON.parse(addressRewrite([settings], "parse", "parse-drill") ?? "");
    const [{ conditions, mergePatches }] = resourceModifierRules;
    assert.deepEqual(conditions, { groupResource: "configmaps", resourceNameRegex: "^server\\.v1$" });
    assert.deepEqual(JSON.parse(mergePatches[0].patchData), {
      data: { "settings.json": '{"hosts":["db.parse-drill.svc.cluster.local:5432"]}' },
    });
  });

  it("stay as they are where they name none, or another namespace's", () => {
    assert.equal(
      addressRewrite([map("a", { x: "db.parse-two.svc" }), map("b", {})], "parse", "parse-drill"),
      undefined,
    );
  });
});
