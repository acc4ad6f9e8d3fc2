import * as pulumi from "@pulumi/pulumi";
import { CustomerPlatform, type CustomerPlatformArgs } from "../../components/platform/platform";
import { parseSettings } from "../../components/settings";
import { sampleManifest } from "./gitops/sample-manifest";
import { type Registration, type Run, type RunOptions, runProgram } from "./pulumi-mocks";

/** The kubeconfig of the customer's own cluster. */
export const KUBECONFIG = JSON.stringify({
  "current-context": "own",
  contexts: [{ name: "own", context: { cluster: "own" } }],
  clusters: [{ name: "own", cluster: { server: "https://own.example.com" } }],
});
/** What waits until Rancher has the cluster. */
export const SYNC = "rancher2:index/clusterSync:ClusterSync";
/** The cluster in Rancher. */
export const REGISTERED = "rancher2:index/cluster:Cluster";
/** Settings of a cluster of the customer's own. */
export const own = { kind: "existing", kubeconfigContents: KUBECONFIG };

/** A release's file with little in it; Flux's manifest is a small one. */
export async function readReleaseFile({ url }: { readonly url: string }): Promise<string> {
  return url.endsWith("/install.yaml") ? sampleManifest() : `metadata: { name: ${url.split("/").pop()} }\nspec: {}`;
}

/** What providers would have computed, besides the inputs. */
export function compute({ type, inputs, name }: Registration): Record<string, unknown> | undefined {
  if (type === "gcp:compute/address:Address")
    return { address: name === "egress-address" ? "192.0.2.20" : "192.0.2.1" };
  if (type === "gcp:container/cluster:Cluster")
    return { endpoint: "192.0.2.10", masterAuth: { clusterCaCertificate: "Q0E=" } };
  if (type === "gcp:serviceaccount/account:Account") return { email: `${inputs.accountId}@example.com` };
  if (type === "gcp:serviceaccount/key:Key") return { privateKey: "e30=" };
  if (type === "gcp:secretmanager/secretVersion:SecretVersion") return { name: `versions/of/${name}/1` };
  if (type === "rancher2:index/bootstrap:Bootstrap") return { token: pulumi.secret("t0ken") };
  if (type === REGISTERED) return { clusterRegistrationToken: { token: "registration" } };
  if (type === SYNC) return { kubeConfig: KUBECONFIG, systemProjectId: "c-1:p-system" };
  return undefined;
}

/** What provider functions answer. */
export const answer = (_token: string, inputs: Record<string, unknown>) => ({ ...inputs, number: "123456" });

/** Runs the platform with these sections of the settings. */
export function deploy(
  sections: Record<string, unknown>,
  options: RunOptions = {},
  more: Partial<CustomerPlatformArgs> = {},
): Promise<Run<CustomerPlatform>> {
  const settings = parseSettings({ customer: "acme", parse: {}, ...sections });
  return runProgram(() => new CustomerPlatform("acme", { settings, readReleaseFile, ...more }), {
    compute,
    call: answer,
    ...options,
  });
}
