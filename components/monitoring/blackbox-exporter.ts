import { createHash } from "node:crypto";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { objectMetadata } from "../kubernetes/object-metadata";
import { BLACKBOX_CONFIGURATION, blackboxSelector, blackboxSpec } from "./blackbox-pods";
import { BLACKBOX } from "./names";

/** Arguments of {@link BlackboxExporter}. */
export interface BlackboxExporterArgs {
  /** Namespace of its objects. */
  readonly namespace: pulumi.Input<string>;
  /** Labels of its objects. */
  readonly labels: Record<string, string>;
  /** Image with its tag. */
  readonly image: string;
  /** Whether images need credentials. */
  readonly pullSecret: boolean;
}

/** Requests addresses as a client does, for Prometheus. Neither of the charts includes it. */
export class BlackboxExporter extends pulumi.ComponentResource {
  constructor(name: string, args: BlackboxExporterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("onprem:monitoring:BlackboxExporter", name, {}, opts);
    const metadata = (objectName: string) => objectMetadata(objectName, args);
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
