import { resourcePolicy } from "../definition";
import { cisGke, links } from "../frameworks";
import { CLUSTER, NODE_POOL } from "./resources";

/** Patches arrive by themselves. */
export const nodesMaintained = resourcePolicy({
  name: "nodes-maintained",
  description: "Clusters follow a release channel, and nodes are repaired and patched by themselves.",
  level: "mandatory",
  severity: "medium",
  framework: cisGke("5.5.2-5.5.4", "Ensure node auto-repair, auto-upgrade and release channels"),
  link: links.gkeHardening,
  remedy: "Set a releaseChannel, management.autoRepair and management.autoUpgrade.",
  types: [CLUSTER, NODE_POOL],
  *check({ type, props }) {
    if (type === CLUSTER) {
      const channel = props.releaseChannel?.channel;
      if (channel && channel !== "UNSPECIFIED") return;
      yield { property: "releaseChannel.channel", problem: "is missing", fix: "choose REGULAR, or STABLE" };
      return;
    }
    for (const key of ["autoRepair", "autoUpgrade"]) {
      if (props.management?.[key] === true) continue;
      yield { property: `management.${key}`, problem: "is not true", fix: "set it to true" };
    }
  },
});
