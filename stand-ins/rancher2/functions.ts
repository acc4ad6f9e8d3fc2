import type { CloudFunctions } from "../cloud/stand-in-provider";
import type { PropertyMap } from "../plugin/property-values";
import { CLUSTER, PROJECT, ROLE_TEMPLATE, USER } from "./tokens";

/** Looks up what has these property values. */
function lookUp(type: string, by: readonly string[]): CloudFunctions[string] {
  return (args, { content, account }) => {
    const wanted = by.filter((name) => args[name] !== undefined);
    const fits = (properties: PropertyMap): boolean => wanted.every((name) => properties[name] === args[name]);
    const found = content.resources.filter(
      (entry) => entry.type === type && entry.account === account && fits(entry.properties),
    );
    const [entry] = found;
    const asked = wanted.map((name) => `${name} ${JSON.stringify(args[name])}`).join(", ");
    if (!entry)
      throw new Error(
        `[ERROR] nothing with ${asked} not found on Rancher`.replace("nothing", `${type.split(":").pop()}`),
      );
    if (found.length > 1) throw new Error(`[ERROR] found ${found.length} of ${type.split(":").pop()} with ${asked}`);
    return { ...entry.properties, id: entry.id };
  };
}

/** Functions by token. */
export const rancher2Functions: CloudFunctions = {
  "rancher2:index/getCluster:getCluster": lookUp(CLUSTER, ["name"]),
  "rancher2:index/getProject:getProject": (args, context) => {
    const standard = ["Default", "System"].indexOf(String(args.name));
    if (standard < 0) return lookUp(PROJECT, ["clusterId", "name"])(args, context);
    const cluster = context.content.resources.find(({ type, id }) => type === CLUSTER && id === args.clusterId);
    const id = cluster?.properties[standard === 0 ? "defaultProjectId" : "systemProjectId"];
    if (id === undefined) throw new Error(`[ERROR] cluster ${String(args.clusterId)} not found on Rancher`);
    return { id, name: args.name ?? "", clusterId: args.clusterId ?? "" };
  },
  "rancher2:index/getRoleTemplate:getRoleTemplate": lookUp(ROLE_TEMPLATE, ["name", "context"]),
  "rancher2:index/getUser:getUser": lookUp(USER, ["username", "name"]),
};
