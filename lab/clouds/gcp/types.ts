import type { CloudType } from "../stand-in/cloud-type.js";
import { computeTypes } from "./compute.js";
import { containerTypes } from "./container.js";
import { dataTypes } from "./data.js";
import { networkTypes } from "./network.js";
import { projectTypes } from "./projects.js";
import { securityTypes } from "./security.js";

/** Every resource type of Google Cloud that the stand-in has, by token. */
export const gcpTypes: { readonly [token: string]: CloudType } = {
  ...computeTypes,
  ...containerTypes,
  ...dataTypes,
  ...networkTypes,
  ...projectTypes,
  ...securityTypes,
};
