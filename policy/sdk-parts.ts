/**
 * What the policy SDK needs of `@pulumi/pulumi`: the classes for assets, a few signatures of values, and `Output` only to
 * serialize what a policy fixed, which none of ours does. The rest (the runtime, the Automation API, a TypeScript
 * compiler) takes longer to load than all policies together.
 */
import * as asset from "@pulumi/pulumi/asset";

/** In place of `@pulumi/pulumi`. Nothing that a policy sees is an output of a program. */
export const pulumi = { asset, Output: { isInstance: () => false } };

/**
 * In place of `@pulumi/pulumi/runtime/rpc`: signatures of special values on their way to and from the engine
 * (https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/runtime/rpc.ts).
 */
export const signatures = {
  specialSigKey: "4dabf18193072939515e22adb298388d",
  specialAssetSig: "c44067f5952c0a294b673a41bacd8c17",
  specialArchiveSig: "0def7320c3a5731c473e5ecbe6d01bc7",
  specialSecretSig: "1b47061264138c4ac30d75fd1eb44270",
};
