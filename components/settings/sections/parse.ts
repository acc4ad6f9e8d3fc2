import { z } from "zod";
import { images } from "../../releases/releases";
import { addressOrRange, certificate, dnsLabel, imageTag, range, secret, webAddress } from "../fields";
import { chartName, priorityClass, resources, volumeSize } from "../grammar-fields";
import { ingress } from "./ingress";

/** Paths of readiness and metrics, which the server's pods have beside the API. */
const SERVER_PATHS: readonly string[] = ["/ready", "/metrics"];

const storageClass = chartName("premium-rwo")
  .optional()
  .describe("StorageClass of the volumes; the cluster's default when absent. Cannot be changed later.");

const storageSize = volumeSize("20Gi")
  .describe("Size of each member's volume. It can grow where the StorageClass allows, not shrink.")
  .default("20Gi");

const mongodb = z.strictObject({
  kind: z.literal("mongodb").describe("A MongoDB replica set in the cluster."),
  members: z
    .literal([3, 5, 7])
    .meta({ allowed: "3, 5 or 7 (an odd number can always elect a primary)", example: 3 })
    .describe("Members of the replica set.")
    .default(3),
  version: imageTag(images.mongodb.tag).describe("Image tag of MongoDB 8.").default(images.mongodb.tag),
  antiAffinity: z
    .enum(["required", "preferred"])
    .describe("`required`: never two members on one node. `preferred`: only where there are enough nodes.")
    .default("required"),
  storageSize,
  storageClass,
  resources: resources({ cpu: "500m", memory: "1Gi" }, { memory: "2Gi" }),
});

const postgresql = z.strictObject({
  kind: z
    .literal("postgresql")
    .describe("One PostgreSQL server in the cluster, for small sites and the lab. Parse keeps no files in it."),
  version: imageTag(images.postgresql.tag).describe("Image tag of PostgreSQL 15 to 18.").default(images.postgresql.tag),
  storageSize,
  storageClass,
  resources: resources({ cpu: "250m", memory: "512Mi" }, { memory: "1Gi" }),
});

const external = z.strictObject({
  kind: z.literal("external").describe("A database that someone else runs."),
  engine: z.enum(["mongodb", "postgresql"]).describe("What the database is; the address must agree."),
  uri: secret("the database's full address, mongodb://, mongodb+srv:// or postgres://").describe(
    "Address with user and password.",
  ),
  caCertificate: certificate()
    .optional()
    .describe("CA that signed the database's certificate; absent when a public CA did."),
  cidrs: z
    .array(range())
    .min(1)
    .describe("Where the database is, for the network policy; anywhere by default.")
    .default(["0.0.0.0/0", "::/0"]),
  ports: z
    .array(z.int().min(1).max(65535))
    .min(1)
    .optional()
    .describe("Ports the database answers on, for the network policy; 27017 or 5432 when absent."),
});

const dashboard = z
  .strictObject({
    enabled: z
      .boolean()
      .describe(
        "Installs the dashboard. It hands the master key to the browser: reach it by port-forward; it has no ingress.",
      )
      .default(false),
    version: imageTag(images.parseDashboard.tag)
      .describe("Image tag of Parse Dashboard.")
      .default(images.parseDashboard.tag),
    user: dnsLabel("admin").describe("Login name; the password is generated.").default("admin"),
    replicas: z.int().min(1).max(3).describe("Number of dashboard pods.").default(1),
    resources: resources({ cpu: "50m", memory: "128Mi" }, { memory: "256Mi" }),
  })
  .prefault({})
  .describe("Parse Dashboard, for operators.");

const autoscaling = z
  .strictObject({
    minReplicas: z.int().min(1).max(100).describe("Fewest pods.").default(2),
    maxReplicas: z.int().min(1).max(100).describe("Most pods."),
    targetCpuPercent: z
      .int()
      .min(10)
      .max(95)
      .describe("Average CPU use, percent of the request, that the autoscaler aims at.")
      .default(70),
  })
  .optional()
  .describe(
    "Scales by CPU use instead of a fixed number. Give this or `replicas`. Needs a metrics server in the cluster.",
  );

/** Parse Server, its database and its dashboard. */
export const parse = z
  .strictObject({
    namespace: dnsLabel("parse").describe("Namespace of the application.").default("parse"),
    version: imageTag(images.parseServer.tag).describe("Image tag of Parse Server.").default(images.parseServer.tag),
    replicas: z
      .int()
      .min(1)
      .max(100)
      .optional()
      .meta({ example: 2 })
      .describe("Number of Parse pods; 2 when neither this nor `autoscaling` is given."),
    autoscaling,
    resources: resources({ cpu: "250m", memory: "512Mi" }, { memory: "1Gi" }),
    mountPath: z
      .string()
      .regex(/^(\/[A-Za-z0-9_-]+)+$/)
      .refine((path) => !SERVER_PATHS.includes(path))
      .meta({
        allowed: `a path that starts with a slash and does not end with one, other than ${SERVER_PATHS.join(" and ")}, which the pods answer themselves`,
        example: "/parse",
      })
      .describe("Path under which the API is served.")
      .default("/parse"),
    publicUrl: webAddress()
      .optional()
      .describe(
        "Address by which clients reach the API, for links in files and mails; made from `ingress.host` and `mountPath` when absent.",
      ),
    masterKeyAllowedRanges: z
      .array(addressOrRange())
      .describe(
        "From where the master key is accepted. By default only from inside the pod itself; list the operators' networks, IPv4 and IPv6 apart.",
      )
      .default(["127.0.0.1", "::1"]),
    acknowledgeMasterKeyFromAnywhere: z
      .boolean()
      .describe("Says in so many words that `0.0.0.0/0` or `::/0` in `masterKeyAllowedRanges` is meant.")
      .default(false),
    trustProxy: z
      .int()
      .min(0)
      .max(10)
      .describe(
        "Number of proxies in front whose `X-Forwarded-For` is believed; 1 behind an ingress. Too many lets clients forge their address.",
      )
      .default(0),
    allowClientClassCreation: z.boolean().describe("Lets clients create new classes by saving to them.").default(false),
    clientKeys: z
      .array(z.enum(["javascript", "rest", "dotNet", "client"]))
      .describe("Client keys to generate and demand. Without any, the application id is enough.")
      .default([]),
    secretGeneration: z
      .int()
      .min(1)
      .max(9999)
      .describe("Rotation number: raise it by one and every generated key and password is made anew and the pods roll.")
      .default(1),
    logLevel: z
      .enum(["error", "warn", "info", "verbose", "debug", "silly"])
      .describe("How much Parse Server logs.")
      .default("info"),
    sessionLengthSeconds: z
      .int()
      .min(60)
      .max(315360000)
      .describe("How long a user's session lasts, seconds; one year by default.")
      .default(31_536_000),
    options: z
      .record(z.string(), z.unknown())
      .describe(
        "Further top-level options of Parse Server as its documentation names them. Options that the platform sets itself and secrets are refused.",
      )
      .default({}),
    dashboard,
    ingress: ingress("parse")
      .optional()
      .describe("Public way in. Absent: the Service is reachable inside the cluster only."),
    database: z
      .discriminatedUnion("kind", [mongodb, postgresql, external])
      .prefault({ kind: "mongodb" })
      .describe("Where Parse keeps its data. Moving from one kind to another is a migration, not a setting."),
    terminationDrainSeconds: z
      .int()
      .min(0)
      .max(300)
      .describe("How long a pod that is told to stop goes on serving, so that no request is lost, seconds.")
      .default(15),
    timeoutSeconds: z
      .int()
      .min(30)
      .max(3600)
      .describe("How long a change may take to become healthy before it is rolled back, seconds.")
      .default(600),
    deletionProtection: z
      .boolean()
      .describe(
        "Refuses to delete what holds or opens the data: namespace, application id, database passwords. Set it to false and run `pulumi up` before a `pulumi destroy`.",
      )
      .default(true),
    priorityClassName: priorityClass()
      .optional()
      .describe(
        "PriorityClass of the Parse and database pods. It has to be in the cluster: pods of another are not made.",
      ),
  })
  .prefault({})
  .describe("Parse Server, its database and its dashboard.");
