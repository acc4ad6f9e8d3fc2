import type { CloudContext, CloudType } from "../cloud/cloud-type";
import { letters } from "../cloud/deterministic";
import { labCluster } from "../gcp/lab-cluster";
import type { PropertyMap } from "../plugin/property-values";
import { BOOTSTRAP, CLUSTER, CLUSTER_SYNC, CREDENTIAL, generatedId, ofCluster, token } from "./tokens";

const MINIMUM_PASSWORD_LENGTH = 12;

function block(value: unknown): PropertyMap {
  return (value ?? {}) as PropertyMap;
}

/** What Rancher answers to a password that is too short. */
export function checkPassword(property: string, password: unknown) {
  if (typeof password !== "string" || password.length >= MINIMUM_PASSWORD_LENGTH) return [];
  const reason = `must be at least ${MINIMUM_PASSWORD_LENGTH} characters, not ${password.length}`;
  return [{ property, reason }];
}

const bootstrap: CloudType = {
  autoName: false,
  id: (_properties, context) => `user-${letters(`${context.account} admin`, 5)}`,
  check: ({ password }) => checkPassword("password", password),
  computed(properties, context) {
    const existing = context.content.resources.find(
      ({ type, account }) => type === BOOTSTRAP && account === context.account,
    );
    const made = token(context, "bootstrap");
    const password = properties.password ?? `generated-${letters(`${context.account} password`, 20)}`;
    const renewed = existing === undefined || properties.tokenUpdate === true;
    return {
      password,
      currentPassword: password,
      url: context.account,
      user: "admin",
      token: renewed ? made.value : (existing.properties.token ?? made.value),
      tokenId: renewed ? made.id : (existing.properties.tokenId ?? made.id),
    };
  },
  sharesId: true,
  refuseCreate(_properties, { settings, content, account }) {
    if (settings.bootstrap !== true)
      return "[ERROR] rancher2_bootstrap just available on bootstrap mode: set bootstrap on the provider";
    const done = content.resources.some((entry) => entry.type === BOOTSTRAP && entry.account === account);
    return done ? "[ERROR] Bootstrapping Rancher: 401 Unauthorized: initialPassword is not valid any more" : undefined;
  },
};

function registration(id: string, context: CloudContext): PropertyMap {
  const secret = letters(`${context.account} registration ${id}`, 54);
  const manifestUrl = `${context.account}/v3/import/${secret}_${id}.yaml`;
  const node = `sudo docker run -d --privileged --restart=unless-stopped --net=host rancher/rancher-agent --server ${context.account} --token ${secret}`;
  return {
    ...{ id: `${id}:default-token`, name: "default-token", clusterId: id, token: secret, manifestUrl },
    ...{ command: `kubectl apply -f ${manifestUrl}`, nodeCommand: node, windowsNodeCommand: "" },
    insecureCommand: `curl --insecure -sfL ${manifestUrl} | kubectl apply -f -`,
    ...{ insecureNodeCommand: node, insecureWindowsNodeCommand: "", annotations: {}, labels: {} },
  };
}

/** The kubeconfig by which Rancher hands a cluster out: the lab's where there is one, else one that leads nowhere. */
function kubeconfig(clusterId: string, context: CloudContext): string {
  const lab = labCluster();
  if (lab) return lab.kubeconfig;
  const server = `${context.account}/k8s/clusters/${clusterId}`;
  return JSON.stringify({
    ...{ apiVersion: "v1", kind: "Config", "current-context": clusterId },
    clusters: [{ name: clusterId, cluster: { server } }],
    users: [{ name: clusterId, user: { token: `kubeconfig-user-${letters(`${context.account} ${clusterId}`, 40)}` } }],
    contexts: [{ name: clusterId, context: { cluster: clusterId, user: clusterId } }],
  });
}

/** The GKE cluster that Rancher imports, in the ledger of the stand-in Google Cloud. */
function importedGke(properties: PropertyMap, { content }: CloudContext): { name: string; found: boolean } | undefined {
  const gke = block(properties.gkeConfigV2);
  if (gke.imported !== true) return undefined;
  const location = gke.region ?? gke.zone;
  const id = `projects/${String(gke.projectId)}/locations/${String(location)}/clusters/${String(gke.name)}`;
  return { name: id, found: content.resources.some((entry) => entry.type.startsWith("gcp:") && entry.id === id) };
}

const cluster: CloudType = {
  id: generatedId("c-"),
  references: [
    // Rancher needs the credential to the end: for the deletion of the cluster too.
    { path: "gkeConfigV2.googleCredentialSecret", to: CREDENTIAL, onTargetDeletion: "refuse" },
  ],
  check(inputs) {
    const gke = block(inputs.gkeConfigV2);
    if (inputs.gkeConfigV2 === undefined || (gke.region === undefined) !== (gke.zone === undefined)) return [];
    return [{ property: "gkeConfigV2", reason: "must hold exactly one of region and zone" }];
  },
  computed: (properties, context, id) => ({
    clusterRegistrationToken: registration(id, context),
    defaultProjectId: `${id}:p-${letters(`${context.account} ${id} default`, 5)}`,
    systemProjectId: `${id}:p-${letters(`${context.account} ${id} system`, 5)}`,
    driver: properties.gkeConfigV2 === undefined ? "imported" : "GKE",
    kubeConfig: properties.gkeConfigV2 === undefined ? "" : kubeconfig(id, context),
    fleetWorkspaceName: properties.fleetWorkspaceName ?? "fleet-default",
    annotations: properties.annotations ?? {},
    labels: properties.labels ?? {},
  }),
  refuseCreate(properties, context) {
    const twin = context.content.resources.find(
      ({ type, account, properties: other }) =>
        type === CLUSTER && account === context.account && other.name === properties.name,
    );
    if (twin)
      return `Bad response statusCode [422]. Body: [code=NotUnique, message=cluster name ${String(properties.name)}]`;
    const gke = importedGke(properties, context);
    if (gke && !gke.found) return `[ERROR] waiting for cluster: GKE cluster ${gke.name} was not found (404)`;
    return undefined;
  },
  refuseDelete({ id, properties }, context) {
    const gke = importedGke(properties, context);
    if (!gke || gke.found) return undefined;
    return `[ERROR] waiting for cluster (${id}) to be removed: its GKE cluster ${gke.name} is gone, and its finalizers wait for it`;
  },
};

/** Whether Rancher knows the cluster to be active: it waits for that itself, or a ClusterSync did. */
export function isActive(clusterId: unknown, { content, account }: CloudContext): boolean {
  if (clusterId === "local") return true;
  const mine = content.resources.filter((entry) => entry.account === account);
  const found = mine.find(({ type, id }) => type === CLUSTER && id === clusterId);
  if (found?.properties.driver !== "imported") return found !== undefined;
  return mine.some(({ type, properties }) => type === CLUSTER_SYNC && properties.clusterId === clusterId);
}

/** Rancher's first login, its clusters, and the credentials for them. */
export const clusterTypes: { [token: string]: CloudType } = {
  [BOOTSTRAP]: bootstrap,
  [CREDENTIAL]: {
    id: (properties, context) => `cattle-global-data:${generatedId("cc-")(properties, context)}`,
    check({ googleCredentialConfig }) {
      const file = block(googleCredentialConfig).authEncodedJson;
      if (typeof file !== "string" || /^\s*\{[\s\S]*"type"\s*:\s*"service_account"[\s\S]*\}\s*$/.test(file)) return [];
      const reason = "must be the JSON key file of a service account as it is, not encoded";
      return [{ property: "googleCredentialConfig.authEncodedJson", reason }];
    },
  },
  [CLUSTER]: cluster,
  [CLUSTER_SYNC]: {
    autoName: false,
    sharesId: true,
    id: "{clusterId}",
    references: [ofCluster],
    computed(properties, context) {
      const clusterId = String(properties.clusterId);
      const found = context.content.resources.find(
        ({ type, id, account }) => type === CLUSTER && id === clusterId && account === context.account,
      );
      return {
        kubeConfig: kubeconfig(clusterId, context),
        defaultProjectId: found?.properties.defaultProjectId ?? "",
        systemProjectId: found?.properties.systemProjectId ?? "",
      };
    },
  },
};
