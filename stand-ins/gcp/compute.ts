import { isDeepStrictEqual } from "node:util";
import type { CloudContext, CloudType } from "../cloud/cloud-type";
import { addressIn, externalAddress } from "../cloud/deterministic";
import { containsUnknown, type PropertyMap, type PropertyValue } from "../plugin/property-values";
import { shortLink } from "../schema/difference";
import { ADDRESS, checkName, networkReference, SUBNETWORK, subnetworkReference } from "./network";
import { accountReference } from "./projects";

export const INSTANCE = "gcp:compute/instance:Instance";
const DISK = "gcp:compute/disk:Disk";
const RESOURCE_POLICY = "gcp:compute/resourcePolicy:ResourcePolicy";

/** What a running instance must be stopped for (`resourceComputeInstanceUpdate` of the official provider). */
const NEEDS_STOP = ["machineType", "minCpuPlatform", "serviceAccount", "shieldedInstanceConfig", "enableDisplay"];

function blocks(value: PropertyValue | undefined): PropertyMap[] {
  return Array.isArray(value) ? (value as PropertyMap[]) : [];
}

function networkInterfaces(properties: PropertyMap, { content }: CloudContext, id: string): PropertyMap[] {
  return blocks(properties.networkInterfaces).map((given, index) => {
    const subnetwork = content.resources.find(
      ({ type, id: other, properties: known }) =>
        type === SUBNETWORK && [other, known.name].includes(shortLink(String(given.subnetwork))),
    );
    const range = String(subnetwork?.properties.ipCidrRange ?? "10.128.0.0/20");
    const accessConfigs = given.accessConfigs && {
      accessConfigs: blocks(given.accessConfigs).map((access, number) => ({
        networkTier: "PREMIUM",
        natIp: externalAddress(`${id} ${index} ${number}`),
        ...access,
      })),
    };
    return {
      name: `nic${index}`,
      networkIp: addressIn(range, `${id} ${index}`),
      network: String(subnetwork?.properties.network ?? "default"),
      stackType: "IPV4_ONLY",
      ...given,
      ...accessConfigs,
    };
  });
}

function attachedDisks(given: PropertyValue): PropertyMap[] {
  return blocks(given).map((disk, index) => ({ deviceName: `persistent-disk-${index + 1}`, ...disk }));
}

/** Disks that the instance's own definition brings along are not in the ledger. */
function bootDisk(properties: PropertyMap, id: string): PropertyMap {
  const given = (properties.bootDisk ?? {}) as PropertyMap;
  const own = id.replace(/instances/, "disks");
  const deviceName = given.deviceName ?? "persistent-disk-0";
  return { ...given, deviceName, source: given.source ?? `https://www.googleapis.com/compute/v1/${own}` };
}

const instance: CloudType = {
  id: "projects/{project}/zones/{zone}/instances/{name}",
  references: [
    networkReference("networkInterfaces.network"),
    subnetworkReference("networkInterfaces.subnetwork"),
    {
      path: "networkInterfaces.accessConfigs.natIp",
      to: ADDRESS,
      by: "address",
      exclusive: "address",
      mustExist: false,
    },
    // The official provider detaches a disk before it deletes it (`resourceComputeDiskDelete`).
    { path: "attachedDisks.source", to: DISK, exclusive: "disk", onTargetDeletion: "detach" },
    { path: "resourcePolicies", to: RESOURCE_POLICY },
    accountReference("serviceAccount.email"),
  ],
  check: checkName,
  computed: (properties, context, id) => ({
    bootDisk: bootDisk(properties, id),
    networkInterfaces: networkInterfaces(properties, context, id),
    ...(properties.attachedDisks && { attachedDisks: attachedDisks(properties.attachedDisks) }),
    cpuPlatform: "Intel Broadwell",
    currentStatus: properties.desiredStatus ?? "RUNNING",
  }),
  refuseUpdate(old, properties) {
    const stops = NEEDS_STOP.filter(
      (name) => properties[name] !== undefined && !isDeepStrictEqual(old[name], properties[name]),
    );
    if (stops.length === 0 || properties.allowStoppingForUpdate === true) return undefined;
    return `changing ${stops.join(", ")} on a started instance requires stopping it: set allowStoppingForUpdate to true`;
  },
  refuseDelete({ properties, id }) {
    if (properties.deletionProtection !== true) return undefined;
    return `googleapi: Error 412: Invalid resource usage: 'Resource cannot be deleted if it's protected against deletion. Disable deletion protection before deleting: ${id}', resourceInUse`;
  },
  // customdiff isGracefulMetadataStartupSwitch of the official provider.
  replaces(old, { metadataStartupScript, metadata }) {
    const moved = (metadata as PropertyMap | undefined)?.["startup-script"] !== undefined;
    return old.metadataStartupScript !== metadataStartupScript && !moved ? ["metadataStartupScript"] : [];
  },
};

/** Virtual machines and their disks. */
export const computeTypes: { [token: string]: CloudType } = {
  [INSTANCE]: instance,
  [DISK]: {
    id: "projects/{project}/zones/{zone}/disks/{name}",
    check: checkName,
    computed: ({ size }) => ({ size: size ?? 10, physicalBlockSizeBytes: 4096 }),
    replaces: (old, { size }) => (containsUnknown(size) || Number(size) >= Number(old.size) ? [] : ["size"]),
  },
  [RESOURCE_POLICY]: { id: "projects/{project}/regions/{region}/resourcePolicies/{name}", check: checkName },
  "gcp:compute/diskResourcePolicyAttachment:DiskResourcePolicyAttachment": {
    id: "{project}/{zone}/{disk}/{name}",
    autoName: false,
    references: [
      { path: "disk", to: DISK, onTargetDeletion: "cascade" },
      { path: "name", to: RESOURCE_POLICY },
    ],
  },
};
