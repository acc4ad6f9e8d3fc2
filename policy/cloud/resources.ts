/** Type tokens of the Google Cloud resources that policies look at. */
export const CLUSTER = "gcp:container/cluster:Cluster";
export const NODE_POOL = "gcp:container/nodePool:NodePool";
export const INSTANCE = "gcp:compute/instance:Instance";
export const DISK = "gcp:compute/disk:Disk";
export const FIREWALL = "gcp:compute/firewall:Firewall";
export const BUCKET = "gcp:storage/bucket:Bucket";
export const SERVICE_ACCOUNT_KEY = "gcp:serviceaccount/key:Key";

/** Grants of a role, on whatever it is granted. */
export const isGrant = (type: string) => /^gcp:.*:[A-Za-z]*I[Aa][Mm](Member|Binding)$/.test(type);
