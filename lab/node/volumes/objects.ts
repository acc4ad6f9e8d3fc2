import { join } from "node:path";

/** A claim, as far as a provisioner reads it. */
export interface Claim {
  readonly kind?: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly uid: string;
    readonly resourceVersion?: string;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
  readonly spec: {
    readonly accessModes: readonly string[];
    readonly resources: { readonly requests: { readonly storage: string } };
    readonly storageClassName?: string;
    readonly volumeMode?: string;
    readonly volumeName?: string;
  };
}

/** A volume, as far as a provisioner reads it. */
export interface Volume {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly namespace?: undefined;
    readonly resourceVersion?: string;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
  readonly spec: {
    readonly persistentVolumeReclaimPolicy?: string;
    readonly local?: { readonly path: string };
  };
  readonly status?: { readonly phase?: string };
}

/** A storage class, as far as a provisioner reads it. */
export interface StorageClass {
  readonly metadata: { readonly name: string };
  readonly provisioner: string;
  readonly volumeBindingMode?: string;
  readonly reclaimPolicy?: string;
  readonly mountOptions?: readonly string[];
}

/** A node, as far as a provisioner reads it. */
export interface Node {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
}

const HOSTNAME = "kubernetes.io/hostname";
const PROVISIONED_BY = "pv.kubernetes.io/provisioned-by";

/** The path of a claim in the API. */
export const claimPath = (namespace: string, name: string): string =>
  `/api/v1/namespaces/${namespace}/persistentvolumeclaims/${name}`;

/** Whether a claim has no volume yet and the controller of volumes has asked this provisioner for one. */
export function wantsVolume({ metadata, spec }: Claim, provisioner: string): boolean {
  const { annotations = {}, deletionTimestamp } = metadata;
  const asked =
    annotations["volume.kubernetes.io/storage-provisioner"] ??
    annotations["volume.beta.kubernetes.io/storage-provisioner"];
  return !spec.volumeName && deletionTimestamp === undefined && asked === provisioner;
}

/** Whether a volume of this provisioner's has lost its claim, and is to go with it. */
export function isReleased({ metadata, spec, status }: Volume, provisioner: string): boolean {
  const ours = metadata.annotations?.[PROVISIONED_BY] === provisioner && metadata.deletionTimestamp === undefined;
  return ours && status?.phase === "Released" && spec.persistentVolumeReclaimPolicy === "Delete";
}

/**
 * The volume for a claim: a folder of its own, on the node that the claim's pod will run on.
 * @param of the folder in which volumes are, absolute, and the provisioner's name
 */
export function volumeFor(
  claim: Claim,
  storageClass: StorageClass,
  node: Node,
  of: { readonly root: string; readonly provisioner: string },
) {
  const { namespace, name, uid, resourceVersion } = claim.metadata;
  const volumeName = `pvc-${uid}`;
  const host = { key: HOSTNAME, operator: "In", values: [node.metadata.labels?.[HOSTNAME] ?? node.metadata.name] };
  return {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name: volumeName, annotations: { [PROVISIONED_BY]: of.provisioner } },
    spec: {
      accessModes: claim.spec.accessModes,
      capacity: { storage: claim.spec.resources.requests.storage },
      claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", namespace, name, uid, resourceVersion },
      local: { path: join(of.root, `${volumeName}_${namespace}_${name}`) },
      mountOptions: storageClass.mountOptions,
      nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [host] }] } },
      persistentVolumeReclaimPolicy: storageClass.reclaimPolicy ?? "Delete",
      storageClassName: storageClass.metadata.name,
      volumeMode: "Filesystem",
    },
  };
}

/** An event on a claim or a volume; those on a volume lie in the namespace `default`. */
export function eventOf(
  { metadata }: Claim | Volume,
  provisioner: string,
  what: { readonly type: string; readonly reason: string; readonly message: string },
  now = new Date(),
) {
  const kind = metadata.namespace === undefined ? "PersistentVolume" : "PersistentVolumeClaim";
  const time = now.toISOString().replace(/\.\d+/, "");
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: { generateName: `${metadata.name.slice(0, 200)}.`, namespace: metadata.namespace ?? "default" },
    involvedObject: { apiVersion: "v1", kind, name: metadata.name, namespace: metadata.namespace, uid: metadata.uid },
    source: { component: provisioner },
    firstTimestamp: time,
    lastTimestamp: time,
    count: 1,
    ...what,
  };
}
