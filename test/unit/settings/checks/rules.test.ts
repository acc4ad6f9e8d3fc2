import assert from "node:assert/strict";
import { quantity } from "../../../../components/settings/checks/rules";

describe("a Kubernetes quantity", () => {
  it("is a number of bytes or cores", () => {
    assert.deepEqual(["1Gi", "1024Mi", "1G", "250m", "2", "0.5"].map(quantity), [2 ** 30, 2 ** 30, 1e9, 0.25, 2, 0.5]);
  });
});
