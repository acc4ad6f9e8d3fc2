/** Requests to an S3 store, signed. Part of a program that runs in the cluster. */
import { createHash } from "node:crypto";
import { AwsV4Signer } from "aws4fetch";
import { send } from "../../in-cluster/request";
import { type Ask, type Claim, REGION_HEADER } from "./claim-prefix";

/**
 * Signs and sends requests to the claim's bucket
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html).
 * @param ca PEM of the CA of the store's certificate. Default: the public ones
 */
export function storeClient(claim: Claim, accessKeyId: string, secretAccessKey: string, ca?: Buffer): Ask {
  return async (method, key, query = {}, body = "") => {
    const signer = new AwsV4Signer({
      method,
      url: addressOf(claim, key, query).href,
      // The content's hash is signed too; without it the signer leaves the content out, which a store may refuse.
      headers: { "x-amz-content-sha256": createHash("sha256").update(body).digest("hex") },
      body,
      service: "s3",
      region: claim.region,
      accessKeyId,
      secretAccessKey,
    });
    const { url, headers } = await signer.sign();
    return send({ method, url, headers: Object.fromEntries(headers), body, ca, tell: [REGION_HEADER] });
  };
}

/** Address of an object; of the bucket itself where the key is empty. */
export function addressOf({ endpoint, bucket, pathStyle }: Claim, key: string, query: Record<string, string>): URL {
  const url = new URL(endpoint);
  if (!pathStyle) url.host = `${bucket}.${url.host}`;
  url.pathname = `${pathStyle ? `/${bucket}` : ""}/${key.split("/").map(encodeURIComponent).join("/")}`;
  // As they are signed: sorted, and a space is %20.
  const parameters = Object.entries(query).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
  );
  url.search = parameters.sort().join("&");
  return url;
}
