import type { Problem } from "../problems";

/** Of a location of kind `s3`, what says where it is. */
interface S3Place {
  readonly bucket: string;
  readonly endpoint: string;
}

/** What of an address Velero's volume copies refuse: https://github.com/velero-io/velero/blob/v1.18.2/pkg/repository/provider/unified_repo.go */
function unwanted({ bucket, endpoint }: S3Place): string | undefined {
  const { host, hostname, pathname, search, hash } = new URL(endpoint);
  if (pathname !== "/" || search !== "" || hash !== "") return `${pathname}${search}${hash}`;
  // Elsewhere a host may well begin like the bucket; of Amazon's only the word that interface endpoints begin with does.
  const isAmazon = /\.amazonaws\.(com|com\.cn|eu)$/.test(hostname);
  return isAmazon && hostname.startsWith(`${bucket}.s3`) ? `${bucket} in ${host}` : undefined;
}

/** An address with more in it than where the store is. */
export function checkS3Endpoint(place: S3Place, index: number): Problem[] {
  const more = unwanted(place);
  if (more === undefined) return [];
  const { host, protocol } = new URL(place.endpoint);
  const begin = `${place.bucket}.`;
  const store = more.startsWith(`${place.bucket} in`) ? host.slice(begin.length) : host;
  return [
    {
      path: ["backup", "locations", index, "endpoint"],
      given: `an address with ${more}`,
      allowed: "the store's own address, without a path and without the bucket: Velero copies no volume to another",
      wayOut: `pulumi config set --path 'onprem:backup.locations[${index}].endpoint' ${protocol}//${store}`,
    },
  ];
}
