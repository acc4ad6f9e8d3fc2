import type { CloudType } from "../stand-in/cloud-type.js";
import { accessTypes } from "./access.js";
import { appTypes } from "./apps.js";
import { clusterTypes } from "./clusters.js";

/** Every resource type of Rancher that the stand-in has, by token. */
export const rancher2Types: { readonly [token: string]: CloudType } = { ...accessTypes, ...appTypes, ...clusterTypes };
