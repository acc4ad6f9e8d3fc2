import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { createSecret, pullSecret, type SecretContent } from "../../../components/kubernetes/secret";
import { runProgram } from "../../support/pulumi-mocks";

const metadata = { name: "login", namespace: "apps" };

const created = async (content: SecretContent) => {
  const run = await runProgram(() => createSecret("login", content, {}));
  return run.one("kubernetes:core/v1:Secret");
};

describe("a Secret", () => {
  it("has its texts as UTF-8 in base64, encrypted in the state, whether they came as secrets or not", async () => {
    const texts = { plain: "Zoë", given: pulumi.secret("t0ken"), empty: "" };
    const { additionalSecretOutputs, inputs, secretInputs } = await created({ metadata, type: "Opaque", texts });
    assert.deepEqual(inputs, {
      apiVersion: "v1",
      kind: "Secret",
      metadata,
      type: "Opaque",
      data: { plain: "Wm/Dqw==", given: "dDBrZW4=", empty: "" },
    });
    assert.deepEqual(secretInputs, ["data"]);
    assert.ok(additionalSecretOutputs.includes("data"));
  });

  it("says its type and that it is immutable only where it is told to: each is a change of an existing stack", async () => {
    assert.deepEqual(Object.keys((await created({ metadata, texts: { a: "b" } })).inputs).sort(), [
      "apiVersion",
      "data",
      "kind",
      "metadata",
    ]);
    assert.equal((await created({ metadata, immutable: true, texts: { a: "b" } })).inputs.immutable, true);
  });

  it("for an image registry has the type and the key that the kubelet looks for", async () => {
    const { inputs } = await created(pullSecret(metadata, pulumi.secret("{}")));
    assert.equal(inputs.type, "kubernetes.io/dockerconfigjson");
    assert.deepEqual(inputs.data, { ".dockerconfigjson": "e30=" });
  });
});
