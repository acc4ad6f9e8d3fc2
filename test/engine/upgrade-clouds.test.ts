/** A customer on Google Cloud whose stack the last release made: everything in stand-ins, the cluster too. */
import assert from "node:assert/strict";
import { chmodSync, writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { mirrorFolders } from "../../lab/mirror";
import { OWN_PROVIDERS } from "../support/engine/attached-plugins";
import { ApiServerStandIn } from "../support/kubernetes/api-server-stand-in";
import { differences } from "../support/upgrade/changes";
import { LAST_RELEASE } from "../support/upgrade/release";
import { assertExpected, ReleasedStack } from "../support/upgrade/released-stack";

/** The API of a cluster that has nothing but the record of Parse's release, once it was made. */
class EmptyCluster extends ApiServerStandIn {
  released = false;

  override answer = ({ method, url = "" }: IncomingMessage, response: ServerResponse): void => {
    const record = {
      metadata: { name: "sh.helm.release.v1.parse-server.v1", labels: { version: "1", status: "deployed" } },
    };
    const list = { metadata: {}, items: this.released && url.includes("/secrets?") ? [record] : [] };
    const isList = method === "GET" && url.includes("labelSelector=");
    response.setHeader("content-type", "application/json");
    response.writeHead(isList ? 200 : 404).end(JSON.stringify(isList ? list : { message: `${url} not found` }));
  };

  /** Writes the kubeconfig by which the stand-in of GKE leads here. */
  writeKubeconfig(): string {
    const base64 = (text: string) => Buffer.from(text).toString("base64");
    const user = { "client-certificate-data": base64(this.certificate), "client-key-data": base64(this.key) };
    const file = join(this.folder, "kubeconfig");
    writeFileSync(file, this.kubeconfig({ user }));
    chmodSync(file, 0o600);
    return file;
  }
}

describe(`a stack on Google Cloud that release ${LAST_RELEASE} made`, () => {
  const cluster = new EmptyCluster();
  let stack: ReleasedStack;
  let outputs: Record<string, unknown>;

  before(async () => {
    await cluster.start();
    const variables = { ONPREM_LAB_KUBECONFIG: cluster.writeKubeconfig() };
    stack = new ReleasedStack("upgraded-prod", { providers: [...OWN_PROVIDERS, "kubernetes"], variables });
    await stack.begin((release) => ({ ...release("Pulumi.prod.yaml"), sources: mirrorFolders }));
    // Without its policies: those of 0.1.0 refused the VM once its metadata was known.
    await stack.up();
    cluster.released = true;
    outputs = await stack.outputValues();
    stack.takeToday();
  });
  after(async () => {
    await stack?.forget();
    cluster.stop();
  });

  it("is changed by today's program in what is expected alone, and refused by no policy", async () => {
    assertExpected("prod", await stack.planned());
  });

  it("keeps its outputs, and has nothing to change after one update", async () => {
    await stack.succeed("up", "--yes", "--skip-preview", ...stack.policies);
    assert.deepEqual(differences(outputs, await stack.outputValues()), ["versions.platform"]);
    await stack.expectNoChanges();
  });
});
