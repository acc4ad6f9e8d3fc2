import assert from "node:assert/strict";
import { gke, rancher } from "../../../support/settings/valid-settings";
import { findings, type Refusal, refuses } from "./findings";

const REFUSED: readonly Refusal[] = [
  [
    "a kubeconfig given twice",
    { cluster: { kind: "existing", kubeconfig: "a", kubeconfigContents: "b" } },
    /^onprem:cluster\.kubeconfig: both/,
  ],
  ["no kubeconfig at all", { cluster: { kind: "existing" } }, /^onprem:cluster\.kubeconfig: neither/],
  ["a zone outside the region", { cluster: gke({ zones: ["us-east1-b"] }) }, /zones\[0\]: "us-east1-b", outside/],
  ["a zonal cluster without a zone", { cluster: gke({ availability: "zonal" }) }, /^onprem:cluster\.zones: nothing/],
  ["nodes that cannot be spread evenly", { cluster: gke({ nodes: 4 }) }, /^onprem:cluster\.nodes: 4 nodes in 3 zones/],
  [
    "a Kubernetes minor that nobody supports",
    { cluster: gke({ kubernetesVersion: "1.20" }) },
    /kubernetesVersion: "1\.20"/,
  ],
  [
    "overlapping ranges",
    { cluster: gke({ network: { podRange: "10.10.0.0/16" } }) },
    /nodeRange: .*overlaps onprem:cluster\.network\.podRange/,
  ],
  [
    "ranges that overlap Rancher's",
    { cluster: gke(), rancher: rancher({ networkRange: "10.30.1.0/24" }) },
    /serviceRange: .*onprem:rancher\.networkRange/,
  ],
  [
    "a pod range for fewer nodes than asked for",
    { cluster: gke({ network: { podRange: "10.20.0.0/23" } }) },
    /podRange: .*enough for 2 nodes/,
  ],
  [
    "a control-plane range that is no /28",
    { cluster: gke({ network: { controlPlaneRange: "172.16.0.0/24" } }) },
    /controlPlaneRange/,
  ],
  [
    "a control plane open to the world",
    { cluster: gke({ authorisedNetworks: [{ name: "all", range: "0.0.0.0/0" }] }) },
    /whole internet/,
  ],
  [
    "a cluster made by Rancher",
    { cluster: gke({ createdBy: "rancher" }), rancher: rancher({ googleServiceAccountKey: "{}" }) },
    /^onprem:cluster\.createdBy: "rancher"$/,
  ],
  [
    "a Rancher that does not support the Kubernetes version",
    { cluster: gke({ kubernetesVersion: "1.36" }), rancher: rancher() },
    /rancher\.version: "2\.14\.4" with Kubernetes 1\.36/,
  ],
  [
    "a Rancher line that is unknown",
    { cluster: gke(), rancher: rancher({ version: "2.6.1" }) },
    /rancher\.version: "2\.6\.1"/,
  ],
  [
    "a Rancher beside an existing cluster without a project",
    { rancher: rancher() },
    /^onprem:rancher\.project: nothing/,
  ],
  [
    "a password under 12 characters",
    { cluster: gke(), rancher: rancher(), access: { users: [{ name: "jane", initialPassword: "short" }] } },
    /initialPassword: a value that is not shown/,
  ],
  [
    "a private key where a certificate is due",
    {
      cluster: gke(),
      rancher: rancher({
        tls: { kind: "provided", certificate: "-----BEGIN RSA PRIVATE KEY-----\nx", privateKey: "x" },
      }),
    },
    /certificate: a PEM RSA PRIVATE KEY/,
  ],
  ["access without Rancher", { access: {} }, /^onprem:access: access without/],
  [
    "a member who is no user",
    { cluster: gke(), rancher: rancher(), access: { members: [{ user: "joe", role: "read-only" }] } },
    /members\[0\]\.user: "joe"/,
  ],
  [
    "a role that does not exist",
    { cluster: gke(), rancher: rancher(), access: { members: [{ group: "g", role: "king" }] } },
    /members\[0\]\.role: "king"/,
  ],
  [
    "a role that grants everything",
    {
      cluster: gke(),
      rancher: rancher(),
      access: { roles: [{ name: "king", rules: [{ resources: ["*"], verbs: ["get"] }] }] },
    },
    /roles\[0\]\.rules\[0\]\.resources\[0\]: "\*", which grants/,
  ],
  [
    "a role by the name of one of Rancher's",
    {
      cluster: gke(),
      rancher: rancher(),
      access: { roles: [{ name: "read-only", rules: [{ resources: ["pods"], verbs: ["get"] }] }] },
    },
    /roles\[0\]\.name: "read-only", a role of Rancher's own/,
  ],
  [
    "a member and role given twice",
    {
      cluster: gke(),
      rancher: rancher(),
      access: { members: [1, 2].map(() => ({ group: "g", role: "read-only" })) },
    },
    /members\[1\]: what onprem:access\.members\[0\] says already/,
  ],
  [
    "less maintenance than GKE takes",
    { cluster: gke({ maintenanceWindow: { hours: 4, days: ["SA", "SU"] } }) },
    /maintenanceWindow\.hours: 4 hours on 2 days/,
  ],
  [
    "a control plane open to the world of IPv6",
    { cluster: gke({ authorisedNetworks: [{ name: "all", range: "::/0" }] }) },
    /authorisedNetworks\[0\]\.range: "::\/0"/,
  ],
  [
    "a zonal cluster in two zones",
    { cluster: gke({ availability: "zonal", zones: ["europe-west3-a", "europe-west3-b"], nodes: 4 }) },
    /^onprem:cluster\.zones: /,
  ],
];

describe("the rules of clusters, Rancher and access refuse", () => {
  refuses(REFUSED);

  it("a kubeconfig's text with paths that start nowhere, but not one with absolute paths", () => {
    const contents = (authority: string) =>
      JSON.stringify({
        "current-context": "acme",
        contexts: [
          { name: "acme", context: { cluster: "acme", user: "operator" } },
          { name: "other", context: { cluster: "acme", user: "nobody" } },
        ],
        clusters: [{ name: "acme", cluster: { server: "https://a", "certificate-authority": authority } }],
        users: [{ name: "operator", user: { tokenFile: authority, token: "s3cret", exec: { command: "gcloud" } } }],
      });
    const settings = (text: string) => ({ cluster: { kind: "existing", kubeconfigContents: text } });
    const [other] = findings({
      cluster: { kind: "existing", kubeconfigContents: contents("ca.pem"), context: "other" },
    });
    assert.match(other ?? "", /: relative paths: certificate-authority "ca\.pem" of acme$/);
    const [found, ...others] = findings(settings(contents("ca.pem")));
    assert.deepEqual(others, []);
    assert.match(
      found ?? "",
      /^onprem:cluster\.kubeconfigContents: relative paths: certificate-authority "ca\.pem" of acme, tokenFile "ca\.pem" of operator$/,
    );
    assert.deepEqual(findings(settings(contents("/etc/ca.pem"))), []);
  });

  it("a kubeconfig that is not there", () => {
    assert.match(
      findings({}, { fileExists: () => false }).join(),
      /^onprem:cluster\.kubeconfig: "acme\.kubeconfig", where there is no file$/,
    );
  });
});

describe("the rules of clusters, Rancher and access allow", () => {
  it("a zonal cluster with one zone", () => {
    assert.deepEqual(findings({ cluster: gke({ availability: "zonal", zones: ["europe-west3-a"], nodes: 4 }) }), []);
  });
});
