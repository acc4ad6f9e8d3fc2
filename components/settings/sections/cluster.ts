import { z } from "zod";
import { defaultKubernetesLine } from "../../releases/releases";
import { kubernetesMinor, rangeV4, secret, text } from "../fields";

const existing = z.strictObject({
  kind: z.literal("existing").describe("A cluster that is already there: the customer's own, or the lab's."),
  kubeconfig: text()
    .meta({ allowed: "path of a kubeconfig file", example: "customers/acme.kubeconfig" })
    .optional()
    .describe(
      "Path of the kubeconfig, relative to the project. Relative paths in that file start at its own folder. Give this or `kubeconfigContents`.",
    ),
  kubeconfigContents: secret("the text of a kubeconfig")
    .optional()
    .describe("The text of the kubeconfig, without relative paths. Give this or `kubeconfig`."),
  context: text().optional().describe("Context of the kubeconfig to use; its current one when absent."),
});

const authorisedNetwork = z.strictObject({
  name: text().meta({ example: "office" }).describe("What the range is, as shown in the cloud console."),
  range: rangeV4("203.0.113.0/24").describe("Addresses that may reach the control plane."),
});

const network = z
  .strictObject({
    nodeRange: rangeV4("10.10.0.0/20")
      .describe("Addresses of the nodes. It can become a range that holds this one.")
      .default("10.10.0.0/20"),
    podRange: rangeV4("10.20.0.0/16")
      .describe("Addresses of the pods; each node takes a /24 of it.")
      .default("10.20.0.0/16"),
    serviceRange: rangeV4("10.30.0.0/20").describe("Addresses of the Services.").default("10.30.0.0/20"),
    controlPlaneRange: rangeV4("172.16.0.0/28")
      .describe("Addresses of the control plane's private endpoint; must be a /28.")
      .default("172.16.0.0/28"),
  })
  .prefault({})
  .describe(
    "Address ranges; they must not overlap one another, Rancher's network or networks the customer peers with. Others make another cluster, and are refused while `deletionProtection` is on.",
  );

const maintenanceWindow = z
  .strictObject({
    start: z
      .string()
      .regex(/^([01][0-9]|2[0-3]):[0-5][0-9]$/)
      .meta({ allowed: 'a time of day in UTC in quotes, such as "02:00"', example: "02:00" })
      .describe("Start of the window, UTC.")
      .default("02:00"),
    hours: z
      .int()
      .min(4)
      .max(24)
      .describe("Length of the window in hours. GKE asks for at least 4, and for 12 in a week.")
      .default(8),
    days: z
      .array(z.enum(["MO", "TU", "WE", "TH", "FR", "SA", "SU"]))
      .min(1)
      .describe("Days of the week with a window.")
      .default(["SA", "SU"]),
  })
  .prefault({})
  .describe("When Google may upgrade the control plane and the nodes.");

const gke = z.strictObject({
  kind: z.literal("gke").describe("A private GKE cluster that this stack creates."),
  createdBy: z
    .enum(["platform", "rancher"])
    .optional()
    .describe(
      "Take it out: this program makes every GKE cluster, and registers it in Rancher where `rancher` is set. `platform` does nothing but warn, and the next release refuses it. `rancher` is refused: [what to do](rancher.md#a-cluster-that-rancher-created).",
    ),
  project: z
    .string()
    .regex(/^[a-z][-a-z0-9]{4,28}[a-z0-9]$/)
    .meta({ allowed: "a Google Cloud project id", example: "acme-platform" })
    .describe("Google Cloud project."),
  region: z
    .string()
    .regex(/^[a-z]+-[a-z]+[0-9]+$/)
    .meta({ allowed: "a Google Cloud region", example: "europe-west3" })
    .describe("Region of the cluster."),
  availability: z
    .enum(["regional", "zonal"])
    .describe("`regional`: control plane and nodes in several zones. `zonal`: one zone, cheaper, down with that zone.")
    .default("regional"),
  zones: z
    .array(
      z
        .string()
        .regex(/^[a-z]+-[a-z]+[0-9]+-[a-z]$/)
        .meta({ allowed: "a zone of the cluster's region", example: "europe-west3-a" }),
    )
    .min(1)
    .optional()
    .describe("Zones of the nodes; exactly one for `zonal`. Google chooses three for `regional` when absent."),
  nodes: z.int().min(1).max(300).describe("Nodes in all; a multiple of the number of zones.").default(3),
  machineType: z
    .string()
    .regex(/^[a-z][0-9][a-z]?-[a-z]+-[0-9]+(-[0-9]+)?$|^e2-(medium|small)$/)
    .meta({ allowed: "a Compute Engine machine type", example: "e2-standard-4" })
    .describe("Machine type of the nodes.")
    .default("e2-standard-4"),
  diskSizeGb: z.int().min(30).max(65536).describe("Boot disk of each node, GB.").default(100),
  network,
  authorisedNetworks: z
    .array(authorisedNetwork)
    .describe(
      "Who may reach the control plane, the machine that runs `pulumi` among them. Rancher's own address is added where `rancher` is set. Empty: nobody outside the cluster's network.",
    )
    .default([]),
  acknowledgePublicControlPlane: z
    .boolean()
    .describe("Says in so many words that `0.0.0.0/0` in `authorisedNetworks` is meant.")
    .default(false),
  kubernetesVersion: kubernetesMinor()
    .describe("Kubernetes minor to create or upgrade to; one minor at a time.")
    .default(defaultKubernetesLine),
  releaseChannel: z
    .enum(["RAPID", "REGULAR", "STABLE", "EXTENDED"])
    .describe("GKE release channel.")
    .default("REGULAR"),
  maintenanceWindow,
  deletionProtection: z
    .boolean()
    .describe(
      "Refuses to delete or replace the cluster and the key of its secrets; set it to false and run `pulumi up` before a `pulumi destroy`, or before a change of what the cluster cannot change: `project`, `region`, `availability`, `network`.",
    )
    .default(true),
  labels: z
    .record(
      z
        .string()
        .regex(/^[a-z][-_a-z0-9]{0,62}$/)
        .meta({ allowed: "a label key in lower case", example: "cost-centre" }),
      z
        .string()
        .regex(/^[-_a-z0-9]{0,63}$/)
        .meta({ allowed: "a label value in lower case", example: "4711" }),
    )
    .describe("Further labels of the cloud resources; `customer` and `managed-by` are always set.")
    .default({}),
});

/** The Kubernetes cluster that everything runs in. */
export const cluster = z
  .discriminatedUnion("kind", [existing, gke])
  .describe("The Kubernetes cluster: one that is there already, or a GKE cluster that this stack makes.");
