import type { CloudContext, Reference } from "../cloud/cloud-type";
import { letters } from "../cloud/deterministic";
import type { PropertyMap } from "../plugin/property-values";

export const BOOTSTRAP = "rancher2:index/bootstrap:Bootstrap";
export const CREDENTIAL = "rancher2:index/cloudCredential:CloudCredential";
export const CLUSTER = "rancher2:index/cluster:Cluster";
export const CLUSTER_SYNC = "rancher2:index/clusterSync:ClusterSync";
export const PROJECT = "rancher2:index/project:Project";
export const USER = "rancher2:index/user:User";
export const ROLE_TEMPLATE = "rancher2:index/roleTemplate:RoleTemplate";

/** An id as Rancher generates it, e.g. `c-x7k2p`; the counter makes a successor's differ. */
export function generatedId(prefix: string, length = 5) {
  return (_properties: PropertyMap, context: CloudContext): string =>
    `${prefix}${letters(`${context.account} ${prefix} ${context.count(`${context.account} ${prefix}`)}`, length)}`;
}

/** An API token: its id and its value. */
export function token(context: CloudContext, purpose: string): { id: string; value: string } {
  const seed = `${context.account} ${purpose} ${context.count(`${context.account} token`)}`;
  const id = `token-${letters(seed, 5)}`;
  return { id, value: `${id}:${letters(`${seed} value`, 54)}` };
}

/** Something that belongs to a cluster and goes with it. Rancher's own cluster is there from the start. */
export const ofCluster: Reference = {
  path: "clusterId",
  to: CLUSTER,
  onTargetDeletion: "cascade",
  builtIn: (value) => value === "local",
};
