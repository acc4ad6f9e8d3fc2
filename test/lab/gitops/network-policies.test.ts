import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { flux, fluxManifest } from "../../../components/releases/releases";
import { mirrorFolders } from "../../../lab/mirror";
import { kubectlWith } from "../../../lab/node/start";
import type { Manifest } from "../../support/chart/render";
import { type Connection, ProbePods } from "../../support/lab/probe-pods";
import { until } from "../../support/lab/until";

const ofFlux = "policies-flux";
const elsewhere = "policies-beside-flux";

/** Flux's own policies, which the program takes from the release: the last one where Git servers call. */
const connections: Readonly<Record<string, readonly Connection[]>> = {
  "allow-egress": [
    ["outsider", "controller", 9090, "closed"],
    ["peer", "controller", 9090, "open"],
    ["controller", "outsider", 8080, "open"],
  ],
  "allow-scraping": [
    ["outsider", "controller", 8080, "open"],
    ["outsider", "peer", 8081, "closed"],
  ],
  "allow-webhooks": [["outsider", "receiver", 9292, "open"]],
};

describe("Flux's NetworkPolicies, in force", () => {
  const file = join(mirrorFolders.manifests, new URL(fluxManifest(flux.version).url).pathname);
  const policies = parseAllDocuments(readFileSync(file, "utf8"))
    .map((document) => document.toJS() as Manifest)
    .filter((object) => object?.kind === "NetworkPolicy");
  const pods = new ProbePods([
    { namespace: ofFlux, name: "controller", labels: { app: "source-controller" }, ports: [8080, 9090] },
    { namespace: ofFlux, name: "peer", labels: { app: "kustomize-controller" }, ports: [8081] },
    { namespace: ofFlux, name: "receiver", labels: { app: "notification-controller" }, ports: [9292] },
    { namespace: elsewhere, name: "outsider", labels: {}, ports: [8080] },
  ]);
  before(() => pods.create());
  after(() => pods.remove());

  it("let through what they say, and nothing else", async () => {
    assert.deepEqual(policies.map(({ metadata }) => metadata.name).sort(), Object.keys(connections).sort());
    const all = Object.values(connections).flat();
    const open = all.map(([from, to, port]): Connection => [from, to, port, "open"]);
    assert.deepEqual(await pods.tried(open), open, "without them every connection comes about");
    const items = policies.map((policy) => ({ ...policy, metadata: { ...policy.metadata, namespace: ofFlux } }));
    await kubectlWith({ apiVersion: "v1", kind: "List", items }, "create");
    const closed = all.filter(([, , , outcome]) => outcome === "closed");
    await until("the policies' force", async () =>
      (await pods.tried(closed)).every(([, , , outcome]) => outcome === "closed"),
    );
    assert.deepEqual(await pods.tried(all), all);
  });
});
