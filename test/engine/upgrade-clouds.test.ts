/** A customer on Google Cloud, with agents, whose stack the last release made: all in stand-ins, the cluster too. */
import assert from "node:assert/strict";
import { chmodSync, writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { mirrorFolders } from "../../lab/mirror";
import { labFluxManifest } from "../../lab/mirror/flux";
import { OWN_PROVIDERS } from "../support/engine/attached-plugins";
import { ApiServerStandIn } from "../support/kubernetes/api-server-stand-in";
import { differences } from "../support/upgrade/changes";
import { LAST_RELEASE } from "../support/upgrade/release";
import { assertExpected, ReleasedStack } from "../support/upgrade/released-stack";

/** An object of Flux's that is ready. */
const READY = {
  metadata: { name: "any", generation: 1 },
  spec: {},
  status: { observedGeneration: 1, conditions: [{ type: "Ready", status: "True" }] },
};

/** The API of a cluster that has objects of Flux's, and the record of Parse's release once that was made. */
class EmptyCluster extends ApiServerStandIn {
  released = false;

  override answer = ({ method, url = "" }: IncomingMessage, response: ServerResponse): void => {
    response.setHeader("content-type", "application/json");
    const found = method === "GET" ? this.found(url) : undefined;
    response.writeHead(found ? 200 : 404).end(JSON.stringify(found ?? { message: `${url} not found` }));
  };

  private found(url: string): object | undefined {
    if (url.includes("toolkit.fluxcd.io/") && !url.includes("customresourcedefinitions")) return READY;
    if (!url.includes("labelSelector=")) return undefined;
    const record = {
      metadata: { name: "sh.helm.release.v1.parse-server.v1", labels: { version: "1", status: "deployed" } },
    };
    return { metadata: {}, items: this.released && url.includes("/secrets?") ? [record] : [] };
  }

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

/** What prod's settings have as a comment, with keys that are registered by an API and a webhook. */
const gitops = {
  manifestSha256: labFluxManifest.sha256,
  repositories: [
    {
      name: "fleet",
      url: "ssh://git@github.com/acme/fleet.git",
      authentication: {
        kind: "ssh",
        knownHosts: ["github.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"],
        registration: { kind: "github" },
      },
    },
  ],
  kustomizations: [{ name: "apps", repository: "fleet", path: "./customers/acme" }],
  receiver: { server: "github" },
};

/** Prod's settings with agents, and with a store whose directory is claimed. */
function settingsOf(prod: Record<string, unknown>): object {
  const backup = prod.backup as { locations: object[] };
  const elsewhere = { kind: "s3", name: "elsewhere", endpoint: "https://s3.example.com", bucket: "acme", region: "eu" };
  const locations = [...backup.locations, elsewhere];
  return { ...prod, sources: mirrorFolders, gitops, backup: { ...backup, locations } };
}

describe(`a stack on Google Cloud that release ${LAST_RELEASE} made`, () => {
  const cluster = new EmptyCluster();
  let stack: ReleasedStack;
  let outputs: Record<string, unknown>;

  before(async () => {
    await cluster.start();
    const variables = { ONPREM_LAB_KUBECONFIG: cluster.writeKubeconfig() };
    stack = new ReleasedStack("upgraded-prod", { providers: [...OWN_PROVIDERS, "kubernetes"], variables });
    await stack.begin((release) => settingsOf(release("Pulumi.prod.yaml")));
    const secrets = [
      "onprem:gitops.repositories[0].authentication.registration.token=token-of-nobody",
      "onprem:backup.locations[2].accessKeyId=key-of-nobody",
      "onprem:backup.locations[2].secretAccessKey=secret-of-nobody",
    ];
    await stack.succeed("config", "set-all", "--path", ...secrets.flatMap((secret) => ["--secret", secret]));
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
