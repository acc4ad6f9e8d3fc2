import { readFileSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";

/** The cluster that the stand-in GKE hands out, and how to reach it. */
export interface LabCluster {
  /** `host:port`, as `https://${endpoint}` is reached. */
  endpoint: string;
  /** The cluster's CA certificate, base64 of PEM. */
  certificateAuthority: string;
  /** PEM. */
  clientCertificate: string;
  /** PEM. */
  clientKey: string;
  /** The whole kubeconfig. */
  kubeconfig: string;
}

interface Kubeconfig {
  "current-context": string;
  contexts: { name: string; context: { cluster: string; user: string } }[];
  clusters: { name: string; cluster: { server: string; [key: string]: string } }[];
  users: { name: string; user: { [key: string]: string } }[];
}

/**
 * The cluster of the kubeconfig that `ONPREM_LAB_KUBECONFIG` names, by its current context.
 * @returns undefined when the variable is not set: the stand-in GKE then makes up an endpoint that nothing answers at
 */
export function labCluster(): LabCluster | undefined {
  const file = process.env.ONPREM_LAB_KUBECONFIG;
  if (!file) return undefined;
  const text = readFileSync(file, "utf8");
  // Loaded here, because a plugin must start fast and most of them never need it.
  const { parse } = require("yaml") as typeof import("yaml");
  const kubeconfig = parse(text) as Kubeconfig;
  const context = kubeconfig.contexts.find(({ name }) => name === kubeconfig["current-context"])?.context;
  const cluster = kubeconfig.clusters.find(({ name }) => name === context?.cluster)?.cluster;
  const user = kubeconfig.users.find(({ name }) => name === context?.user)?.user;
  if (!cluster || !user) throw new Error(`the kubeconfig ${file} has no current context with a cluster and a user`);
  const content = (holder: { [key: string]: string }, name: string): string => {
    const data = holder[`${name}-data`];
    if (data) return Buffer.from(data, "base64").toString("utf8");
    const path = holder[name];
    if (!path) throw new Error(`the kubeconfig ${file} has neither ${name} nor ${name}-data`);
    return readFileSync(isAbsolute(path) ? path : join(dirname(file), path), "utf8");
  };
  return {
    endpoint: cluster.server.replace(/^https:\/\//, "").replace(/\/$/, ""),
    certificateAuthority: Buffer.from(content(cluster, "certificate-authority")).toString("base64"),
    clientCertificate: content(user, "client-certificate"),
    clientKey: content(user, "client-key"),
    kubeconfig: text,
  };
}
