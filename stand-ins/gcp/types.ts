import type { CloudType } from "../cloud/cloud-type";
import { computeTypes } from "./compute";
import { containerTypes } from "./container";
import { dataTypes } from "./data";
import { networkTypes } from "./network";
import { projectTypes } from "./projects";
import { securityTypes } from "./security";

/** Every resource type of Google Cloud that the stand-in has, by token. */
export const gcpTypes: { readonly [token: string]: CloudType } = {
  ...computeTypes,
  ...containerTypes,
  ...dataTypes,
  ...networkTypes,
  ...projectTypes,
  ...securityTypes,
};
