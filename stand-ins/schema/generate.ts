/** Writes the tables of the SDK's types for the stand-ins: run it after a change of the SDKs' versions or of the types. */
import { writeFileSync } from "node:fs";
import { gcpFunctions } from "../gcp/functions";
import { gcpTypes } from "../gcp/types";
import { rancher2Types } from "../rancher2/types";
import { schemaFile, schemaText } from "./schema";
import { SdkTypes } from "./sdk-types";

const SERVED = {
  gcp: { types: gcpTypes, functions: gcpFunctions },
  rancher2: { types: rancher2Types, functions: {} },
} as const;

/** The names of the SDK packages that have a stand-in. */
export const servedPackages = Object.keys(SERVED) as (keyof typeof SERVED)[];

/** The table of one SDK package, as it is to be checked in. */
export function generatedSchema(name: keyof typeof SERVED): string {
  const { types, functions } = SERVED[name];
  return schemaText(new SdkTypes(`@pulumi/${name}`).schema(Object.keys(types), Object.keys(functions)));
}

if (require.main === module) for (const name of servedPackages) writeFileSync(schemaFile(name), generatedSchema(name));
