import assert from "node:assert/strict";
import { gke, rancher } from "../../../support/settings/valid-settings";
import { findings, type Refusal, refuses } from "./findings";

const customer = (name: string): Refusal => [`the customer ${name}`, { customer: name }, /^onprem:customer: "/];
const timeout = (name: string, given: string, reason: RegExp): Refusal => [
  `a time-out ${name} of ${given}`,
  { backup: { timeouts: { [name]: given } } },
  reason,
];
const schedule = (cron: string, reason: RegExp, retention = "720h"): Refusal => [
  `a schedule of ${cron}, kept ${retention}`,
  { backup: { schedules: [{ name: "daily", cron, retention }] } },
  reason,
];
const parse = (statement: string, section: Record<string, unknown>, finding: RegExp): Refusal => [
  statement,
  { parse: section },
  finding,
];
const cluster = (statement: string, section: Record<string, unknown>, finding: RegExp): Refusal => [
  statement,
  { cluster: gke(section) },
  finding,
];
const monitoring = (statement: string, section: Record<string, unknown>, finding: RegExp): Refusal => [
  statement,
  { monitoring: section },
  finding,
];
const backup = (statement: string, location: Record<string, unknown>, finding: RegExp): Refusal => [
  statement,
  { backup: { locations: [{ default: true, ...location }] } },
  finding,
];
const masterKey = (...masterKeyAllowedRanges: string[]): Refusal =>
  parse(`the master key from ${masterKeyAllowedRanges.join(" and ")}`, { masterKeyAllowedRanges }, /whole internet/);

const s3 = { kind: "s3", region: "eu-central-1", bucket: "acme-backup", accessKeyId: "id", secretAccessKey: "s3cr3t" };
const mail = { kind: "email", name: "a", to: ["a@example.com"], from: "b@example.com" };
const repository = { name: "fleet", authentication: { kind: "anonymous" } };

const REFUSED: readonly Refusal[] = [
  ...["true", "null", "no", "on", "42", "0x1f", "1e3", "2026-11-30"].map(customer),
  schedule("61 * * * *", /schedules\[0\]\.cron: "61 \* \* \* \*": the field minute/),
  schedule("0 3 * * FOO", /the field day of the week/),
  schedule("*/0 * * * *", /step/),
  schedule("*/ * * * *", /step/),
  schedule("0 3 * * 7", /Velero takes 7 for Sunday .* only since 1\.18\.3/),
  schedule("0 22-4 * * *", /ranges over the end only since 1\.18\.3/),
  schedule("0 0 31 2 *", /no next run within five years/),
  schedule("0 0 29 2 MON", /no next run within five years/),
  schedule("@manual", /no next run within five years/),
  timeout("hooks", "5h", /timeouts\.hooks: "5h": it is longer than 4h/),
  timeout("hooks", "0s", /timeouts\.hooks: "0s": it is shorter than 1s/),
  timeout("fileSystemBackup", "-1h", /timeouts\.fileSystemBackup: "-1h": it is shorter than 1s/),
  timeout("fileSystemBackup", "1d", /timeouts\.fileSystemBackup: "1d": a unit is none of/),
  timeout("itemOperations", "90", /timeouts\.itemOperations: "90": a unit is missing/),
  schedule("0 3 * * *", /retention: "1s": it is shorter than 1h/, "1s"),
  schedule("0 3 * * *", /retention: "30d": a unit is none of/, "30d"),
  schedule("0 3 * * *", /retention: "-48h": it is shorter/, "-48h"),
  masterKey("127.0.0.1", "0.0.0.0/00"),
  masterKey("1.2.3.4/0"),
  masterKey("0.0.0.0"),
  masterKey("::ffff:0:0/96"),
  parse("a mount path that the pods have already", { mountPath: "/ready" }, /mountPath: "\/ready"/),
  parse("a mount path of the metrics", { mountPath: "/metrics" }, /mountPath: "\/metrics"/),
  parse("a client key twice", { clientKeys: ["rest", "javascript", "rest"] }, /clientKeys\[2\]: "rest", as in/),
  parse(
    "a volume of a petabyte",
    { database: { kind: "mongodb", storageSize: "1P" } },
    /storageSize: "1P": it is more/,
  ),
  parse("a volume of a thousand bytes", { database: { kind: "mongodb", storageSize: "1k" } }, /it is less than 128Mi/),
  parse("a volume in no unit", { database: { kind: "mongodb", storageSize: "20K" } }, /no unit/),
  parse("memory of a tenth of a byte", { resources: { requests: { memory: "100m" } } }, /not written as/),
  parse("memory of a petabyte", { resources: { limits: { memory: "1Pi" } } }, /limits\.memory: "1Pi": it is more/),
  parse("no CPU at all", { resources: { requests: { cpu: "0" } } }, /requests\.cpu: "0": it is less than 1m/),
  parse("an image of another user", { database: { kind: "postgresql", version: "17-alpine" } }, /version: "17-alpine"/),
  parse(
    "an image of another user, with its own version",
    { database: { kind: "postgresql", version: "17.5-alpine3.22" } },
    /version: "17\.5-alpine3\.22"/,
  ),
  parse(
    "a storage class that is a number",
    { database: { kind: "mongodb", storageClass: "1" } },
    /storageClass: "1": YAML/,
  ),
  parse("a PriorityClass that is nothing", { priorityClassName: "null" }, /priorityClassName: "null": YAML/),
  parse("a PriorityClass that is no name", { priorityClassName: "High Priority" }, /no name of an object/),
  parse(
    "an annotation with a key that Kubernetes refuses",
    { ingress: { host: "a.example.com", tls: { secretName: "a" }, annotations: { "not a key": "x" } } },
    /annotations.*the name "not a key"/,
  ),
  parse(
    "a list of no networks, which would open the way to all",
    { database: { kind: "external", engine: "postgresql", uri: "postgres://a:s3cr3t@db/parse", cidrs: [] } },
    /cidrs: a list of 0/,
  ),
  parse(
    "a database's address with a port that there is none of",
    { database: { kind: "external", engine: "mongodb", uri: "mongodb://a:s3cr3t@db.example.com:99999/parse" } },
    /database\.uri: an address that is not shown: one of its hosts/,
  ),
  parse(
    "a database's address with a bare / in the password",
    { database: { kind: "external", engine: "mongodb", uri: "mongodb://a:s3cr3t/@db.example.com/parse" } },
    /database\.uri: an address that is not shown/,
  ),
  parse("a namespace of Kubernetes", { namespace: "kube-public" }, /belongs to Kubernetes/),
  parse("a namespace of Rancher", { namespace: "cattle-system" }, /belongs to Rancher/),
  parse("a namespace of GKE", { namespace: "gke-managed-system" }, /belongs to Google Kubernetes Engine/),
  cluster("zones given twice", { zones: ["europe-west3-a", "europe-west3-b", "europe-west3-a"] }, /zones\[2\]/),
  cluster(
    "a network given twice, written in two ways",
    { authorisedNetworks: ["192.0.2.0/24", "192.0.2.7/24"].map((range) => ({ name: "office", range })) },
    /authorisedNetworks\[1\]\.range: "192\.0\.2\.7\/24", as in/,
  ),
  cluster("a day given twice", { maintenanceWindow: { days: ["SA", "SU", "SA"] } }, /days\[2\]: "SA"/),
  cluster("a node range of one address", { network: { nodeRange: "10.10.0.0/32" } }, /nodeRange: .*enough for 0 nodes/),
  cluster("a node range of four addresses", { network: { nodeRange: "10.10.0.0/30" } }, /enough for 0 nodes/),
  cluster("a subnet by another address than its first", { network: { nodeRange: "10.10.0.5/20" } }, /not the first/),
  cluster(
    "a control plane open to half of the world",
    { authorisedNetworks: ["128.0.0.0/1", "10.0.0.0/8"].map((range) => ({ name: range, range })) },
    /authorisedNetworks\[\d\]\.range: .*whole internet/,
  ),
  monitoring("units in another order", { scrapeInterval: "30s1m" }, /scrapeInterval: "30s1m": units go from/),
  monitoring("an interval of longer than Prometheus remembers", { scrapeInterval: "10m" }, /longer than 4m/),
  monitoring("an interval of nothing", { groupInterval: "0s" }, /shorter than 1s/),
  monitoring(
    "a retention that Prometheus can't read",
    { retentionSize: "40k" },
    /retentionSize: "40k": it is not made/,
  ),
  monitoring("a retention smaller than Prometheus' own log", { retentionSize: "1Mi" }, /less than 256Mi/),
  monitoring("a retention that is more than the volume to Prometheus", { retentionSize: "47G" }, /"47G" on a volume/),
  monitoring(
    "a namespace after which a Service can't be named",
    { namespace: "a".repeat(56) },
    /monitoring\.namespace/,
  ),
  monitoring(
    "a relay's port",
    { receivers: [{ ...mail, smarthost: "smtp.example.com:99999" }] },
    /smarthost: .*its port/,
  ),
  monitoring("a relay without a port", { receivers: [{ ...mail, smarthost: "smtp.example.com" }] }, /host:port/),
  backup(
    "deleted objects kept for three days",
    { kind: "gcs", name: "a", project: "p", storageLocation: "EU", softDeleteDays: 3 },
    /softDeleteDays: 3/,
  ),
  backup("a store whose pod can't be named", { kind: "minio", name: "a".repeat(47) }, /a name of 47 characters/),
  backup(
    "a store's address with a path",
    { ...s3, name: "a", endpoint: "https://s3.example.com/backups" },
    /endpoint: an address with \/backups$/,
  ),
  backup(
    "an address of Amazon's with the bucket in it",
    { ...s3, name: "a", endpoint: "https://acme-backup.s3.eu-central-1.amazonaws.com" },
    /endpoint: an address with acme-backup in acme-backup\.s3/,
  ),
  backup("a store whose Job can't be named", { ...s3, name: "a".repeat(58) }, /a name of 58 characters/),
  [
    "a user that Rancher has already",
    { rancher: rancher({ project: "acme-platform" }), access: { users: [{ name: "admin" }] } },
    /users\[0\]\.name: "admin"/,
  ],
  [
    "a registry's port",
    { sources: { images: "registry.example.com:99999/mirror" } },
    /sources\.images: "registry\.example\.com:99999/,
  ],
  [
    "a Git server's port",
    {
      gitops: {
        repositories: [{ ...repository, url: "https://git.example.com:99999/a.git" }],
        kustomizations: [{ name: "apps", repository: "fleet" }],
      },
    },
    /url: .*its port is no number from 1 to 65535/,
  ],
];

describe("settings that can't work are refused:", () => {
  refuses(REFUSED);

  it("the master key from the four quarters of the world, by each of them", () => {
    const masterKeyAllowedRanges = ["127.0.0.1", "0.0.0.0/2", "64.0.0.0/2", "128.0.0.0/2", "192.0.0.0/2"];
    assert.equal(findings({ parse: { masterKeyAllowedRanges } }).length, 4);
  });
});

describe("settings that work are taken:", () => {
  const TAKEN: Readonly<Record<string, Record<string, unknown>>> = {
    "a customer whose name begins with a number": { customer: "3com" },
    "halves of a private network": { parse: { masterKeyAllowedRanges: ["10.0.0.0/9", "10.128.0.0/9"] } },
    "the master key from everywhere, where that is said": {
      parse: { masterKeyAllowedRanges: ["0.0.0.0/1", "128.0.0.0/1"], acknowledgeMasterKeyFromAnywhere: true },
    },
    "schedules by name, by time and in a time zone": {
      backup: {
        schedules: ["@daily", "@every 6h", "TZ=Europe/Berlin 0 3 ? * MON-FRI"].map((cron, index) => ({
          name: `s${index}`,
          cron,
          retention: "1.5h",
        })),
      },
    },
    "Prometheus' days": { monitoring: { repeatInterval: "1d", groupWait: "0s" } },
    "a relay with TLS from the first byte": {
      monitoring: { receivers: [{ ...mail, smarthost: "smtp.example.com:465" }] },
    },
    "an interface endpoint, with a bucket called as its host begins": {
      backup: {
        locations: [
          {
            ...s3,
            name: "a",
            default: true,
            bucket: "bucket",
            endpoint: "https://bucket.vpce-1a2b.s3.eu-central-1.vpce.amazonaws.com/",
          },
        ],
      },
    },
    "a store whose host begins as the bucket does, and no checksums": {
      backup: {
        locations: [
          {
            ...s3,
            name: "a",
            default: true,
            endpoint: "https://acme-backup.s3.example.com:9000",
            checksumAlgorithm: "",
          },
        ],
      },
    },
    "soft delete switched off": {
      backup: {
        locations: [{ kind: "gcs", name: "a", default: true, project: "p", storageLocation: "EU", softDeleteDays: 0 }],
      },
    },
    "half a gibibyte": { parse: { resources: { requests: { memory: "0.5Gi" } } } },
    "monitoring in Rancher's own namespace": { monitoring: { namespace: "cattle-monitoring-system" } },
  };
  for (const [statement, settings] of Object.entries(TAKEN)) {
    it(statement, () => assert.deepEqual(findings(settings), []));
  }
});
