/** Text of a file with a definition of this name, such as `backups.velero.io`, and one described property. */
export function definitionOf(name: string): string {
  const openAPIV3Schema = { type: "object", properties: { spec: { type: "object", description: "What is wanted." } } };
  const versions = [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema } }];
  return JSON.stringify({
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name },
    spec: { group: name.replace(/^[^.]+\./, ""), versions },
  });
}
