import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { adoptExisting, skipAwait } from "../kubernetes/object-metadata";
import { createSecret } from "../kubernetes/secret";
import {
  AGENT_ACCOUNT,
  AGENT_CREDENTIALS,
  AGENT_NAME,
  AGENT_NAMESPACE,
  AGENT_ROLE,
  AGENT_RULES,
  agentDeploymentSpec,
} from "./agent-manifest";

/** Arguments of {@link ClusterAgent}. */
export interface ClusterAgentArgs {
  /** Address of Rancher. */
  readonly url: string;
  /** Token with which the cluster registers (secret). */
  readonly token: pulumi.Input<string>;
  /** Image of the agent. */
  readonly image: string;
  /** PEM of the private CA of Rancher's certificate. Absent: a public CA signed it. */
  readonly caCertificate: pulumi.Input<string> | undefined;
}

/**
 * Rancher's agent in a cluster of the customer's own. Takes the cluster's provider by its options.
 *
 * It is put there once. From then on Rancher changes it with its own version, so later differences are not this
 * program's to undo; and Rancher takes it away when the cluster's entry is deleted, for which it needs it to be there.
 */
export class ClusterAgent extends pulumi.ComponentResource {
  /** The agent's Deployment. */
  readonly deployment: kubernetes.apps.v1.Deployment;

  constructor(name: string, args: ClusterAgentArgs, opts?: pulumi.ComponentResourceOptions) {
    super("onprem:rancher:ClusterAgent", name, {}, opts);
    const ignoreChanges = ["metadata", "spec", "data", "rules", "subjects", "roleRef"];
    const options = { parent: this, ignoreChanges, retainOnDelete: true };
    // A Rancher that was lost could not take its agent away: the new one's takes its place.
    const named = (objectName: string) => ({ name: objectName, annotations: adoptExisting });
    const namespace = new kubernetes.core.v1.Namespace("namespace", { metadata: named(AGENT_NAMESPACE) }, options);
    const placed = (objectName: string) => ({ ...named(objectName), namespace: namespace.metadata.name });
    const account = new kubernetes.core.v1.ServiceAccount("account", { metadata: placed(AGENT_ACCOUNT) }, options);
    const role = new kubernetes.rbac.v1.ClusterRole(
      "role",
      { metadata: named(AGENT_ROLE), rules: AGENT_RULES },
      options,
    );
    const binding = new kubernetes.rbac.v1.ClusterRoleBinding(
      "role-binding",
      {
        metadata: named(`${AGENT_ROLE}-binding`),
        subjects: [{ kind: "ServiceAccount", name: account.metadata.name, namespace: namespace.metadata.name }],
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role.metadata.name },
      },
      options,
    );
    const credentials = createSecret(
      "credentials",
      { metadata: placed(AGENT_CREDENTIALS), texts: { url: args.url, token: args.token, namespace: "" } },
      options,
    );
    this.deployment = this.agent(args, placed(AGENT_NAME), {
      ...options,
      dependsOn: [account, binding, credentials],
    });
    this.registerOutputs({});
  }

  private agent(
    args: ClusterAgentArgs,
    metadata: { name: string; annotations: Readonly<Record<string, string>>; namespace: pulumi.Output<string> },
    options: pulumi.CustomResourceOptions,
  ): kubernetes.apps.v1.Deployment {
    const { url, image, caCertificate } = args;
    return new kubernetes.apps.v1.Deployment(
      "agent",
      {
        // Whether it works is seen in Rancher, which the platform waits for (ClusterSync).
        metadata: { ...metadata, annotations: { ...metadata.annotations, ...skipAwait } },
        spec: pulumi.output(caCertificate).apply((ca) => agentDeploymentSpec({ url, image, caCertificate: ca })),
      },
      options,
    );
  }
}
