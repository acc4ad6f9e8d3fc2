import * as pulumi from "@pulumi/pulumi";

/**
 * An output, or something else where the output stays unknown at the end of an update: with `--continue-on-error` that is
 * what depends on a resource that failed, and the engine would keep a placeholder in its place among the stack's outputs.
 * In a preview, what is not known is not known.
 */
export function knownOr<T, Other>(output: pulumi.Output<T>, other: pulumi.Input<Other>): pulumi.Output<T | Other> {
  if (pulumi.runtime.isDryRun()) return output as pulumi.Output<T | Other>;
  // Left out of the SDK's typings (output.js, the version is pinned).
  const { isKnown } = output as unknown as { isKnown: Promise<boolean> };
  return pulumi.output(isKnown).apply((known): pulumi.Output<T | Other> => {
    return (known ? output : pulumi.output(other)) as pulumi.Output<T | Other>;
  });
}
