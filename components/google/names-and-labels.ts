/** What every Google Cloud resource of a customer has in common: labels and names. Pure. */
import { createHash } from "node:crypto";

const LONGEST_ACCOUNT_ID = 30;
const FINGERPRINT_LENGTH = 6;

/**
 * Labels of a customer's cloud resources, by which bills and inventories tell customers apart.
 * @param customer the customer's name
 * @param more further labels; they cannot replace `customer` and `managed-by`
 */
export function googleLabels(customer: string, more: Record<string, string> = {}): Record<string, string> {
  return { ...more, customer, "managed-by": "onprem-platform" };
}

/** Name of a cloud resource. The purpose comes first since such names begin with a letter and a customer's need not. */
export function googleName(purpose: string, customer: string): string {
  return `${purpose}-${customer}`;
}

/**
 * Id of a service account: 6 to 30 characters (https://cloud.google.com/iam/docs/service-accounts-create), so a
 * long name is cut and told apart by a fingerprint.
 */
export function serviceAccountId(purpose: string, customer: string): string {
  const name = googleName(purpose, customer);
  if (name.length <= LONGEST_ACCOUNT_ID) return name;
  const fingerprint = createHash("sha256").update(name).digest("hex").slice(0, FINGERPRINT_LENGTH);
  return `${name.slice(0, LONGEST_ACCOUNT_ID - FINGERPRINT_LENGTH - 1).replace(/-+$/, "")}-${fingerprint}`;
}

/** Region of a zone, `europe-west3` of `europe-west3-a`. */
export function regionOf(zone: string): string {
  return zone.replace(/-[a-z]$/, "");
}
