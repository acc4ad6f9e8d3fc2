import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { googleLabels, googleName } from "../google/names-and-labels";

/** Arguments of {@link RancherNetwork}. */
export interface RancherNetworkArgs {
  /** Customer's name. */
  readonly customer: string;
  /** Google Cloud region. */
  readonly region: string;
  /** Addresses of the subnet, in CIDR notation. */
  readonly range: string;
  /** Who may reach port 443, in CIDR notation. */
  readonly allowedRanges: readonly string[];
  /** Addresses of clusters, which may reach port 443 too. */
  readonly clusterAddresses: readonly pulumi.Input<string>[];
  /** Opens port 80 to everyone: Let's Encrypt asks there, and does not say from where. */
  readonly openForLetsEncrypt: boolean;
  /** E-mail of the VM's service account, which the rules are for. */
  readonly machineAccount: pulumi.Input<string>;
  /** Name that leads to the address. */
  readonly hostname: string;
  /** Record to make in Cloud DNS. Absent: none, the customer makes it. */
  readonly dns:
    | { readonly managedZone: string; readonly project: string | undefined; readonly ttlSeconds: number }
    | undefined;
  /** Refuses to give up the address. */
  readonly deletionProtection: boolean;
  /** Further labels. */
  readonly labels: Record<string, string>;
}

/** From where Google's Identity-Aware Proxy forwards SSH: https://cloud.google.com/iap/docs/using-tcp-forwarding */
const IAP_RANGE = "35.235.240.0/20";

/** Network, address, name and firewall of the Rancher server. */
export class RancherNetwork extends pulumi.ComponentResource {
  /** The static public address. */
  readonly address: pulumi.Output<string>;
  /** Link to the subnet. */
  readonly subnetwork: pulumi.Output<string>;
  /** Rules and records without which the server cannot be reached. */
  readonly wayIn: pulumi.Resource[];

  constructor(
    name: string,
    private readonly args: RancherNetworkArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("onprem:rancher:RancherNetwork", name, {}, opts);
    const resourceName = googleName("rancher", args.customer);
    const { region } = args;
    const network = new gcp.compute.Network(
      "network",
      { name: resourceName, autoCreateSubnetworks: false, routingMode: "REGIONAL" },
      { parent: this },
    );
    const subnetwork = new gcp.compute.Subnetwork(
      "subnetwork",
      {
        name: resourceName,
        region,
        network: network.id,
        ipCidrRange: args.range,
        privateIpGoogleAccess: true,
        logConfig: { aggregationInterval: "INTERVAL_10_MIN", flowSampling: 0.5, metadata: "INCLUDE_ALL_METADATA" },
      },
      { parent: this },
    );
    const address = new gcp.compute.Address(
      "address",
      { name: resourceName, region, labels: googleLabels(args.customer, args.labels) },
      { parent: this, protect: args.deletionProtection },
    );
    this.address = address.address;
    this.subnetwork = subnetwork.selfLink;
    this.wayIn = [...this.firewall(network), ...this.dnsRecord()];
    this.registerOutputs({ address: this.address });
  }

  private firewall(network: gcp.compute.Network): gcp.compute.Firewall[] {
    const { allowedRanges, clusterAddresses, openForLetsEncrypt } = this.args;
    const clusters = clusterAddresses.map((address) => pulumi.interpolate`${address}/32`);
    const https = this.rule(network, "https", "443", [...allowedRanges, ...clusters], "People and clusters.");
    this.rule(network, "ssh", "22", [IAP_RANGE], "SSH through Identity-Aware Proxy only.");
    if (!openForLetsEncrypt) return [https];
    return [https, this.rule(network, "http", "80", ["0.0.0.0/0"], "Let's Encrypt's challenge.")];
  }

  private rule(
    network: gcp.compute.Network,
    name: string,
    port: string,
    sourceRanges: pulumi.Input<string>[],
    description: string,
  ): gcp.compute.Firewall {
    return new gcp.compute.Firewall(
      name,
      {
        name: `${googleName("rancher", this.args.customer)}-${name}`,
        network: network.id,
        description,
        direction: "INGRESS",
        sourceRanges,
        targetServiceAccounts: [this.args.machineAccount],
        allows: [{ protocol: "tcp", ports: [port] }],
        logConfig: { metadata: "INCLUDE_ALL_METADATA" },
      },
      { parent: this },
    );
  }

  private dnsRecord(): gcp.dns.RecordSet[] {
    const { dns, hostname } = this.args;
    if (!dns) return [];
    const record = new gcp.dns.RecordSet(
      "dns-record",
      {
        name: `${hostname}.`,
        type: "A",
        ttl: dns.ttlSeconds,
        managedZone: dns.managedZone,
        ...(dns.project && { project: dns.project }),
        rrdatas: [this.address],
      },
      { parent: this },
    );
    return [record];
  }
}
