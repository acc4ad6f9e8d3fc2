import type { ParseSettings } from "../../../components/parse/args";
import { type ParseSecretNames, type ParseServerValues, parseServerValues } from "../../../components/parse/values";
import { dashboard, database, images, ingress, minimal } from "../parse/sample-settings";

/** Namespace the sets are rendered for. */
export const NAMESPACE = "parse";

/** Names as the component gives them. */
const secretNames: ParseSecretNames = {
  applicationId: "parse-application-id",
  masterKey: "parse-master-key-1",
  options: {},
  databasePassword: "parse-database-password",
  databaseRootPassword: "parse-database-root-password",
  databaseKeyFile: "parse-database-key-file",
  databaseUri: "parse-database-uri-0123456789",
  dashboardPassword: "parse-dashboard-password-1",
};

function values(settings: Partial<ParseSettings>, names: Partial<ParseSecretNames> = {}): ParseServerValues {
  const plain = parseServerValues({ ...minimal, ...settings }, { ...secretNames, ...names }, "0123456789abcdef");
  return JSON.parse(JSON.stringify(plain));
}

/** Everything that can be switched on at once. */
const full: Partial<ParseSettings> = {
  images,
  autoscaling: { minReplicas: 2, maxReplicas: 8, targetCpuPercent: 70 },
  masterKeyAllowedRanges: ["10.0.0.0/8", "127.0.0.1", "fd00::/8"],
  trustProxy: 1,
  publicUrl: "https://api.example.com/parse",
  clientKeys: ["javascript", "rest"],
  secretGeneration: 3,
  logLevel: "warn",
  options: { passwordPolicy: { maxLoginAttempts: 5 }, databaseOptions: { maxPoolSize: 20 } },
  dashboard: dashboard({ enabled: true }),
  ingress: { ...ingress("api.example.com", { clusterIssuer: "letsencrypt" }), className: "nginx" },
  database: database({ kind: "mongodb", members: 5, storageClass: "fast", storageSize: "100Gi" }),
  consistentCopies: true,
  terminationDrainSeconds: 30,
  priorityClassName: "platform",
};

/**
 * The settings the chart is tested with, by name: values as the component would pass them. Each set renders, and each
 * is meant to be accepted by a Kubernetes API server.
 */
export const settings = {
  default: values({}),
  lab: values({
    replicas: 1,
    masterKeyAllowedRanges: ["10.244.0.0/16"],
    database: database({ kind: "postgresql", storageSize: "1Gi" }),
    consistentCopies: true,
  }),
  full: values(full, {
    options: { javascriptKey: "parse-javascript-key-3", restAPIKey: "parse-rest-key-3" },
    imagePull: "parse-image-pull-0123456789",
  }),
  externalPostgresql: values(
    {
      database: database({
        kind: "external",
        engine: "postgresql",
        uri: "postgres://not-in-values/parse",
        cidrs: ["192.0.2.10/32"],
        ports: [6432],
      }),
    },
    { databaseCa: "parse-database-ca-0123456789" },
  ),
  externalMongodb: values(
    { database: database({ kind: "external", engine: "mongodb", uri: "mongodb://not-in-values/parse" }) },
    { databaseCa: "parse-database-ca-0123456789" },
  ),
} as const satisfies Record<string, ParseServerValues>;

/** Name of one of the {@link settings}. */
export type SettingsName = keyof typeof settings;
