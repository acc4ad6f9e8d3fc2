import { resourcePolicy } from "../definition";
import { cisGke, links } from "../frameworks";
import { INSTANCE, NODE_POOL } from "./resources";

/** Machines don't run as the project's all-powerful default account. */
export const nodesOwnIdentity = resourcePolicy({
  name: "nodes-own-identity",
  description: "Virtual machines run as a service account of their own with minimal roles.",
  level: "mandatory",
  severity: "high",
  framework: cisGke("5.2.1", "Ensure clusters are not running using the Compute Engine default service account"),
  link: links.gkeHardening,
  remedy: "Make a service account and set it on the instance or the node pool.",
  types: [NODE_POOL, INSTANCE],
  *check({ type, props }) {
    const isInstance = type === INSTANCE;
    const property = isInstance ? "serviceAccount.email" : "nodeConfig.serviceAccount";
    const account = isInstance ? props.serviceAccount?.email : props.nodeConfig?.serviceAccount;
    // A machine without any account cannot do anything in the project.
    if (isInstance && !props.serviceAccount) return;
    if (account && account !== "default" && !/-compute@developer\.gserviceaccount\.com$/.test(account)) return;
    yield { property, problem: "is the project's default account", fix: "set a service account of its own" };
  },
});
