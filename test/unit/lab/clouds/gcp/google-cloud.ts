import { gcpProvider } from "../../../../../lab/clouds/gcp/provider";
import type { PropertyMap } from "../../../../../lab/plugins/property-values";
import { CloudClient, type Remembered, TestLedger } from "../cloud-client";

export const NETWORK = "gcp:compute/network:Network";
export const SUBNETWORK = "gcp:compute/subnetwork:Subnetwork";
export const ADDRESS = "gcp:compute/address:Address";
export const INSTANCE = "gcp:compute/instance:Instance";
export const DISK = "gcp:compute/disk:Disk";
export const ACCOUNT = "gcp:serviceaccount/account:Account";
export const MEMBER = "gcp:projects/iAMMember:IAMMember";
export const CLUSTER = "gcp:container/cluster:Cluster";
export const POOL = "gcp:container/nodePool:NodePool";
export const SECRET = "gcp:secretmanager/secret:Secret";
export const SECRET_VERSION = "gcp:secretmanager/secretVersion:SecretVersion";
export const KEY_RING = "gcp:kms/keyRing:KeyRing";
export const CRYPTO_KEY = "gcp:kms/cryptoKey:CryptoKey";
export const KEY_MEMBER = "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember";

/** What a change that is none is answered with. */
export const withoutChange = { changed: [], replaces: [], deleteBeforeReplace: false };

/** An empty Google Cloud for one test, and the resources that many tests begin with. */
export class GoogleCloud {
  private constructor(
    readonly ledger: TestLedger,
    readonly client: CloudClient,
  ) {}

  static async open(): Promise<GoogleCloud> {
    const ledger = new TestLedger();
    const settings = { project: "acme-platform", region: "europe-west3" };
    return new GoogleCloud(ledger, await CloudClient.connect(gcpProvider(), settings));
  }

  close(): void {
    this.client.close();
    this.ledger.remove();
  }

  network(name = "acme"): Promise<Remembered> {
    return this.client.create(NETWORK, "network", { name, autoCreateSubnetworks: false });
  }

  /** A subnet in a network of its own. */
  async subnetwork(inputs: PropertyMap = {}): Promise<Remembered> {
    const { id } = await this.network();
    const range = { name: "nodes", network: id, ipCidrRange: "10.0.0.0/20" };
    return this.client.create(SUBNETWORK, "nodes", { ...range, ...inputs });
  }
}

/** The inputs of a VM. */
export function machine(subnetworkLink: unknown, inputs: PropertyMap = {}): PropertyMap {
  return {
    name: "rancher",
    zone: "europe-west3-a",
    machineType: "e2-standard-4",
    bootDisk: { initializeParams: { image: "ubuntu-os-cloud/ubuntu-2404-lts-amd64", size: 20 } },
    networkInterfaces: [{ subnetwork: String(subnetworkLink) }],
    ...inputs,
  };
}
