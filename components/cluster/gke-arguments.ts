/** What a hardened GKE cluster is made of, as plain data. CIS GKE benchmark 5.x says why: https://cloud.google.com/kubernetes-engine/docs/concepts/cis-benchmarks */
import type * as gcp from "@pulumi/gcp";

/** Where the nodes are and how many there are. */
export interface GkeSize {
  /** Google Cloud region. */
  readonly region: string;
  /** `regional`: control plane and nodes in several zones. `zonal`: one zone. */
  readonly availability: "regional" | "zonal";
  /** Zones of the nodes; one for `zonal`. Absent: Google chooses three. */
  readonly zones: readonly string[] | undefined;
  /** Nodes in all zones together. */
  readonly nodes: number;
}

/** The same as Google's API wants it. */
export interface GkeLocation {
  /** Region, or zone of a zonal cluster. */
  readonly location: string;
  /** Zones of the nodes; absent where Google chooses. */
  readonly nodeLocations?: string[];
  /** Nodes in each zone. */
  readonly nodesPerZone: number;
}

/** When Google may upgrade the cluster. */
export interface MaintenanceWindow {
  /** Time of day, UTC, `HH:MM`. */
  readonly start: string;
  /** Length in hours. */
  readonly hours: number;
  /** Days of the week, `MO` to `SU`. */
  readonly days: readonly string[];
}

/** Zones that Google picks for a regional cluster that names none. */
const DEFAULT_ZONES = 3;

/** First day of the recurring window: any day in the past does, but it has to be the same in every run. */
const FIRST_WINDOW = "2026-01-03";

/**
 * Turns nodes in all into nodes a zone.
 * @throws RangeError for a zonal cluster without a zone, which the settings' own check refuses
 */
export function gkeLocation({ region, availability, zones, nodes }: GkeSize): GkeLocation {
  if (availability === "zonal") {
    const [zone] = zones ?? [];
    if (zone === undefined) throw new RangeError("a zonal cluster needs a zone");
    return { location: zone, nodesPerZone: nodes };
  }
  const nodeLocations = zones && [...zones];
  return {
    location: region,
    ...(nodeLocations && { nodeLocations }),
    nodesPerZone: nodes / (nodeLocations?.length ?? DEFAULT_ZONES),
  };
}

/** The recurring window as GKE wants it: a first occurrence and an RFC 5545 rule. */
export function maintenancePolicy({ start, hours, days }: MaintenanceWindow) {
  const first = new Date(`${FIRST_WINDOW}T${start}:00Z`);
  const end = new Date(first.getTime() + hours * 3_600_000);
  const instant = (time: Date) => time.toISOString().replace(".000Z", "Z");
  const recurrence = `FREQ=WEEKLY;BYDAY=${days.join(",")}`;
  return { recurringWindow: { startTime: instant(first), endTime: instant(end), recurrence } };
}

/** Properties that make a cluster safer than GKE's defaults, independent of its size and place. */
export function hardening(project: string) {
  return {
    // Only in-place and by name: the default pool is removed, nodes are the node pool's matter.
    removeDefaultNodePool: true,
    initialNodeCount: 1,
    networkingMode: "VPC_NATIVE",
    datapathProvider: "ADVANCED_DATAPATH",
    enableIntranodeVisibility: true,
    enableShieldedNodes: true,
    enableLegacyAbac: false,
    workloadIdentityConfig: { workloadPool: `${project}.svc.id.goog` },
    masterAuth: { clientCertificateConfig: { issueClientCertificate: false } },
    // The DNS endpoint answers from anywhere when open; Rancher's import needs the IP endpoint:
    // https://github.com/rancher/terraform-provider-rancher2/issues/1627
    controlPlaneEndpointsConfig: {
      dnsEndpointConfig: { allowExternalTraffic: false },
      ipEndpointsConfig: { enabled: true },
    },
    rbacBindingConfig: {
      enableInsecureBindingSystemAuthenticated: false,
      enableInsecureBindingSystemUnauthenticated: false,
    },
    binaryAuthorization: { evaluationMode: "PROJECT_SINGLETON_POLICY_ENFORCE" },
    securityPostureConfig: { mode: "BASIC", vulnerabilityMode: "VULNERABILITY_DISABLED" },
    nodePoolDefaults: { nodeConfigDefaults: { insecureKubeletReadonlyPortEnabled: "FALSE" } },
    loggingConfig: { enableComponents: ["SYSTEM_COMPONENTS", "WORKLOADS", "APISERVER"] },
    // The platform brings a Prometheus of its own; Google's would be paid for twice.
    monitoringConfig: { enableComponents: ["SYSTEM_COMPONENTS"], managedPrometheus: { enabled: false } },
    addonsConfig: { gcePersistentDiskCsiDriverConfig: { enabled: true }, dnsCacheConfig: { enabled: true } },
    costManagementConfig: { enabled: true },
  } satisfies gcp.container.ClusterArgs;
}

/** Properties of the nodes that make them safer than GKE's defaults. */
export const nodeHardening = {
  imageType: "COS_CONTAINERD",
  oauthScopes: ["https://www.googleapis.com/auth/cloud-platform"],
  shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
  workloadMetadataConfig: { mode: "GKE_METADATA" },
  metadata: { "disable-legacy-endpoints": "true" },
} satisfies Partial<gcp.types.input.container.NodePoolNodeConfig>;
