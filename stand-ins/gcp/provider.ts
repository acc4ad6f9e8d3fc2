import { type CloudDefinition, StandInCloud } from "../cloud/stand-in-cloud";
import { standInProvider } from "../cloud/stand-in-provider";
import type { ProviderDefinition } from "../plugin/resource-provider";
import { loadBehaviours, loadSchema } from "../schema/schema";
import { gcpFunctions } from "./functions";
import { gcpTypes } from "./types";

const CONTEXT = ["project", "region", "zone"];

/** Google Cloud as the stand-in has it. */
export const gcpCloud = (): CloudDefinition => ({
  schema: loadSchema("gcp"),
  behaviours: loadBehaviours("gcp"),
  types: gcpTypes,
  contextValues: (settings) => Object.fromEntries(Object.entries(settings).filter(([name]) => CONTEXT.includes(name))),
  account: () => "",
  refusals: {
    taken: (_kind, id) => `googleapi: Error 409: The resource '${id}' already exists, alreadyExists`,
    missing: (kind, value) => `googleapi: Error 404: The ${kind} '${value}' was not found, notFound`,
    inUse: (what, by) =>
      `googleapi: Error 400: The ${what} is already being used by the ${by}, resourceInUseByAnotherResource`,
    held: (kind, value, by) =>
      kind === "address"
        ? `googleapi: Error 400: External IP address: ${value} is already in-use by the ${by}, invalid`
        : `googleapi: Error 400: The ${kind} '${value}' is already being used by the ${by}, resourceInUseByAnotherResource`,
    gone: (kind, id) => `googleapi: Error 404: The ${kind} '${id}' was not found, notFound`,
  },
});

/** The stand-in for the plugin of `@pulumi/gcp`. */
export function gcpProvider(): ProviderDefinition {
  return standInProvider("gcp", new StandInCloud(gcpCloud()), gcpFunctions);
}
