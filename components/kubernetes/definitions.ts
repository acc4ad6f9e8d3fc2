import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { CORE_SCHEMA, load } from "js-yaml";

/** Metadata of a CustomResourceDefinition, as it was released and as it is put into the cluster. */
export type DefinitionMetadata = { name: string } & kubernetes.types.input.meta.v1.ObjectMeta;

/** A CustomResourceDefinition, as far as it is looked at here. */
export interface Definition {
  readonly metadata: { readonly name: string; readonly annotations?: Record<string, string> };
  readonly spec: { readonly versions?: readonly { readonly schema?: { readonly openAPIV3Schema?: Schema } }[] };
}

type Schema = { readonly [keyword: string]: unknown };

/** Keywords of a schema that hold schemas (https://kubernetes.io/docs/reference/kubernetes-api/extend-resources/custom-resource-definition-v1/#JSONSchemaProps). */
const NESTED = {
  one: new Set(["items", "additionalProperties", "not"]),
  list: new Set(["allOf", "anyOf", "oneOf"]),
  map: new Set(["properties", "patternProperties", "definitions"]),
};

/**
 * A schema without its descriptions, and nothing else changed: a property of the name `description` stays, and so does
 * what a default says. Pure.
 */
export function withoutDescriptions(schema: Schema): Schema {
  const kept = Object.entries(schema).filter(([keyword]) => keyword !== "description");
  return Object.fromEntries(kept.map(([keyword, value]) => [keyword, withoutNested(keyword, value)]));
}

function withoutNested(keyword: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (NESTED.one.has(keyword)) return withoutDescriptions(value as Schema);
  if (NESTED.list.has(keyword)) return (value as Schema[]).map(withoutDescriptions);
  if (!NESTED.map.has(keyword)) return value;
  return Object.fromEntries(
    Object.entries(value as Record<string, Schema>).map(([name, schema]) => [name, withoutDescriptions(schema)]),
  );
}

/** A definition's specification with lighter schemas. What is no definition, the API server refuses. Pure. */
export function lightSpec({ spec }: Definition): kubernetes.types.input.apiextensions.v1.CustomResourceDefinitionSpec {
  const versions = spec.versions?.map((version) => {
    const schema = version.schema?.openAPIV3Schema;
    return schema ? { ...version, schema: { openAPIV3Schema: withoutDescriptions(schema) } } : version;
  });
  return { ...spec, versions } as kubernetes.types.input.apiextensions.v1.CustomResourceDefinitionSpec;
}

/**
 * Puts CustomResourceDefinitions into the cluster. They outlive the stack: deleting a definition deletes every object of
 * its kind in the cluster, those of another installation included.
 *
 * Their schemas come without descriptions, as prometheus-operator releases its own in `stripped-down-crds.yaml`: those of
 * Prometheus are 2.4 MB with them and 0.6 MB without, which each preview carries to the provider and back, and each state
 * file holds twice.
 * @param definitions kind's plural name → text of the file with its CustomResourceDefinition
 * @param metadata what of the released metadata is kept, and what is added
 * @param hooks of each definition, such as `storedVersionHooks`. Default: none
 */
export function createDefinitions(
  definitions: Readonly<Record<string, pulumi.Input<string>>>,
  metadata: (released: Definition["metadata"]) => DefinitionMetadata,
  parent: pulumi.Resource,
  hooks?: pulumi.ResourceHookBinding,
): void {
  for (const [kind, text] of Object.entries(definitions)) {
    const document = pulumi.output(text).apply((content) => load(content, { schema: CORE_SCHEMA }) as Definition);
    new kubernetes.apiextensions.v1.CustomResourceDefinition(
      kind,
      { metadata: document.apply((released) => metadata(released.metadata)), spec: document.apply(lightSpec) },
      { parent, retainOnDelete: true, hooks },
    );
  }
}
