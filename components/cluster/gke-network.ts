import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { googleLabels, googleName } from "../google/names-and-labels";

/** Address ranges of a GKE cluster, in CIDR notation. */
export interface GkeRanges {
  /** Of the nodes. */
  readonly nodeRange: string;
  /** Of the pods. */
  readonly podRange: string;
  /** Of the Services. */
  readonly serviceRange: string;
  /** Of the control plane's private endpoint, a /28. */
  readonly controlPlaneRange: string;
}

/** Arguments of {@link GkeNetwork}. */
export interface GkeNetworkArgs extends GkeRanges {
  /** Customer's name. */
  readonly customer: string;
  /** Google Cloud region. */
  readonly region: string;
  /** Further labels. */
  readonly labels: Record<string, string>;
}

/** Where a GKE cluster lives in its network. */
export interface GkePlace {
  /** Name of the network. */
  readonly network: pulumi.Input<string>;
  /** Name of the subnet. */
  readonly subnetwork: pulumi.Input<string>;
  /** Name of the subnet's range for pods. */
  readonly podRangeName: string;
  /** Name of the subnet's range for Services. */
  readonly serviceRangeName: string;
}

/** Admission webhooks of Rancher (9443) and of ingress and monitoring operators (8443) that the control plane calls. */
const WEBHOOK_PORTS = ["8443", "9443"];

/**
 * The network of a private GKE cluster. Nodes have no address of their own; they leave through one static address,
 * which others can let in by name. Apart from the cluster, so that Rancher can be told that address before the cluster
 * is told Rancher's.
 */
export class GkeNetwork extends pulumi.ComponentResource {
  /** Where the cluster lives. */
  readonly place: GkePlace;
  /** Address from which the cluster's traffic comes. */
  readonly egressAddress: pulumi.Output<string>;

  constructor(name: string, args: GkeNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("onprem:cluster:GkeNetwork", name, {}, opts);
    const resourceName = googleName("gke", args.customer);
    const network = new gcp.compute.Network(
      "network",
      { name: resourceName, autoCreateSubnetworks: false, routingMode: "REGIONAL" },
      { parent: this },
    );
    const [podRangeName, serviceRangeName] = [
      rangeName("pods", args.podRange),
      rangeName("services", args.serviceRange),
    ];
    const secondaryIpRanges = [
      { rangeName: podRangeName, ipCidrRange: args.podRange },
      { rangeName: serviceRangeName, ipCidrRange: args.serviceRange },
    ];
    const subnetwork = this.subnetwork(resourceName, network, secondaryIpRanges, args);
    this.egressAddress = this.egress(resourceName, network, args);
    this.webhookFirewall(resourceName, network, args);
    this.place = { network: network.name, subnetwork: subnetwork.name, podRangeName, serviceRangeName };
    this.registerOutputs({ place: this.place, egressAddress: this.egressAddress });
  }

  private subnetwork(
    name: string,
    network: gcp.compute.Network,
    secondaryIpRanges: { rangeName: string; ipCidrRange: string }[],
    args: GkeNetworkArgs,
  ): gcp.compute.Subnetwork {
    return new gcp.compute.Subnetwork(
      "subnetwork",
      {
        name,
        region: args.region,
        network: network.id,
        ipCidrRange: args.nodeRange,
        secondaryIpRanges,
        // Nodes without a public address reach Google's APIs and registries this way.
        privateIpGoogleAccess: true,
        logConfig: { aggregationInterval: "INTERVAL_10_MIN", flowSampling: 0.1, metadata: "INCLUDE_ALL_METADATA" },
      },
      { parent: this },
    );
  }

  private egress(name: string, network: gcp.compute.Network, args: GkeNetworkArgs): pulumi.Output<string> {
    const address = new gcp.compute.Address(
      "egress-address",
      {
        name: `${name}-egress`,
        region: args.region,
        description: "Source of the cluster's traffic; others let it in by this address.",
        labels: googleLabels(args.customer, args.labels),
      },
      { parent: this },
    );
    const router = new gcp.compute.Router(
      "router",
      { name, region: args.region, network: network.id },
      { parent: this },
    );
    new gcp.compute.RouterNat(
      "nat",
      {
        name,
        region: args.region,
        router: router.name,
        natIpAllocateOption: "MANUAL_ONLY",
        natIps: [address.selfLink],
        sourceSubnetworkIpRangesToNat: "ALL_SUBNETWORKS_ALL_IP_RANGES",
        logConfig: { enable: true, filter: "ERRORS_ONLY" },
      },
      { parent: this },
    );
    return address.address;
  }

  /** GKE opens 443 and 10250 from the control plane to the nodes by itself; webhooks on other ports need a rule. */
  private webhookFirewall(name: string, network: gcp.compute.Network, args: GkeNetworkArgs): void {
    new gcp.compute.Firewall(
      "webhooks",
      {
        name: `${name}-webhooks`,
        network: network.id,
        description: "Admission webhooks that the control plane calls on the nodes.",
        direction: "INGRESS",
        sourceRanges: [args.controlPlaneRange],
        allows: [{ protocol: "tcp", ports: WEBHOOK_PORTS }],
      },
      { parent: this },
    );
  }
}

/**
 * Name of a range with the range in it: another range is then another cluster, which its protection refuses in the
 * preview. Under the same name Google would refuse it in the middle of `pulumi up`, since the range is in use.
 */
function rangeName(purpose: string, range: string): string {
  return `${purpose}-${range.replace(/[./]/g, "-")}`;
}
