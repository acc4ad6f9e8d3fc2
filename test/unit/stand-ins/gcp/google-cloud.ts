import assert from "node:assert/strict";
import { gcpProvider } from "../../../../stand-ins/gcp/provider";
import type { PropertyMap } from "../../../../stand-ins/plugin/property-values";
import { CloudClient, type Remembered, TestLedger } from "../../../support/clouds/cloud-client";

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

/** An empty Google Cloud for each test, and the resources that many tests begin with. */
export class GoogleCloud {
  private connected: { readonly ledger: TestLedger; readonly client: CloudClient } | undefined;

  /** Opens one before each test of the `describe` this is called in, and closes it afterwards. */
  static forEachTest(): GoogleCloud {
    const google = new GoogleCloud();
    beforeEach(async () => {
      const ledger = new TestLedger();
      const settings = { project: "acme-platform", region: "europe-west3" };
      google.connected = { ledger, client: await CloudClient.connect(gcpProvider(), settings) };
    });
    afterEach(() => {
      google.connected?.client.close();
      google.connected?.ledger.remove();
      google.connected = undefined;
    });
    return google;
  }

  get ledger(): TestLedger {
    return this.now.ledger;
  }

  get client(): CloudClient {
    return this.now.client;
  }

  private get now(): { readonly ledger: TestLedger; readonly client: CloudClient } {
    assert.ok(this.connected, "a Google Cloud is there in tests only");
    return this.connected;
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
