import assert from "node:assert/strict";
import { gke, rancher } from "../../../support/settings/valid-settings";
import { findings, type Refusal, refuses } from "./findings";

const REFUSED: readonly Refusal[] = [
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
    "a receiver that the platform makes itself",
    { monitoring: { receivers: [{ kind: "webhook", name: "watchdog", url: "https://a.example.com" }] } },
    /receivers\[0\]\.name: "watchdog", which the platform uses itself/,
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
    "a Git server whose key is not pinned",
    gitops({ repositories: [overSsh("ssh://git@git.example.com:2222/r.git", "git.example.com ssh-ed25519 AAAA")] }),
    /repositories\[0\]\.authentication\.knownHosts: no key of \[git\.example\.com\]:2222/,
  ],
  [
    "a token for a Git server of the customer's own, which would go to the public one",
    gitops({ repositories: [registered({ kind: "gitlab" })] }),
    /registration\.apiUrl: nothing, with a repository at git\.example\.com/,
  ],
  [
    "a token in clear text",
    gitops({ repositories: [registered({ kind: "gitlab", apiUrl: "http://git.example.com/api/v4" })] }),
    /registration\.apiUrl: "http:\S+", which takes the token in clear text/,
  ],
  [
    "a name that no Job can bear",
    gitops({
      repositories: [
        { ...registered({ kind: "gitlab", apiUrl: "https://git.example.com/api/v4" }), name: "f".repeat(43) },
      ],
      kustomizations: [{ name: "apps", repository: "f".repeat(43) }],
    }),
    /repositories\[0\]\.name: a name of 43 characters/,
  ],
  [
    "a path that GitHub cannot have",
    gitops({ repositories: [registered({ kind: "github", apiUrl: "https://git.example.com/api/v3" })] }),
    /registration\.kind: "github" with a path of 3 parts/,
  ],
  [
    "commits of images to a repository without a login",
    gitops({ imageAutomation: images({ repository: "fleet" }) }),
    /imageAutomation\.updates\[0\]\.repository: "fleet", which is read without a login/,
  ],
  [
    "commits of images to no repository",
    gitops({ imageAutomation: images({ repository: "moon" }) }),
    /imageAutomation\.updates\[0\]\.repository: "moon"/,
  ],
  [
    "a commit message in a form that Flux no longer has",
    gitops({
      repositories: [registered({ kind: "gitlab", apiUrl: "https://git.example.com/api/v4" })],
      imageAutomation: images({ repository: "fleet", commitMessage: "{{ .Updated.Images }}" }),
    }),
    /updates\[0\]\.commitMessage: a template with \.Updated/,
  ],
  ["a Flux whose manifest is not pinned", gitops({ version: "2.8.0" }), /gitops\.version: "2\.8\.0"/],
  [
    "a Flux that does not know the cluster's Kubernetes",
    { ...gitops({}), cluster: gke({ kubernetesVersion: "1.33" }) },
    /gitops\.version: "\S+" with Kubernetes 1\.33/,
  ],
  [
    "news of a repository that is not followed",
    gitops({ notifications: [{ kind: "slack", name: "chat", webhookUrl: "s3cr3t", repositories: ["library"] }] }),
    /notifications\[0\]\.repositories\[0\]: "library"/,
  ],
  [
    "two notifications of one name",
    gitops({ notifications: ["slack", "discord"].map((kind) => ({ kind, name: "chat", webhookUrl: "s3cr3t" })) }),
    /notifications\[1\]\.name: "chat"/,
  ],
  [
    "a commit status at a web address that the repository's does not tell",
    gitops({
      repositories: [overSsh("ssh://git@git.example.com:2222/r.git", "[git.example.com]:2222 ssh-ed25519 AAAA")],
      commitStatus: [{ repository: "fleet", server: "gitea", token: "s3cr3t" }],
    }),
    /commitStatus\[0\]\.address: none/,
  ],
  [
    "a commit status of what is not applied",
    gitops({
      repositories: ["fleet", "library"].map((name) => ({
        ...{ name, url: `https://git.example.com/${name}.git`, authentication: { kind: "anonymous" } },
      })),
      commitStatus: [{ repository: "library", server: "gitea", token: "s3cr3t" }],
    }),
    /commitStatus\[0\]\.repository: "library", from which no Kustomization is applied/,
  ],
  [
    "a webhook without a certificate",
    gitops({ receiver: { server: "github", ingress: { host: "hooks.example.com", tls: {} } } }),
    /receiver\.ingress\.tls\.secretName: neither/,
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

function overSsh(url: string, ...knownHosts: string[]): Record<string, unknown> {
  return { name: "fleet", url, authentication: { kind: "ssh", knownHosts } };
}

function registered(registration: Record<string, unknown>): Record<string, unknown> {
  const knownHosts = ["git.example.com ssh-ed25519 AAAA"];
  const authentication = { kind: "ssh", knownHosts, registration: { token: "s3cr3t", ...registration } };
  return { name: "fleet", url: "ssh://git@git.example.com/acme/platform/fleet.git", authentication };
}

function images(update: Record<string, unknown>): Record<string, unknown> {
  return {
    images: [{ name: "parse", image: "registry.example.com/acme/parse", policy: { kind: "semver", range: "9.x" } }],
    updates: [{ name: "fleet", author: { email: "flux@example.com" }, ...update }],
  };
}

function gitops(more: Record<string, unknown>): Record<string, unknown> {
  const repositories = [
    { name: "fleet", url: "https://git.example.com/fleet.git", authentication: { kind: "anonymous" } },
  ];
  return { gitops: { repositories, kustomizations: [{ name: "apps", repository: "fleet" }], ...more } };
}

describe("the rules between settings refuse", () => {
  refuses(REFUSED);

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

  it("every part with its defaults", () => {
    const parts = { cluster: gke(), rancher: rancher(), access: {}, monitoring: {}, backup: {}, ...gitops({}) };
    assert.deepEqual(findings(parts), []);
  });
});
