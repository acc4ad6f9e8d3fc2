import assert from "node:assert/strict";
import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { GkeCluster, type GkeClusterArgs } from "../../../components/cluster/gke-cluster";
import { isSecret, outputValue, type RunOptions, runProgram } from "../../support/pulumi-mocks";

const CLUSTER = "gcp:container/cluster:Cluster";
const NODE_POOL = "gcp:container/nodePool:NodePool";

const settings: GkeClusterArgs = {
  customer: "acme",
  project: "acme-platform",
  region: "europe-west3",
  availability: "regional",
  zones: ["europe-west3-a", "europe-west3-b", "europe-west3-c"],
  nodes: 3,
  place: { network: "gke-acme", subnetwork: "gke-acme", podRangeName: "pods", serviceRangeName: "services" },
  controlPlaneRange: "172.16.0.0/28",
  authorisedNetworks: [{ name: "office", range: "203.0.113.0/28" }],
  machineType: "e2-standard-4",
  diskSizeGb: 100,
  kubernetesVersion: "1.35",
  releaseChannel: "REGULAR",
  maintenanceWindow: { start: "02:00", hours: 8, days: ["SA", "SU"] },
  deletionProtection: true,
  labels: {},
};

function deploy(args: Partial<GkeClusterArgs> = {}, options: RunOptions = {}) {
  return runProgram(
    () => {
      const google = new gcp.Provider("google", { project: "acme-platform" });
      return new GkeCluster("cluster", { ...settings, ...args }, { providers: { gcp: google } });
    },
    {
      compute: ({ type }) =>
        type === CLUSTER ? { endpoint: "192.0.2.10", masterAuth: { clusterCaCertificate: "Q0E=" } } : undefined,
      call: (_token, inputs) => ({ ...inputs, number: "123456" }),
      ...options,
    },
  );
}

/** Each property of the cluster that makes it safer than GKE's default. */
const HARDENING: readonly [statement: string, property: string, value: unknown][] = [
  [
    "nodes have no public address",
    "privateClusterConfig",
    { enablePrivateNodes: true, enablePrivateEndpoint: false, masterIpv4CidrBlock: "172.16.0.0/28" },
  ],
  [
    "the control plane answers the authorised networks only, Google's other customers not among them",
    "masterAuthorizedNetworksConfig",
    { cidrBlocks: [{ displayName: "office", cidrBlock: "203.0.113.0/28" }], gcpPublicCidrsAccessEnabled: false },
  ],
  [
    "the DNS endpoint answers nobody outside, the IP endpoint stays for Rancher",
    "controlPlaneEndpointsConfig",
    { dnsEndpointConfig: { allowExternalTraffic: false }, ipEndpointsConfig: { enabled: true } },
  ],
  [
    "pods are known to Google by identities of their own",
    "workloadIdentityConfig",
    { workloadPool: "acme-platform.svc.id.goog" },
  ],
  ["network policies are enforced by Dataplane V2", "datapathProvider", "ADVANCED_DATAPATH"],
  ["traffic within a node is seen", "enableIntranodeVisibility", true],
  [
    "Secrets are encrypted with the customer's own key",
    "databaseEncryption",
    { state: "ENCRYPTED", keyName: "secrets-key-id" },
  ],
  [
    "there is no client certificate to lose",
    "masterAuth",
    { clientCertificateConfig: { issueClientCertificate: false } },
  ],
  [
    "images are subject to the project's policy",
    "binaryAuthorization",
    { evaluationMode: "PROJECT_SINGLETON_POLICY_ENFORCE" },
  ],
  ["nodes prove what they booted", "enableShieldedNodes", true],
  ["rights come from RBAC alone", "enableLegacyAbac", false],
  [
    "nothing can be granted to everyone",
    "rbacBindingConfig",
    { enableInsecureBindingSystemAuthenticated: false, enableInsecureBindingSystemUnauthenticated: false },
  ],
  [
    "the kubelet has no port without a login",
    "nodePoolDefaults",
    { nodeConfigDefaults: { insecureKubeletReadonlyPortEnabled: "FALSE" } },
  ],
  [
    "Google looks for insecure workloads",
    "securityPostureConfig",
    { mode: "BASIC", vulnerabilityMode: "VULNERABILITY_DISABLED" },
  ],
  [
    "logs of the system, the workloads and the API server are kept",
    "loggingConfig",
    { enableComponents: ["SYSTEM_COMPONENTS", "WORKLOADS", "APISERVER"] },
  ],
  [
    "metrics of the system are kept",
    "monitoringConfig",
    { enableComponents: ["SYSTEM_COMPONENTS"], managedPrometheus: { enabled: false } },
  ],
  ["upgrades come by a channel", "releaseChannel", { channel: "REGULAR" }],
  ["the network is VPC-native", "networkingMode", "VPC_NATIVE"],
  [
    "pods and Services have ranges of their own",
    "ipAllocationPolicy",
    { clusterSecondaryRangeName: "pods", servicesSecondaryRangeName: "services" },
  ],
  ["Google refuses to delete it", "deletionProtection", true],
  ["the default node pool goes", "removeDefaultNodePool", true],
  ["it is at the version asked for, at least", "minMasterVersion", "1.35"],
];

describe("GkeCluster", () => {
  describe("the cluster", () => {
    for (const [statement, property, value] of HARDENING) {
      it(statement, async () => {
        assert.deepEqual((await deploy()).one(CLUSTER).inputs[property], value);
      });
    }

    it("has no nodeConfig, which would replace it in every run", async () => {
      assert.equal((await deploy()).one(CLUSTER).inputs.nodeConfig, undefined);
    });

    it("is upgraded in its window only", async () => {
      const { maintenancePolicy } = (await deploy()).one(CLUSTER).inputs;
      assert.match(JSON.stringify(maintenancePolicy), /FREQ=WEEKLY;BYDAY=SA,SU/);
    });

    it("lets in an address that is only known later", async () => {
      const networks = [{ name: "rancher", range: pulumi.output("192.0.2.1/32") }];
      const { masterAuthorizedNetworksConfig } = (await deploy({ authorisedNetworks: networks })).one(CLUSTER).inputs;
      assert.deepEqual((masterAuthorizedNetworksConfig as { cidrBlocks: unknown }).cidrBlocks, [
        { displayName: "rancher", cidrBlock: "192.0.2.1/32" },
      ]);
    });

    it("lets in nobody where nobody is named, instead of everybody", async () => {
      const { masterAuthorizedNetworksConfig } = (await deploy({ authorisedNetworks: [] })).one(CLUSTER).inputs;
      assert.deepEqual(masterAuthorizedNetworksConfig, { cidrBlocks: [], gcpPublicCidrsAccessEnabled: false });
    });
  });

  describe("the key of its secrets", () => {
    it("is renewed every 90 days, can be brought back for 120, and is GKE's to use before the cluster is made", async () => {
      const run = await deploy();
      const key = run.one("gcp:kms/cryptoKey:CryptoKey");
      assert.equal(key.inputs.rotationPeriod, "7776000s");
      assert.equal(key.inputs.destroyScheduledDuration, "10368000s");
      const grant = run.one("gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember");
      assert.equal(grant.inputs.member, "serviceAccount:service-123456@container-engine-robot.iam.gserviceaccount.com");
      assert.ok(run.one(CLUSTER).dependencies.includes(grant.urn));
    });

    it("is named anew each time, since Google never forgets the name of a key", async () => {
      const run = await deploy();
      for (const type of ["gcp:kms/cryptoKey:CryptoKey", "gcp:kms/keyRing:KeyRing"]) {
        assert.equal(run.one(type).inputs.name, undefined);
      }
    });
  });

  describe("the nodes", () => {
    it("have an account of their own with the one role that nodes need", async () => {
      const run = await deploy();
      assert.equal(run.one("gcp:serviceaccount/account:Account").inputs.accountId, "gke-nodes-acme");
      const [grant, ...others] = run.all("gcp:projects/iAMMember:IAMMember");
      assert.deepEqual(others, []);
      assert.equal(grant?.inputs.role, "roles/container.defaultNodeServiceAccount");
      assert.ok(run.one(NODE_POOL).dependencies.includes(grant?.urn ?? ""));
    });

    it("boot securely, hide Google's metadata from pods, run Container-Optimized OS", async () => {
      const { nodeConfig } = (await deploy()).one(NODE_POOL).inputs as { nodeConfig: Record<string, unknown> };
      assert.deepEqual(nodeConfig.shieldedInstanceConfig, { enableSecureBoot: true, enableIntegrityMonitoring: true });
      assert.deepEqual(nodeConfig.workloadMetadataConfig, { mode: "GKE_METADATA" });
      assert.equal(nodeConfig.imageType, "COS_CONTAINERD");
      assert.deepEqual(nodeConfig.metadata, { "disable-legacy-endpoints": "true" });
      assert.equal(nodeConfig.machineType, "e2-standard-4");
      assert.equal(nodeConfig.diskSizeGb, 100);
    });

    it("are repaired and upgraded one by one, never with fewer than asked for", async () => {
      const { inputs } = (await deploy()).one(NODE_POOL);
      assert.deepEqual(inputs.management, { autoRepair: true, autoUpgrade: true });
      assert.deepEqual(inputs.upgradeSettings, { strategy: "SURGE", maxSurge: 1, maxUnavailable: 0 });
      assert.deepEqual(inputs.networkConfig, { enablePrivateNodes: true });
    });

    it("are as many in each zone as make up the number in all", async () => {
      const count = async (args: Partial<GkeClusterArgs>) => (await deploy(args)).one(NODE_POOL).inputs.nodeCount;
      assert.equal(await count({}), 1);
      assert.equal(await count({ nodes: 9 }), 3);
      assert.equal(await count({ availability: "zonal", zones: ["europe-west3-a"], nodes: 4 }), 4);
    });

    it("are in a pool without a fixed name, so that a new one can come before the old one goes", async () => {
      const pool = (await deploy()).one(NODE_POOL);
      assert.equal(pool.inputs.name, undefined);
      assert.equal(pool.deleteBeforeReplace, false);
    });
  });

  describe("protection", () => {
    const protectedNames = async (deletionProtection: boolean) =>
      (await deploy({ deletionProtection })).registrations.filter((one) => one.protect).map(({ name }) => name);

    it("holds the cluster and its key, until the settings say otherwise", async () => {
      assert.deepEqual((await protectedNames(true)).sort(), ["cluster", "secrets-key"]);
      assert.deepEqual(await protectedNames(false), []);
    });
  });

  describe("the Kubernetes provider", () => {
    it("is the same for as long as the cluster is, whatever becomes of the kubeconfig", async () => {
      const provider = (await deploy()).one("pulumi:providers:kubernetes");
      assert.equal(provider.inputs.clusterIdentifier, "cluster-id");
      assert.ok(provider.secretInputs.includes("kubeconfig"));
    });

    it("waits for the nodes", async () => {
      const run = await deploy();
      assert.ok(run.one("pulumi:providers:kubernetes").dependencies.includes(run.one(NODE_POOL).urn));
    });
  });

  it("hands out a secret kubeconfig and where the cluster is", async () => {
    const { result } = await deploy();
    assert.ok(await isSecret(result.kubeconfig));
    assert.match(await outputValue(result.kubeconfig), /server: https:\/\/192\.0\.2\.10\n/);
    assert.equal(await outputValue(result.server), "https://192.0.2.10");
    assert.equal(result.location, "europe-west3");
    assert.equal(await outputValue(result.clusterName), "gke-acme");
  });

  it("can be previewed from nothing", async () => {
    const run = await deploy({}, { preview: true, compute: () => undefined });
    assert.equal(run.all(CLUSTER).length, 1);
    assert.equal(run.all(NODE_POOL).length, 1);
  });

  it("puts everything on the given provider, under itself, with the customer's labels", async () => {
    const run = await deploy({ labels: { "cost-centre": "4711" } });
    const component = run.one("onprem:cluster:GkeCluster");
    const labels = { "cost-centre": "4711", customer: "acme", "managed-by": "onprem-platform" };
    for (const one of run.registrations.filter(({ type }) => type.startsWith("gcp:"))) {
      assert.equal(one.parent, component.urn, one.name);
      assert.match(one.provider, /::google::google-id$/, one.name);
    }
    assert.deepEqual(run.one(CLUSTER).inputs.resourceLabels, labels);
    assert.deepEqual((run.one(NODE_POOL).inputs.nodeConfig as { resourceLabels: unknown }).resourceLabels, labels);
  });
});
