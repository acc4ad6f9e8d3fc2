import { type CloudContext, type CloudType, valuesAt } from "../cloud/cloud-type";
import { addressIn, digits, externalAddress } from "../cloud/deterministic";
import type { PropertyMap } from "../plugin/property-values";
import { labCluster } from "./lab-cluster";
import { networkReference, subnetworkReference } from "./network";
import { accountReference, lastPart, projectNumber, projectOf } from "./projects";
import { CRYPTO_KEY } from "./security";
import { standInCertificate } from "./stand-in-certificate";

export const CLUSTER = "gcp:container/cluster:Cluster";

/** The Kubernetes versions that GKE offers here, newest first, by minor. */
export const VERSIONS = ["1.36.2-gke.1100000", "1.35.5-gke.1200000", "1.34.8-gke.1300000", "1.33.11-gke.1400000"];

/** The full version for a version or a beginning of one; undefined when GKE has none. */
export function fullVersion(wanted: unknown): string | undefined {
  if (wanted === undefined || wanted === "latest" || wanted === "-") return VERSIONS[1];
  const given = String(wanted);
  return VERSIONS.find(
    (version) => version === given || version.startsWith(`${given}.`) || version.startsWith(`${given}-`),
  );
}

function block(value: unknown): PropertyMap {
  return (value ?? {}) as PropertyMap;
}

function computedCluster(properties: PropertyMap, _context: CloudContext, id: string): PropertyMap {
  const lab = labCluster();
  const privateRange = block(properties.privateClusterConfig).masterIpv4CidrBlock;
  const endpoint = lab?.endpoint ?? externalAddress(id);
  const version = fullVersion(properties.minMasterVersion);
  const name = lastPart(id);
  const dnsEndpoint = block(block(properties.controlPlaneEndpointsConfig).dnsEndpointConfig);
  return {
    endpoint,
    masterAuth: {
      clientCertificateConfig: { issueClientCertificate: false },
      ...block(properties.masterAuth),
      clusterCaCertificate: lab?.certificateAuthority ?? Buffer.from(standInCertificate).toString("base64"),
    },
    masterVersion: version ?? "",
    nodeVersion: version ?? "",
    privateClusterConfig: {
      ...block(properties.privateClusterConfig),
      privateEndpoint: addressIn(String(privateRange ?? "172.16.0.0/28"), id),
      publicEndpoint: endpoint,
    },
    controlPlaneEndpointsConfig: {
      ...block(properties.controlPlaneEndpointsConfig),
      dnsEndpointConfig: {
        allowExternalTraffic: false,
        ...dnsEndpoint,
        endpoint: `gke-${digits(id, 16)}-${projectNumber(String(properties.project))}.${lastPart(properties.location)}.gke.goog`,
      },
    },
    selfLink: `https://container.googleapis.com/v1/${id}`,
    servicesIpv4Cidr: block(properties.ipAllocationPolicy).servicesIpv4CidrBlock ?? "34.118.224.0/20",
    nodeLocations: properties.nodeLocations ?? nodeLocations(String(properties.location)),
    networkingMode: properties.networkingMode ?? "VPC_NATIVE",
    operation: `operation-${digits(`${id} ${name}`, 13)}`,
  };
}

/** Google chooses three zones of a region. */
function nodeLocations(location: string): string[] {
  return /-[a-z]$/.test(location) ? [] : ["a", "b", "c"].map((zone) => `${location}-${zone}`);
}

/** GKE encrypts with the key as its own service agent, which must be allowed to. */
function refuseKey(properties: PropertyMap, { content }: CloudContext): string | undefined {
  const key = block(properties.databaseEncryption).keyName;
  if (key === undefined || block(properties.databaseEncryption).state === "DECRYPTED") return undefined;
  const agent = `service-${projectNumber(String(properties.project))}@container-engine-robot.iam.gserviceaccount.com`;
  const allowed = content.resources.some(
    ({ type, properties: grant }) =>
      type === "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember" &&
      grant.cryptoKeyId === key &&
      grant.role === "roles/cloudkms.cryptoKeyEncrypterDecrypter" &&
      grant.member === `serviceAccount:${agent}`,
  );
  if (allowed) return undefined;
  return `googleapi: Error 400: Cloud KMS key ${String(key)}: permission cloudkms.cryptoKeyVersions.useToEncrypt denied for ${agent}, badRequest`;
}

function refuseRanges({ ipAllocationPolicy, subnetwork }: PropertyMap, { content }: CloudContext): string | undefined {
  const policy = block(ipAllocationPolicy);
  const wanted = ["clusterSecondaryRangeName", "servicesSecondaryRangeName"].flatMap((name) => policy[name] || []);
  const found = content.resources.find(
    ({ type, properties }) => type.endsWith(":Subnetwork") && properties.name === lastPart(subnetwork),
  );
  const known = valuesAt(found?.properties, "secondaryIpRanges.rangeName");
  const missing = found ? wanted.find((name) => !known.includes(name)) : undefined;
  if (missing === undefined) return undefined;
  return `googleapi: Error 400: Pod secondary range "${String(missing)}" does not exist in subnetwork "${lastPart(subnetwork)}", badRequest`;
}

function refuseVersion(wanted: unknown): string | undefined {
  if (fullVersion(wanted)) return undefined;
  return `googleapi: Error 400: Master version "${String(wanted)}" is unsupported; GKE here has ${VERSIONS.join(", ")}, badRequest`;
}

const minor = (version: unknown): number => Number(String(version).split(".")[1]);

function refuseMove(from: unknown, to: unknown): string | undefined {
  const [old, wanted] = [minor(from), minor(fullVersion(to))];
  if (wanted < old) return `googleapi: Error 400: Master cannot be downgraded from ${String(from)}, badRequest`;
  if (wanted > old + 1)
    return `googleapi: Error 400: Master can only be upgraded one minor version at a time from ${String(from)}, badRequest`;
  return undefined;
}

/** Kubernetes clusters. */
export const containerTypes: { [token: string]: CloudType } = {
  [CLUSTER]: {
    id: (properties, context) =>
      `projects/${projectOf(properties, context)}/locations/${String(properties.location ?? context.settings.region)}/clusters/${String(properties.name)}`,
    references: [
      networkReference("network"),
      subnetworkReference("subnetwork"),
      { path: "databaseEncryption.keyName", to: CRYPTO_KEY },
      accountReference("nodeConfig.serviceAccount"),
    ],
    check: ({ name, removeDefaultNodePool, initialNodeCount, nodePools, enableAutopilot }) => [
      ...(typeof name !== "string" || /^[a-z](?:[-a-z0-9]{0,38}[a-z0-9])?$/.test(name)
        ? []
        : [{ property: "name", reason: `must be 1-40 lower-case letters, digits and hyphens, not "${name}"` }]),
      ...(initialNodeCount === undefined && nodePools === undefined && enableAutopilot !== true
        ? [{ property: "initialNodeCount", reason: "is required, unless nodePools or enableAutopilot are given" }]
        : []),
      ...(removeDefaultNodePool === true && nodePools !== undefined
        ? [{ property: "removeDefaultNodePool", reason: "cannot be given with nodePools" }]
        : []),
    ],
    computed: computedCluster,
    refuseCreate: (properties, context) =>
      refuseVersion(properties.minMasterVersion) ?? refuseRanges(properties, context) ?? refuseKey(properties, context),
    refuseUpdate: (old, properties) =>
      refuseVersion(properties.minMasterVersion) ??
      (properties.minMasterVersion === undefined
        ? undefined
        : refuseMove(old.masterVersion, properties.minMasterVersion)),
    refuseDelete: ({ properties }) =>
      properties.deletionProtection === true
        ? "cannot destroy cluster because deletionProtection is set to true. Set it to false to proceed with cluster deletion"
        : undefined,
  },
  "gcp:container/nodePool:NodePool": {
    id: (properties, context) => {
      const cluster = String(properties.cluster);
      const location = String(properties.location ?? context.settings.region);
      const parent = cluster.includes("/")
        ? cluster
        : `projects/${projectOf(properties, context)}/locations/${location}/clusters/${cluster}`;
      return `${parent}/nodePools/${String(properties.name)}`;
    },
    references: [
      { path: "cluster", to: CLUSTER, onTargetDeletion: "cascade" },
      accountReference("nodeConfig.serviceAccount"),
    ],
    computed: ({ version, location }, { content }, id) => {
      const cluster = content.resources.find(({ type, id: parent }) => type === CLUSTER && id.startsWith(`${parent}/`));
      const full = version === undefined ? cluster?.properties.masterVersion : (fullVersion(version) ?? version);
      return {
        version: String(full ?? VERSIONS[1]),
        location: location ?? cluster?.properties.location ?? "",
        instanceGroupUrls: [`https://www.googleapis.com/compute/v1/${id}/instanceGroup`],
        managedInstanceGroupUrls: [`https://www.googleapis.com/compute/v1/${id}/instanceGroupManager`],
      };
    },
  },
};
