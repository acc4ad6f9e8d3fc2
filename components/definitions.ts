import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";

/** Metadata of a CustomResourceDefinition, as it was released and as it is put into the cluster. */
export type DefinitionMetadata = { name: string } & kubernetes.types.input.meta.v1.ObjectMeta;

/**
 * Puts CustomResourceDefinitions into the cluster. They outlive the stack: deleting a definition deletes every object of
 * its kind in the cluster, those of another installation included.
 * @param definitions kind's plural name → text of the file with its CustomResourceDefinition
 * @param metadata what of the released metadata is kept, and what is added
 */
export function createDefinitions(
  definitions: Readonly<Record<string, pulumi.Input<string>>>,
  metadata: (released: { name: string; annotations?: Record<string, string> }) => DefinitionMetadata,
  parent: pulumi.Resource,
): void {
  for (const [kind, text] of Object.entries(definitions)) {
    const document = pulumi.output(text).apply((content) => parse(content));
    new kubernetes.apiextensions.v1.CustomResourceDefinition(
      kind,
      { metadata: document.apply((released) => metadata(released.metadata)), spec: document.apply(({ spec }) => spec) },
      { parent, retainOnDelete: true },
    );
  }
}
