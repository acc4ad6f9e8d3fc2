/**
 * Lets the policy SDK load without the whole of `@pulumi/pulumi`: of that it needs the classes for assets, and the rest
 * (the Automation API, a TypeScript compiler) takes longer to load than all policies together. Import this first.
 */
import * as asset from "@pulumi/pulumi/asset";
import { Output } from "@pulumi/pulumi/output";

const path = require.resolve("@pulumi/pulumi");

// A language host that runs the pack as a folder has loaded it already; then there is nothing to save.
if (!require.cache[path]) {
  const stub = Object.assign(Object.create(Object.getPrototypeOf(module)), module);
  require.cache[path] = Object.assign(stub, { id: path, filename: path, loaded: true, exports: { asset, Output } });
}
