/**
 * Path of objects in the Kubernetes API (https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-uris). Pure.
 * @param kind plural, with version and group where it has one, as kubectl takes it: `secrets`, `deployments.v1.apps`
 * @param namespace absent for what lies in none, and for all namespaces
 * @param name one object; all when absent
 */
export function objectPath(kind: string, namespace?: string, name?: string): string {
  const [plural = "", version = "v1", ...group] = kind.split(".");
  const api = group.length > 0 ? `/apis/${group.join(".")}/${version}` : `/api/${version}`;
  const place = namespace === undefined ? "" : `/namespaces/${namespace}`;
  return `${api}${place}/${plural}${name === undefined ? "" : `/${name}`}`;
}
