import assert from "node:assert/strict";
import { parseSettings, type SettingsContext, SettingsError } from "../../../../components/settings";
import { formatPath } from "../../../../components/settings/property-path";
import { gke, rancher, smallest } from "../valid-settings";

/** `path: what was given` of each problem. */
function findings(more: Record<string, unknown>, context: SettingsContext = {}): string[] {
  try {
    parseSettings({ ...smallest(), ...more }, context);
    return [];
  } catch (error) {
    assert.ok(error instanceof SettingsError);
    return error.problems.map(({ path, given }) => `${formatPath(path)}: ${given}`);
  }
}

/** Settings that a rule refuses, each with the one finding it gives. */
const REFUSED: readonly [statement: string, settings: Record<string, unknown>, finding: RegExp][] = [
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
    "a cluster made by a Rancher that is not there",
    { cluster: gke({ createdBy: "rancher" }) },
    /createdBy: .*no onprem:rancher/,
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
    "replicas beside autoscaling",
    { parse: { replicas: 2, autoscaling: { maxReplicas: 3 } } },
    /^onprem:parse\.replicas: 2, together/,
  ],
  [
    "fewer pods at most than at least",
    { parse: { autoscaling: { minReplicas: 4, maxReplicas: 3 } } },
    /maxReplicas: 3, less/,
  ],
  [
    "the master key from anywhere",
    { parse: { masterKeyAllowedRanges: ["::/0"] } },
    /masterKeyAllowedRanges\[0\]: .*whole internet/,
  ],
  [
    "an option that the platform sets",
    { parse: { options: { serverURL: "http://x" } } },
    /options\.serverURL: an option that the platform sets itself/,
  ],
  [
    "an option that is a secret",
    { parse: { options: { encryptionKey: "s3cr3t" } } },
    /options\.encryptionKey: what looks like a secret/,
  ],
  [
    "a secret deep in an option",
    { parse: { options: { push: { android: { apiKey: "s3cr3t" } } } } },
    /options\.push\.android\.apiKey: what looks/,
  ],
  [
    "an option with a password in an address",
    { parse: { options: { liveQuery: { redisURL: "redis://u:s3cr3t@r" } } } },
    /redisURL: what looks/,
  ],
  [
    "a database address of another engine",
    { parse: { database: { kind: "external", engine: "mongodb", uri: "postgres://x" } } },
    /database\.uri: an address of another kind/,
  ],
  [
    "a MongoDB that Parse does not support",
    { parse: { database: { kind: "mongodb", version: "6.0.1" } } },
    /database\.version: "6\.0\.1"/,
  ],
  ["an even number of members", { parse: { database: { kind: "mongodb", members: 4 } } }, /database\.members: 4/],
  [
    "a limit under the request",
    { parse: { resources: { limits: { memory: "128Mi" } } } },
    /resources\.limits\.memory: "128Mi", less/,
  ],
  [
    "an ingress without a certificate",
    { parse: { ingress: { host: "a.example.com", tls: {} } } },
    /ingress\.tls\.secretName: neither/,
  ],
  ["a public address that misses the mount path", { parse: { publicUrl: "https://a.example.com/api" } }, /publicUrl/],
  [
    "two receivers of one name",
    { monitoring: { receivers: [1, 2].map(() => ({ kind: "webhook", name: "a", url: "https://a.example.com" })) } },
    /receivers\[1\]\.name: "a", which/,
  ],
  [
    "a receiver's address that cannot be reached",
    { monitoring: { receivers: [{ kind: "webhook", name: "a", url: "alerts.example.com" }] } },
    /receivers\[0\]\.url: "alerts/,
  ],
  [
    "half a mail login",
    {
      monitoring: {
        receivers: [
          { kind: "email", name: "a", to: ["a@example.com"], from: "b@example.com", smarthost: "s:25", username: "u" },
        ],
      },
    },
    /username without/,
  ],
  ["more metrics than the volume holds", { monitoring: { storageSize: "10Gi" } }, /retentionSize: "40Gi" on/],
  [
    "a kustomization of no repository",
    gitops({ kustomizations: [{ name: "a", repository: "b" }] }),
    /kustomizations\[0\]\.repository: "b"/,
  ],
  [
    "an scp-like Git address",
    gitops({ repositories: [{ name: "fleet", url: "git@h:o/r.git", authentication: { kind: "anonymous" } }] }),
    /repositories\[0\]\.url/,
  ],
  [
    "an ssh address without a key",
    gitops({
      repositories: [{ name: "fleet", url: "ssh://git@h.example.com/r.git", authentication: { kind: "anonymous" } }],
    }),
    /authentication\.kind: "anonymous"/,
  ],
  [
    "image updates with a key that may not push",
    gitops({ imageUpdates: { repository: "fleet" } }),
    /imageUpdates\.repository: .*may not push/,
  ],
  ["a Velero whose release is not pinned", { backup: { version: "1.17.0" } }, /^onprem:backup\.version: "1\.17\.0"/],
  [
    "two default backup stores",
    { backup: { locations: ["a", "b"].map((name) => ({ kind: "minio", name, default: true })) } },
    /^onprem:backup\.locations: 2/,
  ],
  [
    "a schedule into no store",
    { backup: { schedules: [{ name: "a", cron: "0 1 * * *", retention: "1h", location: "moon" }] } },
    /schedules\[0\]\.location: "moon"/,
  ],
  [
    "one namespace for two parts",
    { parse: { namespace: "velero" }, backup: {} },
    /^onprem:backup\.namespace: "velero", which belongs to parse/,
  ],
  ["a namespace of Kubernetes' own", { parse: { namespace: "kube-system" } }, /parse\.namespace: .*Kubernetes/],
];

function gitops(more: Record<string, unknown>): Record<string, unknown> {
  const repositories = [
    { name: "fleet", url: "https://git.example.com/fleet.git", authentication: { kind: "anonymous" } },
  ];
  return { gitops: { repositories, kustomizations: [{ name: "apps", repository: "fleet" }], ...more } };
}

describe("the rules between settings refuse", () => {
  for (const [statement, settings, finding] of REFUSED) {
    it(statement, () => {
      const found = findings(settings);
      assert.equal(found.length, 1, found.join("\n"));
      assert.match(found[0] ?? "", finding);
      assert.doesNotMatch(found.join(), /s3cr3t/);
    });
  }

  it("kustomizations that wait for one another, each of them", () => {
    const found = findings(
      gitops({
        kustomizations: [
          { name: "a", repository: "fleet", dependsOn: ["b"] },
          { name: "b", repository: "fleet", dependsOn: ["a"] },
          { name: "c", repository: "fleet", dependsOn: ["a"] },
        ],
      }),
    );
    assert.deepEqual(found.length, 2, found.join("\n"));
  });

  it("a kubeconfig that is not there", () => {
    assert.match(
      findings({}, { fileExists: () => false }).join(),
      /^onprem:cluster\.kubeconfig: "acme\.kubeconfig", where there is no file$/,
    );
  });
});

describe("the rules between settings allow", () => {
  it("the whole internet where the settings say so in so many words", () => {
    const open = { authorisedNetworks: [{ name: "all", range: "0.0.0.0/0" }], acknowledgePublicControlPlane: true };
    const parse = { masterKeyAllowedRanges: ["0.0.0.0/0"], acknowledgeMasterKeyFromAnywhere: true };
    assert.deepEqual(findings({ cluster: gke(open), parse }), []);
  });

  it("options that are neither secret nor the platform's, a field named key among them", () => {
    const options = {
      maxUploadSize: "50mb",
      requestKeywordDenylist: [{ key: "_bsontype", value: "Code" }],
      databaseOptions: { maxPoolSize: 50 },
    };
    assert.deepEqual(findings({ parse: { options } }), []);
  });

  it("a zonal cluster with one zone", () => {
    assert.deepEqual(findings({ cluster: gke({ availability: "zonal", zones: ["europe-west3-a"], nodes: 4 }) }), []);
  });

  it("every part with its defaults", () => {
    const parts = { cluster: gke(), rancher: rancher(), access: {}, monitoring: {}, backup: {}, ...gitops({}) };
    assert.deepEqual(findings(parts), []);
  });
});
