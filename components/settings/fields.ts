import { z } from "zod";
import { readAddressRange } from "../grammars/addresses";

/** What a field's metadata may say beside zod's own `description`; read by the error messages and the reference page. */
declare module "zod" {
  interface GlobalMeta {
    /** What is allowed, as it stands in an error: "a DNS label such as acme". */
    allowed?: string;
    /** A value that a reader may copy. */
    example?: string | number | boolean;
    /** Must be given as a Pulumi secret. */
    secret?: boolean;
  }
}

/** Text of a secret setting before it is sealed in a `pulumi.Output`. */
export type SecretText = string & z.$brand<"secret">;

/** A value that must be a Pulumi secret. */
export function secret(example = "an unguessable text") {
  return z.string().min(1).meta({ secret: true, allowed: example }).brand<"secret">();
}

/** Any text of at least one character. */
export function text() {
  return z.string().min(1).meta({ allowed: "text" });
}

/** Name of a Kubernetes object or namespace, RFC 1123 label. */
export function dnsLabel(example = "acme", longest = 63) {
  return z
    .string()
    .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/)
    .max(longest)
    .meta({
      allowed: `a DNS label: at most ${longest} lower-case letters, digits and hyphens, no hyphen at either end`,
      example,
    });
}

/** Fully qualified host name. */
export function hostName(example = "parse.example.com") {
  return z
    .string()
    .max(253)
    .regex(/^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)+[a-z]([-a-z0-9]*[a-z0-9])?$/)
    .meta({ allowed: "a full host name in lower case, without scheme, port or path", example });
}

/** Absolute http or https address without credentials in it. */
export function webAddress(example = "https://parse.example.com/parse") {
  return z
    .string()
    .refine(isWebAddress)
    .meta({ allowed: "a full http:// or https:// address without a user name or password in it", example });
}

function isWebAddress(given: string): boolean {
  if (/\s/.test(given) || !URL.canParse(given)) return false;
  const url = new URL(given);
  return /^https?:$/.test(url.protocol) && url.username === "" && url.password === "" && /^[^.].*$/.test(url.hostname);
}

/** Address range in CIDR notation, IPv4 or IPv6. */
export function range(example = "10.0.0.0/8") {
  return z
    .string()
    .refine(isRange)
    .meta({ allowed: `an IPv4 or IPv6 range in CIDR notation, such as ${example} or fd00::/8`, example });
}

/** Address range in CIDR notation, IPv4 only. */
export function rangeV4(example = "10.0.0.0/16") {
  return z
    .string()
    .refine((given) => isRange(given) && !given.includes(":"))
    .meta({ allowed: `an IPv4 range in CIDR notation, such as ${example}`, example });
}

/** A single address or a range in CIDR notation. */
export function addressOrRange(example = "10.0.0.0/8") {
  return z
    .string()
    .refine((given) => readAddressRange(given).value !== undefined)
    .meta({ allowed: `an IPv4 or IPv6 address, or a range such as ${example}`, example });
}

function isRange(given: string): boolean {
  return given.includes("/") && readAddressRange(given).value !== undefined;
}

/** Exact version without a leading `v`. */
export function version(example = "1.2.3") {
  return z
    .string()
    .regex(/^[0-9]+\.[0-9]+\.[0-9]+([-+][0-9A-Za-z.-]+)?$/)
    .meta({ allowed: `an exact version such as ${example}`, example });
}

/** `major.minor` of Kubernetes. */
export function kubernetesMinor(example = "1.35") {
  return z
    .string()
    .regex(/^1\.[0-9]{2}$/)
    .meta({ allowed: `a Kubernetes minor version in quotes, such as "${example}"`, example });
}

/** Image tag, exact, never `latest`. */
export function imageTag(example = "17.11") {
  return z
    .string()
    .regex(/^(?!latest$)[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(@sha256:[0-9a-f]{64})?$/)
    .meta({ allowed: `an exact image tag in quotes, such as "${example}", with an optional @sha256 digest`, example });
}

/** PEM certificate or chain. */
export function certificate() {
  return z
    .string()
    .regex(/^\s*-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----\s*$/)
    .meta({ allowed: "PEM certificates, beginning with -----BEGIN CERTIFICATE-----" });
}

/** Day as `YYYY-MM-DD`. */
export function day(example = "2027-03-31") {
  return z.iso.date().meta({ allowed: "a day as YYYY-MM-DD, in quotes", example });
}

/** E-mail address. */
export function email(example = "ops@example.com") {
  return z.email().meta({ allowed: "an e-mail address", example });
}
