import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { RancherServer, type RancherServerArgs } from "../../../components/rancher/rancher-server";
import { type Registration, type Run, type RunOptions, runProgram } from "../../support/pulumi-mocks";

export const INSTANCE = "gcp:compute/instance:Instance";
export const FIREWALL = "gcp:compute/firewall:Firewall";
export const PROVIDER = "pulumi:providers:rancher2";
export const BOOTSTRAP = "rancher2:index/bootstrap:Bootstrap";

const settings: RancherServerArgs = {
  customer: "acme",
  project: "acme-platform",
  hostname: "rancher.acme.example.com",
  image: "docker.io/rancher/rancher:v2.14.4",
  zone: "europe-west3-a",
  machineType: "e2-standard-4",
  dataDiskSizeGb: 50,
  snapshots: { hourUtc: 1, retentionDays: 14 },
  networkRange: "10.0.0.0/24",
  allowedRanges: ["203.0.113.0/28"],
  tls: { kind: "selfSigned", validityDays: 397 },
  deletionProtection: true,
  dns: undefined,
  clusterAddresses: [],
  labels: {},
};

/** What Google Cloud and Rancher would answer. */
export function compute({ type, name, inputs }: Registration): Record<string, unknown> | undefined {
  if (type === "gcp:compute/address:Address") return { address: "192.0.2.1" };
  if (type === "gcp:serviceaccount/account:Account") return { email: `${inputs.accountId}@example.com` };
  if (type === "gcp:secretmanager/secretVersion:SecretVersion") return { name: `versions/of/${name}/1` };
  if (type === "gcp:compute/resourcePolicy:ResourcePolicy") return { name: "snapshots-1a2b3c" };
  if (type === "tls:index/selfSignedCert:SelfSignedCert") return { certPem: "CA PEM" };
  if (type === "tls:index/locallySignedCert:LocallySignedCert") return { certPem: "CERTIFICATE PEM" };
  if (type === BOOTSTRAP) return { token: pulumi.secret("token-abc:t0ken") };
  return undefined;
}

/** Runs the program of a RancherServer with these settings changed. */
export function deploy(args: Partial<RancherServerArgs> = {}, options: RunOptions = {}): Promise<Run<RancherServer>> {
  return runProgram(
    () => {
      const google = new gcp.Provider("google", { project: "acme-platform" });
      return new RancherServer("rancher", { ...settings, ...args }, { providers: { gcp: google } });
    },
    { compute, ...options },
  );
}

/** Metadata of the VM. */
export const metadataOf = (run: Run<unknown>) => run.one(INSTANCE).inputs.metadata as Record<string, string>;
