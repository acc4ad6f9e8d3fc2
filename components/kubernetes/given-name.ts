import * as pulumi from "@pulumi/pulumi";

/**
 * The name that an object is given, for whatever refers to the object and therefore comes after it. The object's own
 * `metadata.name` says the same, but a preview knows that only where the cluster is there already; without it the values
 * of a chart, or a pod's specification, are unknown as a whole, and neither people nor policies see anything of them.
 */
export function givenName(object: pulumi.Resource, name: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.all([name, object.urn]).apply(([given]) => given);
}
