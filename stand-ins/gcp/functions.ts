import type { CloudContext } from "../cloud/cloud-type";
import { digits, letters } from "../cloud/deterministic";
import type { PropertyMap } from "../plugin/property-values";
import { CLUSTER, fullVersion, VERSIONS } from "./container";
import { ADDRESS, NETWORK, SUBNETWORK } from "./network";
import { ACCOUNT, lastPart, projectNumber, projectOf } from "./projects";

/** A function of the cloud: what it answers, as far as the SDK's types don't leave it empty. */
export type CloudFunction = (args: PropertyMap, context: CloudContext) => PropertyMap;

/** Looks a resource of the ledger up by its id. */
function lookUp(type: string, idOf: (args: PropertyMap, context: CloudContext) => string): CloudFunction {
  return (args, context) => {
    const id = idOf(args, context);
    const entry = context.content.resources.find((candidate) => candidate.type === type && candidate.id === id);
    if (!entry) throw new Error(`googleapi: Error 404: The resource '${id}' was not found, notFound`);
    return { ...entry.properties, id };
  };
}

const regional = (kind: string) => (args: PropertyMap, context: CloudContext) =>
  `projects/${projectOf(args, context)}/regions/${String(args.region ?? context.settings.region)}/${kind}/${String(args.name)}`;

const channels = (version: string | undefined): PropertyMap =>
  Object.fromEntries(["RAPID", "REGULAR", "STABLE"].map((channel) => [channel, version ?? ""]));

/** Functions by token. */
export const gcpFunctions: { readonly [token: string]: CloudFunction } = {
  "gcp:organizations/getClientConfig:getClientConfig": (_args, { settings }) => ({
    id: `projects/${String(settings.project)}/regions/${String(settings.region)}/zones/${String(settings.zone ?? "")}`,
    project: settings.project ?? "",
    region: settings.region ?? "",
    zone: settings.zone ?? "",
    accessToken: `stand-in-${letters(String(settings.project), 40)}`,
  }),
  "gcp:organizations/getProject:getProject": (args, context) => {
    const projectId = String(args.projectId ?? context.settings.project ?? "");
    if (!/^[a-z][-a-z0-9]{4,28}[a-z0-9]$/.test(projectId))
      throw new Error(`googleapi: Error 403: the project "${projectId}" does not exist, or may not be seen, forbidden`);
    return { id: `projects/${projectId}`, projectId, name: projectId, number: projectNumber(projectId) };
  },
  "gcp:compute/getImage:getImage": ({ family, name, project }) => {
    const image = String(name ?? `${String(family)}-v20260101`);
    const id = `projects/${String(project)}/global/images/${image}`;
    return {
      ...{ id, name: image, family: family ?? "", project: project ?? "", imageId: digits(id, 19) },
      ...{ selfLink: `https://www.googleapis.com/compute/v1/${id}`, status: "READY", diskSizeGb: 10 },
    };
  },
  "gcp:compute/getZones:getZones": (args, context) => {
    const region = String(args.region ?? context.settings.region);
    const names = ["a", "b", "c"].map((zone) => `${region}-${zone}`);
    return { id: `projects/${projectOf(args, context)}/regions/${region}`, names, project: projectOf(args, context) };
  },
  "gcp:compute/getNetwork:getNetwork": lookUp(
    NETWORK,
    (args, context) => `projects/${projectOf(args, context)}/global/networks/${String(args.name)}`,
  ),
  "gcp:compute/getSubnetwork:getSubnetwork": lookUp(SUBNETWORK, regional("subnetworks")),
  "gcp:compute/getAddress:getAddress": lookUp(ADDRESS, regional("addresses")),
  "gcp:container/getEngineVersions:getEngineVersions": ({ versionPrefix, location }) => {
    const valid = VERSIONS.filter((version) => version.startsWith(String(versionPrefix ?? "")));
    return {
      ...{ id: String(location ?? "global"), validMasterVersions: valid, validNodeVersions: valid },
      ...{ latestMasterVersion: valid[0] ?? "", latestNodeVersion: valid[0] ?? "" },
      defaultClusterVersion: fullVersion(undefined) ?? "",
      ...{ releaseChannelDefaultVersion: channels(valid[0]), releaseChannelLatestVersion: channels(valid[0]) },
    };
  },
  "gcp:container/getCluster:getCluster": lookUp(
    CLUSTER,
    (args, context) =>
      `projects/${projectOf(args, context)}/locations/${String(args.location ?? context.settings.region)}/clusters/${String(args.name)}`,
  ),
  "gcp:serviceaccount/getAccount:getAccount": lookUp(ACCOUNT, (args, context) => {
    const account = lastPart(args.accountId);
    const project = projectOf(args, context);
    const email = account.includes("@") ? account : `${account}@${project}.iam.gserviceaccount.com`;
    return `projects/${project}/serviceAccounts/${email}`;
  }),
  "gcp:storage/getProjectServiceAccount:getProjectServiceAccount": (args, context) => {
    const project = projectOf(args, context);
    const emailAddress = `service-${projectNumber(project)}@gs-project-accounts.iam.gserviceaccount.com`;
    return { id: emailAddress, project, emailAddress, member: `serviceAccount:${emailAddress}` };
  },
};
