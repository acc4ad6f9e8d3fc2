import { resourcePolicy } from "../definition";
import { ours } from "../frameworks";

/** Passwords are sent to Rancher, and to nobody who pretends to be it. */
export const rancherVerified = resourcePolicy({
  name: "rancher-verified",
  description: "Rancher's certificate is verified by whoever calls it.",
  level: "mandatory",
  severity: "critical",
  framework: ours("TLS on everything public"),
  link: "https://www.pulumi.com/registry/packages/rancher2/api-docs/provider/",
  remedy: "Give the provider the CA (caCerts) in place of insecure.",
  types: ["pulumi:providers:rancher2"],
  *check({ props }) {
    // The engine hands a provider's inputs over as text.
    if (String(props.insecure) !== "true") return;
    yield { property: "insecure", problem: "is true: anybody may answer", fix: "give it the CA in caCerts" };
  },
});
