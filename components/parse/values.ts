/** Values of Parse Server's chart, and names and addresses that follow from the settings. Pure. */
import { readGoDuration } from "../grammars/go-duration";
import { certificateSecret, issuerAnnotations } from "../kubernetes/ingress";
import { resourcesOf } from "../kubernetes/pods";
import type { ClientKey, ExternalDatabase, MongodbDatabase, ParseSettings, PostgresqlDatabase } from "./args";

/** Names of the Secrets the chart mounts; their values never pass through it. */
export interface ParseSecretNames {
  applicationId: string;
  masterKey: string;
  /** Parse Server option → Secret. */
  options: Record<string, string>;
  databasePassword?: string;
  databaseRootPassword?: string;
  databaseKeyFile?: string;
  databaseUri?: string;
  databaseCa?: string;
  dashboardPassword?: string;
  imagePull?: string;
}

/** Name of the Helm release and of what is named after it: Deployment, Service, PodDisruptionBudget. */
export const RELEASE_NAME = "parse-server";

/** Port of the Service and of the pods. */
export const PARSE_PORT = 1337;

const CLIENT_KEY_OPTIONS: Record<ClientKey, string> = {
  javascript: "javascriptKey",
  rest: "restAPIKey",
  dotNet: "dotNetKey",
  client: "clientKey",
};

const NANOSECONDS_A_SECOND = 1_000_000_000n;

/** Parse Server's name of a client key, e.g. `rest` → `restAPIKey`. */
export function clientKeyOption(key: ClientKey): string {
  return CLIENT_KEY_OPTIONS[key];
}

/** Address of the API inside the cluster. */
export function internalUrl(settings: Pick<ParseSettings, "namespace" | "mountPath">): string {
  return `http://${RELEASE_NAME}.${settings.namespace}.svc.cluster.local:${PARSE_PORT}${settings.mountPath}`;
}

/** Address of the API as clients outside see it; `undefined` where there is no way in. */
export function publicUrl(settings: {
  readonly publicUrl: string | undefined;
  readonly ingress: { readonly host: string } | undefined;
  readonly mountPath: string;
}): string | undefined {
  if (settings.publicUrl) return settings.publicUrl;
  return settings.ingress ? `https://${settings.ingress.host}${settings.mountPath}` : undefined;
}

function serverValues(settings: ParseSettings) {
  return {
    image: settings.images.parseServer,
    replicas: settings.autoscaling ? undefined : settings.replicas,
    autoscaling: settings.autoscaling,
    resources: resourcesOf(settings.resources),
    terminationDrainSeconds: settings.terminationDrainSeconds,
    mountPath: settings.mountPath,
    publicUrl: publicUrl(settings) ?? "",
    masterKeyAllowedRanges: [...settings.masterKeyAllowedRanges],
    trustProxyHops: settings.trustProxy,
    allowClientClassCreation: settings.allowClientClassCreation,
    logLevel: settings.logLevel,
    sessionLengthSeconds: settings.sessionLengthSeconds,
    options: { ...settings.options },
  };
}

function externalValues(database: ExternalDatabase, secrets: ParseSecretNames) {
  return {
    engine: database.engine,
    uriSecret: secrets.databaseUri ?? "",
    caSecret: secrets.databaseCa ?? "",
    cidrs: [...database.cidrs],
    ports: [...database.ports],
  };
}

interface CopyValues {
  consistentCopies: boolean;
  /** The hook's as Velero reads it too: text that stays the same restarts no pod. */
  copyTimeouts?: { hook: string; hookSeconds: number; copySeconds: number };
}

function copyValues({ consistentCopies, copyTimeouts }: ParseSettings): CopyValues {
  if (!copyTimeouts) return { consistentCopies };
  const { hook, copy } = copyTimeouts;
  return {
    consistentCopies,
    copyTimeouts: { hook, hookSeconds: wholeSeconds(hook), copySeconds: wholeSeconds(copy) },
  };
}

/** Seconds of a Go duration, at least one. */
function wholeSeconds(duration: string): number {
  const { value = 0n } = readGoDuration(duration);
  return Math.max(1, Number(value / NANOSECONDS_A_SECOND));
}

function postgresqlValues(database: PostgresqlDatabase, { images }: ParseSettings) {
  return {
    image: images.postgresql,
    storageSize: database.storageSize,
    storageClass: database.storageClass ?? "",
    resources: resourcesOf(database.resources),
  };
}

function mongodbValues(database: MongodbDatabase, { images }: ParseSettings, secrets: ParseSecretNames) {
  return {
    image: images.mongodb,
    members: database.members,
    antiAffinity: database.antiAffinity,
    storageSize: database.storageSize,
    storageClass: database.storageClass ?? "",
    resources: resourcesOf(database.resources),
    rootPasswordSecret: secrets.databaseRootPassword,
    keyFileSecret: secrets.databaseKeyFile,
  };
}

/** What the chart needs to know of a database: of its kind alone. */
interface DatabaseValues extends Partial<CopyValues> {
  kind: ParseSettings["database"]["kind"];
  passwordSecret?: string;
  external?: ReturnType<typeof externalValues>;
  postgresql?: ReturnType<typeof postgresqlValues>;
  mongodb?: ReturnType<typeof mongodbValues>;
}

function databaseValues(settings: ParseSettings, secrets: ParseSecretNames): DatabaseValues {
  const { database } = settings;
  const { kind } = database;
  if (kind === "external") return { kind, external: externalValues(database, secrets) };
  const shared = { passwordSecret: secrets.databasePassword, ...copyValues(settings) };
  if (kind === "postgresql") return { kind, ...shared, postgresql: postgresqlValues(database, settings) };
  return { kind, ...shared, mongodb: mongodbValues(database, settings, secrets) };
}

function ingressValues({ ingress }: ParseSettings) {
  if (!ingress) return { enabled: false };
  return {
    enabled: true,
    host: ingress.host,
    className: ingress.className ?? "",
    tlsSecret: certificateSecret(ingress, RELEASE_NAME),
    annotations: { ...ingress.annotations, ...issuerAnnotations(ingress) },
  };
}

function dashboardValues({ dashboard, images }: ParseSettings, secrets: ParseSecretNames) {
  if (!dashboard.enabled) return { enabled: false };
  return {
    enabled: true,
    image: images.parseDashboard,
    replicas: dashboard.replicas,
    user: dashboard.user,
    passwordSecret: secrets.dashboardPassword,
    resources: resourcesOf(dashboard.resources),
  };
}

/**
 * Values of the chart for these settings. Plain data: no secret's value goes in, none comes out.
 * @param settings what the customer asked for
 * @param secrets names of the Secrets that hold what is secret
 * @param chartChecksum content of the chart; a change of it alone makes the provider upgrade the release
 */
export function parseServerValues(settings: ParseSettings, secrets: ParseSecretNames, chartChecksum: string) {
  return {
    customer: settings.customer,
    secretGeneration: settings.secretGeneration,
    chartChecksum,
    priorityClassName: settings.priorityClassName ?? "",
    imagePullSecrets: secrets.imagePull ? [secrets.imagePull] : [],
    server: serverValues(settings),
    secrets: { applicationId: secrets.applicationId, masterKey: secrets.masterKey, options: secrets.options },
    database: databaseValues(settings, secrets),
    ingress: ingressValues(settings),
    dashboard: dashboardValues(settings, secrets),
  };
}

/** What the chart is given. */
export type ParseServerValues = ReturnType<typeof parseServerValues>;
