import * as pulumi from "@pulumi/pulumi";
import type { ClientKey, ExternalDatabase, ParseSettings, Resources } from "./args";

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

/** Settings that no release can be made of. */
export class ParseSettingsError extends pulumi.RunError {
  readonly code = "PARSE_SETTINGS";
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

/** Options that this platform answers for; `verbose` prints options, keys among them, to the log. */
const RESERVED_OPTIONS = new Set([
  ...["appId", "masterKey", "maintenanceKey", "readOnlyMasterKey", "webhookKey", "fileKey", "encryptionKey"],
  ...Object.values(CLIENT_KEY_OPTIONS),
  ...["databaseURI", "databaseAdapter", "middleware", "cluster", "host", "port", "mountPath", "serverURL"],
  ...["publicServerURL", "masterKeyIps", "trustProxy", "allowClientClassCreation", "sessionLength", "logLevel"],
  ...["logsFolder", "verbose"],
]);

const ONE_YEAR_SECONDS = 31_536_000;

/** Parse Server's name of a client key, e.g. `rest` → `restAPIKey`. */
export function clientKeyOption(key: ClientKey): string {
  return CLIENT_KEY_OPTIONS[key];
}

/**
 * Refuses options that belong to other settings.
 * @throws ParseSettingsError naming every one of them
 */
export function checkParseOptions(options: Record<string, unknown> = {}): void {
  const refused = Object.keys(options).filter((name) => RESERVED_OPTIONS.has(name));
  if (refused.length > 0) {
    throw new ParseSettingsError(
      `parse.options: ${refused.join(", ")} cannot be set here; the platform sets ${refused.length > 1 ? "them" : "it"} from the other settings of \`parse\`, and secrets are generated.`,
    );
  }
}

/** Address of the API inside the cluster. */
export function internalUrl(settings: Pick<ParseSettings, "namespace" | "mountPath">): string {
  const host = `${RELEASE_NAME}.${settings.namespace ?? "parse"}.svc.cluster.local`;
  return `http://${host}:${PARSE_PORT}${settings.mountPath ?? "/parse"}`;
}

/** Address of the API as clients outside see it; `undefined` where there is no way in. */
export function publicUrl(settings: Pick<ParseSettings, "publicUrl" | "ingress" | "mountPath">): string | undefined {
  if (settings.publicUrl) return settings.publicUrl;
  return settings.ingress ? `https://${settings.ingress.host}${settings.mountPath ?? "/parse"}` : undefined;
}

function resources(requests: Resources["requests"], memoryLimit: string): Resources {
  return { requests, limits: { memory: memoryLimit } };
}

function serverValues(settings: ParseSettings) {
  return {
    image: settings.images.parseServer,
    replicas: settings.autoscaling ? undefined : (settings.replicas ?? 2),
    autoscaling: settings.autoscaling,
    resources: settings.resources ?? resources({ cpu: "250m", memory: "512Mi" }, "1Gi"),
    terminationDrainSeconds: settings.terminationDrainSeconds ?? 15,
    mountPath: settings.mountPath ?? "/parse",
    publicUrl: publicUrl(settings) ?? "",
    masterKeyAllowedRanges: settings.masterKeyAllowedRanges ?? [],
    trustProxyHops: settings.trustProxy ?? 0,
    allowClientClassCreation: settings.allowClientClassCreation ?? false,
    logLevel: settings.logLevel ?? "info",
    sessionLengthSeconds: settings.sessionLengthSeconds ?? ONE_YEAR_SECONDS,
    options: settings.options ?? {},
  };
}

function externalValues(database: ExternalDatabase, secrets: ParseSecretNames) {
  return {
    engine: database.engine,
    uriSecret: secrets.databaseUri ?? "",
    caSecret: secrets.databaseCa ?? "",
    cidrs: database.cidrs ?? ["0.0.0.0/0", "::/0"],
    ports: database.ports ?? [database.engine === "mongodb" ? 27017 : 5432],
  };
}

function databaseValues(settings: ParseSettings, secrets: ParseSecretNames) {
  const database = settings.database ?? { kind: "mongodb" };
  if (database.kind === "external") return { kind: database.kind, external: externalValues(database, secrets) };
  const storage = { storageSize: database.storageSize ?? "20Gi", storageClass: database.storageClass ?? "" };
  const passwordSecret = secrets.databasePassword;
  const consistentCopies = settings.consistentCopies ?? false;
  if (database.kind === "postgresql") {
    return {
      kind: database.kind,
      passwordSecret,
      consistentCopies,
      postgresql: {
        image: settings.images.postgresql,
        ...storage,
        resources: database.resources ?? resources({ cpu: "250m", memory: "512Mi" }, "1Gi"),
      },
    };
  }
  return {
    kind: database.kind,
    passwordSecret,
    consistentCopies,
    mongodb: {
      image: settings.images.mongodb,
      members: database.members ?? 3,
      antiAffinity: database.antiAffinity ?? "required",
      ...storage,
      resources: database.resources ?? resources({ cpu: "500m", memory: "1Gi" }, "2Gi"),
      rootPasswordSecret: secrets.databaseRootPassword,
      keyFileSecret: secrets.databaseKeyFile,
    },
  };
}

function ingressValues({ ingress }: ParseSettings) {
  if (!ingress) return { enabled: false };
  const { secretName, clusterIssuer } = ingress.tls;
  return {
    enabled: true,
    host: ingress.host,
    className: ingress.className ?? "",
    tlsSecret: secretName ?? `${RELEASE_NAME}-tls`,
    annotations: {
      ...ingress.annotations,
      ...(clusterIssuer ? { "cert-manager.io/cluster-issuer": clusterIssuer } : {}),
    },
  };
}

function dashboardValues({ dashboard, images }: ParseSettings, secrets: ParseSecretNames) {
  if (!dashboard?.enabled) return { enabled: false };
  return {
    enabled: true,
    image: images.parseDashboard,
    replicas: dashboard.replicas ?? 1,
    user: dashboard.user ?? "admin",
    passwordSecret: secrets.dashboardPassword,
    resources: dashboard.resources ?? resources({ cpu: "50m", memory: "128Mi" }, "256Mi"),
  };
}

/**
 * Values of the chart for these settings. Plain data: no secret's value goes in, none comes out.
 * @param settings what the customer asked for
 * @param secrets names of the Secrets that hold what is secret
 * @param chartChecksum content of the chart; a change of it alone makes the provider upgrade the release
 * @throws ParseSettingsError for options that belong to other settings
 */
export function parseServerValues(settings: ParseSettings, secrets: ParseSecretNames, chartChecksum: string) {
  checkParseOptions(settings.options);
  return {
    customer: settings.customer,
    secretGeneration: settings.secretGeneration ?? 1,
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
