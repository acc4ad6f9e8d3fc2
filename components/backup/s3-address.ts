/** Where an S3 store is, and how it has to be spoken to. Pure. */

/** What the settings say of a store. */
export interface S3Settings {
  /** Address of the store. Amazon's for all regions, `https://s3.amazonaws.com`, stands for the region's own. */
  readonly endpoint: string;
  /** Region of the store. */
  readonly region: string;
  /** Name of the bucket. */
  readonly bucket: string;
  /** Bucket in the path, not in the host name. */
  readonly pathStyle: boolean;
  /** Checksum that Velero's plugin sends with each object; `""` for none. Absent: by the store. */
  readonly checksumAlgorithm: string | undefined;
}

/** How a store is reached. */
export interface S3Address {
  /** Address without a bucket and without a slash at its end. */
  readonly endpoint: string;
  /** What Velero is told as `s3Url`. Absent where it finds the same address by the region. */
  readonly url?: string;
  /** Bucket in the path, not in the host name. */
  readonly pathStyle: boolean;
  /** What Velero is told as `checksumAlgorithm`. Absent: what its plugin does by itself, CRC32. */
  readonly checksumAlgorithm?: string;
}

/** Amazon's partitions by the beginning of their regions: https://github.com/aws/aws-sdk-go-v2/blob/main/internal/endpoints/awsrulesfn/partitions.json */
const PARTITIONS: ReadonlyArray<readonly [begin: string, suffix: string]> = [
  ["cn-", "amazonaws.com.cn"],
  ["eusc-", "amazonaws.eu"],
  ["us-iso-", "c2s.ic.gov"],
  ["us-isob-", "sc2s.sgov.gov"],
  ["us-isof-", "csp.hci.ic.gov"],
  ["eu-isoe-", "cloud.adc-e.uk"],
];
const STANDARD = "amazonaws.com";

/** Stores that refuse the checksums of Velero's plugin, by the end of their hosts; docs/object-stores.md says from where this is known. */
const WITHOUT_CHECKSUMS: readonly RegExp[] = [
  /\.backblazeb2\.com$/,
  /\.cloud-object-storage\.appdomain\.cloud$/,
  /\.compat\.objectstorage\.[^.]+\.oraclecloud\.com$/,
  /\.compat\.objectstorage\.[^.]+\.oci\.customer-oci\.com$/,
  /\.cloud\.ovh\.(net|us)$/,
];

function suffixOf(region: string): string {
  return PARTITIONS.find(([begin]) => region.startsWith(begin))?.[1] ?? STANDARD;
}

/** Amazon's address for a region. One for all regions exists, but it redirects whoever asks for another region's bucket. */
export function regionalEndpoint(region: string): string {
  return `https://s3.${region}.${suffixOf(region)}`;
}

/** Whether an address is Amazon's for everybody, which stands for the region's own. */
function isGlobal(endpoint: string): boolean {
  return /^https:\/\/s3\.amazonaws\.com$/.test(endpoint);
}

/** Whether the bucket has to be in the host name, since the store knows no other form (access points, by name or alias). */
function needsVirtualHost(host: string, bucket: string): boolean {
  const isAccessPoint = /(^|\.)s3-accesspoint(-fips)?\.|^accesspoint\.vpce-/.test(host);
  return isAccessPoint || (isAmazon(host) && /-s3alias$/.test(bucket));
}

/** Whether a host is one of Amazon's. */
export function isAmazon(host: string): boolean {
  return /\.amazonaws\.(com|com\.cn|eu)$/.test(host);
}

/**
 * How a store is reached. An address that is given is used as it is, interface endpoints, dual-stack, FIPS and access points
 * of Amazon's among them.
 */
export function s3Address({ bucket, checksumAlgorithm, endpoint: given, pathStyle, region }: S3Settings): S3Address {
  const regional = regionalEndpoint(region);
  const trimmed = given.replace(/\/+$/, "");
  const endpoint = isGlobal(trimmed) ? regional : trimmed;
  const { host, hostname } = new URL(endpoint);
  const byRegion = endpoint === regional && endpoint.endsWith(`.${STANDARD}`);
  const checksum = checksumAlgorithm ?? (WITHOUT_CHECKSUMS.some((end) => end.test(hostname)) ? "" : undefined);
  return {
    endpoint,
    ...(byRegion ? {} : { url: endpoint }),
    pathStyle: pathStyle && !needsVirtualHost(host, bucket),
    ...(checksum === undefined ? {} : { checksumAlgorithm: checksum }),
  };
}
