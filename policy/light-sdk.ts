/**
 * Lets the policy SDK load without the whole of `@pulumi/pulumi`: of that it needs the classes for assets, a few signatures
 * of values, and `Output` only to serialize what a policy mended, which none of ours does. The rest (the runtime, the
 * Automation API, a TypeScript compiler) takes longer to load than all policies together. Import this first.
 */
import * as asset from "@pulumi/pulumi/asset";

/**
 * Signatures of special values on their way to and from the engine, as `@pulumi/pulumi/runtime/rpc` has them
 * (https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/runtime/rpc.ts).
 */
export const signatures = {
  specialSigKey: "4dabf18193072939515e22adb298388d",
  specialAssetSig: "c44067f5952c0a294b673a41bacd8c17",
  specialArchiveSig: "0def7320c3a5731c473e5ecbe6d01bc7",
  specialSecretSig: "1b47061264138c4ac30d75fd1eb44270",
};

/** Nothing that a policy sees is an output of a program. */
const Output = { isInstance: () => false };

/** A language host that runs the pack as a folder has loaded the real one already; then there is nothing to save. */
function standIn(id: string, exports: object): void {
  const path = require.resolve(id);
  if (require.cache[path]) return;
  const stub = Object.assign(Object.create(Object.getPrototypeOf(module)), module);
  require.cache[path] = Object.assign(stub, { id: path, filename: path, loaded: true, exports });
}

standIn("@pulumi/pulumi", { asset, Output });
standIn("@pulumi/pulumi/runtime/rpc", signatures);
