/** Fields whose text another program reads, each by that program's own grammar. */
import { parse } from "yaml";
import { z } from "zod";
import { earlierReading, readCron } from "../grammars/cron";
import { longestPauseOf } from "../grammars/cron-times";
import { isHost, isPort, readGitUrl } from "../grammars/git-url";
import { readGoDuration } from "../grammars/go-duration";
import { readPrometheusBytes } from "../grammars/prometheus-bytes";
import { readPrometheusDuration } from "../grammars/prometheus-duration";
import { readQuantity } from "../grammars/quantity";

/**
 * A text that a grammar takes. Where it doesn't, the error says why.
 * @param refusalOf why the reader refuses a text, without the text itself; `undefined` where it takes it
 */
export function readText(refusalOf: (text: string) => string | undefined) {
  return z.string().superRefine((text, context) => {
    const refusal = refusalOf(text);
    if (refusal !== undefined) context.addIssue({ code: "custom", message: refusal, params: { refusal } });
  });
}

/** Why the delivered Velero can't make backups by a line of cron; `undefined` where it can. */
function cronRefusal(line: string): string | undefined {
  const { value, refusal } = readCron(line);
  if (value === undefined) return refusal;
  if (earlierReading(line) === "refused")
    return "Velero takes 7 for Sunday and ranges over the end only since 1.18.3; write 0, and a list such as 22-23,0-4";
  if (longestPauseOf(value) === undefined)
    return "it has no next run within five years, and Velero then makes a backup each minute";
  return undefined;
}

/** When Velero makes a backup. */
export function cron(example = "0 3 * * *") {
  return readText(cronRefusal).meta({
    allowed:
      "a cron expression of five fields (minute hour day month weekday), or @daily and the like, in UTC unless it begins with TZ=",
    example,
  });
}

/** The shortest and the longest time that works for a setting, each as the settings write it. */
interface Limits {
  readonly least: string;
  readonly most?: string;
}

function outside(nanoseconds: bigint, { least, most }: Limits): string | undefined {
  if (nanoseconds < (readGoDuration(least).value ?? 0n)) return `it is shorter than ${least}`;
  const end = most === undefined ? undefined : readGoDuration(most).value;
  return end !== undefined && nanoseconds > end ? `it is longer than ${most}` : undefined;
}

const between = ({ least, most }: Limits) => (most === undefined ? `at least ${least}` : `from ${least} to ${most}`);

/** Length of time as Go reads it. */
export function goDuration(example: string, limits: Limits = { least: "1s" }) {
  return readText((text) => {
    const { value, refusal } = readGoDuration(text);
    return value === undefined ? refusal : outside(value, limits);
  }).meta({ allowed: `a length of time in h, m and s, such as ${example} or 1h30m, ${between(limits)}`, example });
}

/** How long Velero keeps a backup, as Go reads it. It looks once an hour for backups that are over. */
export function retention(example = "720h") {
  return goDuration(example, { least: "1h" });
}

/** Length of time as Flux' definitions take it: Go's, without a sign and the smallest units. */
export function fluxDuration(example = "10m") {
  const limits = { least: "1s" };
  return readText((text) => {
    const { value, refusal } = readGoDuration(text);
    if (value === undefined) return refusal;
    if (!/^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$/.test(text))
      return "Flux takes numbers without a sign, each with ms, s, m or h";
    return outside(value, limits);
  }).meta({ allowed: `a length of time in h, m and s, such as 30s, 10m or 1h30m, ${between(limits)}`, example });
}

/** Length of time as Prometheus and Alertmanager read it. */
export function prometheusDuration(example: string, limits: Limits = { least: "1s" }) {
  return readText((text) => {
    const { value, refusal } = readPrometheusDuration(text);
    return value === undefined ? refusal : outside(BigInt(value) * 1_000_000n, limits);
  }).meta({
    allowed: `a length of time in w, d, h, m and s, the longest unit first, such as 30s, 1h30m or 1d, ${between(limits)}`,
    example,
  });
}

/** An amount as Kubernetes reads it, within what works for a use. */
function amount(limits: { least: string; most: string }, unit: RegExp, allowed: string, example: string) {
  const bytes = (text: string) => readQuantity(text).value ?? 0;
  return readText((text) => {
    const { value, refusal } = readQuantity(text);
    if (value === undefined) return refusal;
    if (!unit.test(text)) return "it is not written as a number and a unit, such as 512Mi";
    if (value < bytes(limits.least)) return `it is less than ${limits.least}`;
    return value > bytes(limits.most) ? `it is more than ${limits.most}` : undefined;
  }).meta({ allowed: `${allowed}, from ${limits.least} to ${limits.most}`, example });
}

const BYTES = /^[0-9]+(\.[0-9]+)?(k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)$/;

/** Size of a volume. The least is what a database or Prometheus needs to start; the most is the largest disk of any cloud. */
export function volumeSize(example = "20Gi") {
  return amount({ least: "128Mi", most: "64Ti" }, BYTES, "a size with its unit, such as 20Gi or 1Ti", example);
}

/** Memory of a container. With less no program here starts; more no machine has. */
export function memory(example = "512Mi") {
  return amount({ least: "16Mi", most: "24Ti" }, BYTES, "memory with its unit, such as 512Mi or 2Gi", example);
}

/** CPU share of a container. */
export function cpu(example = "250m") {
  const allowed = 'CPU cores as text, such as "250m" (a quarter) or "2"';
  return amount({ least: "1m", most: "1024" }, /^[0-9]+(\.[0-9]+)?m?$/, allowed, example);
}

/** How much of its volume Prometheus may fill: a size of Kubernetes' to which a B is added for Prometheus. */
export function retentionSize(example = "40Gi") {
  return readText((text) => {
    const { value, refusal } = readPrometheusBytes(`${text}B`);
    if (value === undefined) return refusal;
    // The definition of Prometheus' operator takes one number with a unit.
    if (!/^[0-9]*\.?[0-9]+(K|M|G|T|P|E)i?$/.test(text)) return "it is not written as a number and a unit, such as 40Gi";
    return value < MEGABYTE * 256 ? "it is less than 256Mi, of which Prometheus' log alone takes half" : undefined;
  }).meta({ allowed: "a size with its unit, such as 40Gi, at least 256Mi; 40G is the same to Prometheus", example });
}

const MEGABYTE = 2 ** 20;

/** Host and port of a server. */
export function hostAndPort(example = "smtp.example.com:587") {
  return readText((text) => {
    const [host = "", port, ...more] = text.split(":");
    if (port === undefined || more.length > 0) return "it is not written as host:port";
    if (!isHost(host)) return "its host is no name and no IPv4 address";
    return isPort(port) ? undefined : "its port is no number from 1 to 65535";
  }).meta({ allowed: "host:port of a mail relay", example });
}

/** Address of a Git repository. */
export function gitUrl(example = "ssh://git@git.example.com/acme/fleet.git") {
  return readText((text) => readGitUrl(text).refusal).meta({
    allowed: "ssh://user@host/path (not git@host:path) or https://host/path without credentials",
    example,
  });
}

/** Why a name is something else than text to those who read it without quotes around it; `undefined` where it is text. */
function notText(name: string): string | undefined {
  for (const version of ["1.1", "1.2"] as const) {
    const value: unknown = parse(name, { version, logLevel: "silent" });
    // The library reads e1 as a number, which Helm doesn't.
    if (typeof value === "string" || (typeof value === "number" && !/^[0-9]/.test(name))) continue;
    return "YAML takes it for something else than text, and it stands without quotes in charts and labels";
  }
  return undefined;
}

/** Short name of a customer. */
export function customerName(example = "acme", longest = 30) {
  return readText((text) => (isLabel(text, longest) ? notText(text) : "it is no DNS label")).meta({
    allowed: `a DNS label of at most ${longest} lower-case letters, digits and hyphens, no hyphen at either end, that YAML reads as text (not true, null or 42)`,
    example,
  });
}

/** Name of an object that a chart writes without quotes around it. */
export function chartName(example = "premium-rwo", longest = 63) {
  return readText((text) => (isLabel(text, longest) ? notText(text) : "it is no DNS label")).meta({
    allowed: `a DNS label: at most ${longest} lower-case letters, digits and hyphens, no hyphen at either end, that YAML reads as text`,
    example,
  });
}

/** Name of a PriorityClass. */
export function priorityClass(example = "customer-facing") {
  const form = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
  return readText((text) =>
    text.length <= 253 && form.test(text)
      ? notText(text)
      : "it is no name of an object: lower-case letters, digits, - and .",
  ).meta({ allowed: "the name of a PriorityClass of the cluster", example });
}

const isLabel = (text: string, longest: number) =>
  text.length <= longest && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(text);

/** Requests and limits of one container. */
export function resources(requests: { cpu: string; memory: string }, limits: { cpu?: string; memory: string }) {
  return z
    .strictObject({
      requests: z
        .strictObject({
          cpu: cpu().describe("CPU that the scheduler sets aside.").default(requests.cpu),
          memory: memory("512Mi").describe("Memory that the scheduler sets aside.").default(requests.memory),
        })
        .prefault({})
        .describe("What the scheduler sets aside for each pod."),
      limits: z
        .strictObject({
          cpu: (limits.cpu ? cpu().default(limits.cpu) : cpu().optional()).describe(
            "Most CPU a pod may use; without it a pod may use what the node has left.",
          ),
          memory: memory("1Gi").describe("Most memory a pod may use before it is killed.").default(limits.memory),
        })
        .prefault({})
        .describe("What each pod may use at most."),
    })
    .prefault({})
    .describe("CPU and memory of each pod.");
}
