/**
 * `@pulumi/pulumi` for the program's bundle: all of it, of which the parts that no program here uses (the Automation API,
 * providers in TypeScript, functions turned into text, with a TypeScript compiler and a resolver of npm's dependencies) are
 * loaded when something of them is first used. They take two thirds of the time in which the SDK loads.
 *
 * What it is made of: https://github.com/pulumi/pulumi/blob/v3.248.0/sdk/nodejs/index.ts and `runtime/index.ts` beside it.
 */
import asset = require("@pulumi/pulumi/asset");

import * as config from "@pulumi/pulumi/config";
import * as errors from "@pulumi/pulumi/errors";

import iterable = require("@pulumi/pulumi/iterable");
import log = require("@pulumi/pulumi/log");

import * as metadata from "@pulumi/pulumi/metadata";
import * as output from "@pulumi/pulumi/output";
import * as resource from "@pulumi/pulumi/resource";
import * as runtimeConfig from "@pulumi/pulumi/runtime/config";
import * as invoke from "@pulumi/pulumi/runtime/invoke";
import * as mocks from "@pulumi/pulumi/runtime/mocks";
import * as runtimeResource from "@pulumi/pulumi/runtime/resource";
import * as rpc from "@pulumi/pulumi/runtime/rpc";
import * as settings from "@pulumi/pulumi/runtime/settings";
import * as stack from "@pulumi/pulumi/runtime/stack";
import * as stackReference from "@pulumi/pulumi/stackReference";
import * as stash from "@pulumi/pulumi/stash";

import utils = require("@pulumi/pulumi/utils");

/** Puts names on a module, each of which loads what it stands for when it is first read. */
function late<Module extends object>(
  module: Module,
  names: readonly string[],
  load: (name: string) => unknown,
): Module {
  for (const name of names) Object.defineProperty(module, name, { enumerable: true, get: () => load(name) });
  return module;
}

/** In place of `@pulumi/pulumi/runtime`. */
export const runtime = late(
  {
    setMocks: mocks.setMocks,
    ...runtimeConfig,
    ...invoke,
    ...runtimeResource,
    ...rpc,
    ...settings,
    ...stack,
  },
  ["serializeFunctionAsync", "serializeFunction", "computeCodePaths"],
  (name) => (require("@pulumi/pulumi/runtime") as Record<string, unknown>)[name],
);

/** In place of `@pulumi/pulumi`. */
export const pulumi = late(
  {
    ...config,
    ...errors,
    ...metadata,
    ...output,
    ...resource,
    ...stackReference,
    ...stash,
    asset,
    iterable,
    log,
    runtime,
    utils,
    deploymentOnlyModule: true,
  },
  ["automation", "dynamic", "provider"],
  (name) => (require("@pulumi/pulumi") as Record<string, unknown>)[name],
);
