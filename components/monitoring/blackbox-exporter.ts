import { createHash } from "node:crypto";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { takenUp } from "../kubernetes/object-metadata";
import { BLACKBOX_CONFIGURATION, blackboxSelector, blackboxSpec } from "./blackbox-pods";
import { BLACKBOX } from "./names";

/** Arguments of {@link BlackboxExporter}. */
export interface BlackboxExporterArgs {
  readonly namespace: pulumi.Input<string>;
  readonly labels: Record<string, string>;
  readonly image: string;
  /** Whether images need credentials. */
  readonly pullSecret: boolean;
}

/** Asks addresses as a client would, and tells Prometheus. No chart of the monitoring's brings it along. */
export class BlackboxExporter extends pulumi.ComponentResource {
  constructor(name: string, args: BlackboxExporterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("onprem:monitoring:BlackboxExporter", name, {}, opts);
    const { labels, namespace } = args;
    const metadata = (objectName: string) => ({ name: objectName, namespace, labels, annotations: takenUp });
    const checksum = createHash("sha256").update(BLACKBOX_CONFIGURATION).digest("hex").slice(0, 10);
    const configuration = new kubernetes.core.v1.ConfigMap(
      "configuration",
      {
        metadata: metadata(`${BLACKBOX.name}-${checksum}`),
        immutable: true,
        data: { "blackbox.yml": BLACKBOX_CONFIGURATION },
      },
      { parent: this },
    );
    new kubernetes.apps.v1.Deployment(
      "deployment",
      {
        metadata: metadata(BLACKBOX.name),
        spec: configuration.metadata.name.apply((map) => blackboxSpec({ ...args, configuration: map })),
      },
      { parent: this },
    );
    new kubernetes.core.v1.Service(
      "service",
      {
        metadata: metadata(BLACKBOX.name),
        spec: {
          type: "ClusterIP",
          selector: blackboxSelector,
          ports: [{ name: "http", port: BLACKBOX.port, targetPort: "http" }],
        },
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}
