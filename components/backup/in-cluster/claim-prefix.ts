/**
 * Claims a directory of a bucket for one stack, by an object that says whose it is. Part of a program that runs in the
 * cluster.
 *
 * Whose it is goes by the fingerprint of the repositories' password: who has another one can read nothing that is there,
 * and would spoil it.
 */
import { JobError } from "../../in-cluster/job";
import { PATIENCE_MILLISECONDS, PAUSE_MILLISECONDS, patient as patientWith } from "../../in-cluster/patience";
import type { Answer } from "../../in-cluster/request";

/** What the Job is told. */
export interface Claim {
  endpoint: string;
  region: string;
  bucket: string;
  prefix: string;
  pathStyle: boolean;
  stack: string;
  /** Fingerprint of the repositories' password. */
  repository: string;
  /** Days that the bucket's object lock must have at least. */
  objectLockDays?: number;
}

/** The object that says whose a directory is. */
export interface Owner {
  stack: string;
  repository: string;
  since: string;
}

/** Asks the store; `key` is empty for the bucket itself. */
export type Ask = (method: string, key: string, query?: Record<string, string>, body?: string) => Promise<Answer>;

/** Why a directory cannot be used, and what to do. */
export class ClaimError extends JobError {}

const OWNER = "owner.json";
/** Header in which Amazon, and who does as it does, says the region of a bucket. */
export const REGION_HEADER = "x-amz-bucket-region";

/** The directory, as people know it. */
function placeOf({ endpoint, bucket, prefix }: Claim): string {
  return `directory ${prefix} of bucket ${bucket} at ${endpoint}`;
}

/** What an element of a store's answer says: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
function said(body: string, element: string): string {
  return new RegExp(`<${element}>([^<]*)</${element}>`).exec(body)?.[1] ?? "";
}

/** A store's answer in its own words, on one line. */
function wordsOf({ body, status }: Answer): string {
  const message = said(body, "Message").replace(/\s+/g, " ").slice(0, 200);
  return [[status, said(body, "Code")].filter(Boolean).join(" "), message].filter(Boolean).join(", ");
}

/** Where the bucket is, when the store sends elsewhere whoever asks here; nothing when it does not. */
function elsewhere(claim: Claim, answer: Answer): ClaimError | undefined {
  const { body, status } = answer;
  const malformed = status === 400 && said(body, "Code") === "AuthorizationHeaderMalformed";
  if (!malformed && !(status >= 300 && status < 400)) return undefined;
  const region = answer.headers?.[REGION_HEADER] ?? said(body, "Region");
  const endpoint = said(body, "Endpoint");
  const asked = `bucket ${claim.bucket} is not to be had at ${claim.endpoint} with region ${claim.region}`;
  const store = `(store: ${wordsOf(answer)})`;
  if (region && region !== claim.region) {
    return new ClaimError(
      `${asked}: the store says that its region is ${region}. Set region of the location to ${region}, and leave its endpoint out or give that region's. ${store}`,
    );
  }
  const way = endpoint ? `the store says that it is at ${endpoint}. Correct` : "the store sends elsewhere. Correct";
  return new ClaimError(`${asked}: ${way} endpoint and region of the location. ${store}`);
}

function unexpected(claim: Claim, what: string, answer: Answer): ClaimError {
  const { status } = answer;
  const sent = elsewhere(claim, answer);
  if (sent) return sent;
  if (said(answer.body, "Code") === "NoSuchBucket") {
    return new ClaimError(
      `bucket ${claim.bucket} does not exist at ${claim.endpoint}: make it, or correct onprem:backup.locations.`,
    );
  }
  const words = wordsOf(answer);
  if (status === 403 || status === 401) {
    return new ClaimError(
      `the store at ${claim.endpoint} refuses the access key for bucket ${claim.bucket} (${words}, ${what}): correct accessKeyId and secretAccessKey of the location, or let the key list, read and write there.`,
    );
  }
  return new ClaimError(
    `the store at ${claim.endpoint} answered ${words} (${what}): mend it, and run pulumi up again.`,
  );
}

/** Asked for at every claim: a bucket's lock and what the settings ask for change after the directory was claimed. */
async function requireObjectLock(claim: Claim, ask: Ask): Promise<void> {
  const { objectLockDays } = claim;
  if (objectLockDays === undefined) return;
  const answer = await ask("GET", "", { "object-lock": "" });
  const [, number = "0", unit = ""] = /<(?:Days|Years)>(\d+)<\/(Days|Years)>/.exec(answer.body) ?? [];
  const days = answer.status === 200 ? Number(number) * (unit === "Years" ? 365 : 1) : 0;
  if (days >= objectLockDays) return;
  const store = answer.status === 200 ? "" : ` (store: ${wordsOf(answer)})`;
  if (answer.status === 401 || answer.status === 403) {
    throw new ClaimError(
      `the store at ${claim.endpoint} does not tell this access key of the object lock of bucket ${claim.bucket}${store}: let it (s3:GetBucketObjectLockConfiguration), or take objectLockDays out of the location.`,
    );
  }
  throw new ClaimError(
    `bucket ${claim.bucket} has object lock for ${days} days, and objectLockDays of the location asks for ${objectLockDays}${store}: set the bucket's default retention, or lower objectLockDays.`,
  );
}

/**
 * Claims the directory, or finds it claimed by the same.
 * @returns what was done, in words
 * @throws ClaimError when it belongs to another, or cannot be used
 */
export async function claimPrefix(claim: Claim, ask: Ask, now = new Date()): Promise<string> {
  const key = `${claim.prefix}/${OWNER}`;
  const found = await ask("GET", key);
  if (found.status === 200) {
    const accepted = accept(claim, JSON.parse(found.body) as Owner);
    await requireObjectLock(claim, ask);
    return accepted;
  }
  if (found.status !== 404 || /NoSuchBucket/.test(found.body)) throw unexpected(claim, "reading the owner", found);
  await requireObjectLock(claim, ask);
  const listed = await ask("GET", "", { "list-type": "2", "max-keys": "1", prefix: `${claim.prefix}/` });
  if (listed.status !== 200) throw unexpected(claim, "listing", listed);
  if (/<Key>/.test(listed.body)) {
    throw new ClaimError(
      `${placeOf(claim)} holds objects, and nothing there says whose they are: choose another onprem:backup.prefix, or empty the directory.`,
    );
  }
  const owner: Owner = { stack: claim.stack, repository: claim.repository, since: now.toISOString() };
  const written = await ask("PUT", key, {}, JSON.stringify(owner));
  if (written.status !== 200) throw unexpected(claim, "writing the owner", written);
  return `${placeOf(claim)} belongs to stack ${claim.stack} from now on`;
}

function accept(claim: Claim, owner: Owner): string {
  if (owner.repository === claim.repository) return `${placeOf(claim)} belongs to stack ${owner.stack}`;
  const [whose, wayOut] =
    owner.stack === claim.stack
      ? ["an earlier installation of this stack", "to go on with its backups"]
      : [`stack ${owner.stack}`, "if this stack takes the other's place"];
  throw new ClaimError(
    `${placeOf(claim)} belongs to ${whose}, under another repository password: choose another onprem:backup.prefix; or, ${wayOut}, give its password from escrow: pulumi config set --secret --path 'onprem:backup.repositoryPassword'.`,
  );
}

/**
 * Asks again while nobody answers, or the store says that it cannot just now
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html: SlowDown, ServiceUnavailable, InternalError).
 */
export function patient(
  ask: Ask,
  { endpoint }: Claim,
  milliseconds = PATIENCE_MILLISECONDS,
  pauseMilliseconds = PAUSE_MILLISECONDS,
): Ask {
  return patientWith(ask, {
    milliseconds,
    pauseMilliseconds,
    giveUp: ({ message }, over) =>
      over
        ? new ClaimError(
            `the store at ${endpoint} cannot be reached from the cluster (${message}): correct endpoint or caCertificate of the location, or open the way to it.`,
          )
        : undefined,
  });
}
