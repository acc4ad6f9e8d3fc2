import { resourcePolicy } from "../definition";
import { cisGke, links } from "../frameworks";
import { CLUSTER, INSTANCE, NODE_POOL } from "./resources";

/** Machines verify what they boot. */
export const nodesShielded = resourcePolicy({
  name: "nodes-shielded",
  description: "Virtual machines boot with secure boot and integrity monitoring.",
  level: "mandatory",
  severity: "high",
  framework: cisGke("5.5.5-5.5.7", "Ensure shielded nodes with secure boot and integrity monitoring are enabled"),
  link: links.gkeHardening,
  remedy: "Set shieldedInstanceConfig with enableSecureBoot and enableIntegrityMonitoring.",
  types: [CLUSTER, NODE_POOL, INSTANCE],
  *check({ type, props }) {
    if (type === CLUSTER) {
      if (props.enableShieldedNodes !== false) return;
      yield { property: "enableShieldedNodes", problem: "is false", fix: "set it to true or leave it out" };
      return;
    }
    const holder = type === INSTANCE ? props : props.nodeConfig;
    const path = type === INSTANCE ? "shieldedInstanceConfig" : "nodeConfig.shieldedInstanceConfig";
    for (const key of ["enableSecureBoot", "enableIntegrityMonitoring"]) {
      if (holder?.shieldedInstanceConfig?.[key] === true) continue;
      yield { property: `${path}.${key}`, problem: "is not true", fix: "set it to true" };
    }
  },
});
