import assert from "node:assert/strict";
import * as kubernetes from "@pulumi/kubernetes";
import { givenName } from "../../../components/kubernetes/given-name";
import { outputValue, runProgram } from "../../support/pulumi-mocks";

describe("the name that an object is given", () => {
  it("is known in a preview, and whatever takes it comes after the object", async () => {
    const { result, one } = await runProgram(
      () => {
        const map = new kubernetes.core.v1.ConfigMap("map", { metadata: { name: "settings-1" } });
        const name = givenName(map, "settings-1");
        new kubernetes.core.v1.ConfigMap("user", { data: { settings: name } });
        return name;
      },
      { preview: true },
    );
    assert.equal(await outputValue(result), "settings-1");
    const user = one("kubernetes:core/v1:ConfigMap", "user");
    assert.deepEqual(user.inputs.data, { settings: "settings-1" });
    assert.deepEqual(user.dependencies, [one("kubernetes:core/v1:ConfigMap", "map").urn]);
  });
});
