import { createHash } from "node:crypto";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { deployedVersion, tagOf } from "../kubernetes/deployed-version";
import { givenName } from "../kubernetes/given-name";
import { inClusterProgram } from "../kubernetes/in-cluster-program";
import { objectMetadata } from "../kubernetes/object-metadata";
import type { Resources } from "../kubernetes/pods";
import type { BackupImages, Timeouts } from "./args";
import { NODE_AGENT_NAME, SERVER_NAME } from "./names";
import { METRICS_PORT, nodeAgentConfiguration, nodeAgentSpec, serverSpec, VOLUME_POLICIES } from "./velero-pods";

/** Arguments of {@link Velero}. */
export interface VeleroArgs {
  /** Namespace of Velero. */
  readonly namespace: string;
  /** Images to run. */
  readonly images: BackupImages;
  /** Labels of every object. */
  readonly labels: Record<string, string>;
  /** Plugins by the providers of the locations. */
  readonly plugins: readonly ("aws" | "gcp")[];
  /** How long Velero lets its work take. */
  readonly timeouts: Timeouts;
  /** Of the server. */
  readonly resources: Resources;
  /** Of each pod that copies a volume. */
  readonly volumeCopyResources: Resources;
  /** Ports of stores outside the cluster, besides 443. */
  readonly storePorts: readonly number[];
  /** Names of Secrets with credentials of the image registry. */
  readonly imagePullSecrets: readonly pulumi.Input<string>[];
}

/** Velero's two programs: the server, and an agent on every node. */
export class Velero extends pulumi.ComponentResource {
  /** Version of the server; `undefined` where it did not come up. */
  readonly version: pulumi.Output<string | undefined>;

  constructor(
    name: string,
    private readonly args: VeleroArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("onprem:backup:Velero", name, {}, opts);
    this.networkPolicy();
    const server = this.server();
    this.nodeAgent(server);
    this.version = deployedVersion(server, ({ image }) => image && tagOf(image)?.replace(/^v/, ""));
    this.registerOutputs({});
  }

  private metadata(objectName: string) {
    return objectMetadata(objectName, this.args);
  }

  /** A ConfigMap whose name says its content: changed content is another pod. */
  private configMap(purpose: string, file: string, content: string): pulumi.Output<string> {
    const checksum = createHash("sha256").update(content).digest("hex").slice(0, 10);
    const mapName = `${purpose}-${checksum}`;
    const map = new kubernetes.core.v1.ConfigMap(
      purpose,
      { metadata: this.metadata(mapName), immutable: true, data: { [file]: content } },
      { parent: this },
    );
    return givenName(map, mapName);
  }

  private server(): kubernetes.apps.v1.Deployment {
    const program = this.configMap(
      "release-finalizers",
      "release-finalizers.js",
      inClusterProgram("backup/release-finalizers"),
    );
    const policies = this.configMap("volume-policies", "policies.yaml", VOLUME_POLICIES);
    const { imagePullSecrets } = this.args;
    return new kubernetes.apps.v1.Deployment(
      "server",
      {
        metadata: this.metadata(SERVER_NAME),
        spec: pulumi
          .all([program, policies, pulumi.all([...imagePullSecrets])])
          .apply(([finalizerProgram, volumePolicies, names]) =>
            serverSpec({ ...this.args, finalizerProgram, volumePolicies, imagePullSecrets: names }),
          ),
      },
      { parent: this },
    );
  }

  private nodeAgent(server: kubernetes.apps.v1.Deployment): void {
    const configuration = this.configMap(
      "node-agent-configuration",
      "configuration.json",
      nodeAgentConfiguration(this.args.volumeCopyResources),
    );
    const { imagePullSecrets } = this.args;
    new kubernetes.apps.v1.DaemonSet(
      "node-agent",
      {
        metadata: this.metadata(NODE_AGENT_NAME),
        spec: pulumi
          .all([configuration, pulumi.all([...imagePullSecrets])])
          .apply(([map, names]) => nodeAgentSpec({ ...this.args, configuration: map, imagePullSecrets: names })),
      },
      // Goes before the server, which then lets go of what the agent was at.
      { parent: this, dependsOn: [server] },
    );
  }

  /** For every pod in the namespace, those that Velero starts included: to the cluster's API, the stores and the names. */
  private networkPolicy(): void {
    const tcp = (...ports: number[]) => ports.map((port) => ({ protocol: "TCP", port }));
    new kubernetes.networking.v1.NetworkPolicy(
      "network-policy",
      {
        metadata: this.metadata("velero"),
        spec: {
          podSelector: {},
          policyTypes: ["Ingress", "Egress"],
          ingress: [{ from: [{ namespaceSelector: {} }], ports: tcp(METRICS_PORT) }],
          egress: [
            { ports: [{ protocol: "UDP", port: 53 }, ...tcp(53)] },
            { to: [{ podSelector: { matchLabels: { component: "object-store" } } }] },
            // The API server and stores outside have no labels to go by.
            { ports: tcp(...new Set([443, 6443, ...this.args.storePorts])) },
            ...(this.args.plugins.includes("gcp") ? [GOOGLE_METADATA] : []),
          ],
        },
      },
      { parent: this },
    );
  }
}

/** GKE's metadata server, which gives out workload identities (https://cloud.google.com/kubernetes-engine/docs/how-to/network-policy). */
const GOOGLE_METADATA = {
  to: [{ ipBlock: { cidr: "169.254.169.254/32" } }, { ipBlock: { cidr: "169.254.169.252/32" } }],
  ports: [80, 987, 988].map((port) => ({ protocol: "TCP", port })),
};
