import type { CloudType } from "../cloud/cloud-type";
import { accessTypes } from "./access";
import { appTypes } from "./apps";
import { clusterTypes } from "./clusters";

/** Every resource type of Rancher that the stand-in has, by token. */
export const rancher2Types: { readonly [token: string]: CloudType } = { ...accessTypes, ...appTypes, ...clusterTypes };
