import { openRanges } from "../../grammars/addresses";
import { readMongodbUri, readPostgresqlUri } from "../../grammars/database-uri";
import { readQuantity } from "../../grammars/quantity";
import { mongodbMajors, postgresqlMajors } from "../../releases/releases";
import type { Problem } from "../problems";
import type { PropertyPath } from "../property-path";
import type { OpenSettings } from "../schema";
import type { Check } from "./check";
import { exactlyOne, repeatedValues } from "./rules";

type Parse = OpenSettings["parse"];

/**
 * Options of Parse Server that the platform sets, each with the setting that governs it where there is one. Keys and
 * passwords are not among them: no option may hold a secret.
 */
const OWN_OPTIONS: Record<string, string | undefined> = {
  allowClientClassCreation: "onprem:parse.allowClientClassCreation",
  appId: undefined,
  cluster: "onprem:parse.replicas",
  databaseAdapter: undefined,
  databaseURI: "onprem:parse.database.uri",
  host: undefined,
  jsonLogs: undefined,
  logLevel: "onprem:parse.logLevel",
  logsFolder: undefined,
  maintenanceKeyIps: undefined,
  masterKeyIps: "onprem:parse.masterKeyAllowedRanges",
  masterKeyTtl: undefined,
  mountPath: "onprem:parse.mountPath",
  middleware: undefined,
  port: undefined,
  publicServerURL: "onprem:parse.publicUrl",
  readOnlyMasterKeyIps: undefined,
  serverCloseComplete: undefined,
  serverURL: undefined,
  sessionLength: "onprem:parse.sessionLengthSeconds",
  trustProxy: "onprem:parse.trustProxy",
  verbose: "onprem:parse.logLevel",
};

/** Ends of the names of Parse Server's secrets, its adapters' included. `key` alone names a field (`requestKeywordDenylist`). */
const SECRET_NAME = /(.key|keys|secret|password|passphrase|token|credentials?)$/i;

/** Everything in the Parse section that depends on more than one setting. */
export const checkParse: Check = ({ parse }) => {
  if (!parse) return [];
  return [
    ...checkReplicas(parse),
    ...checkMasterKey(parse),
    ...checkOptions(parse),
    ...repeatedValues(parse.clientKeys, ["parse", "clientKeys"], [], "each key once"),
    ...checkDatabase(parse),
    ...checkResources(parse),
    ...checkAddress(parse),
  ];
};

function checkReplicas({ replicas, autoscaling }: Parse): Problem[] {
  if (!autoscaling) return [];
  const problems: Problem[] = [];
  if (replicas !== undefined) {
    problems.push({
      path: ["parse", "replicas"],
      given: `${replicas}, together with autoscaling`,
      allowed: "replicas or autoscaling, not both: the autoscaler and the program would undo each other's work",
      wayOut: "pulumi config rm --path 'onprem:parse.replicas', or the same with 'onprem:parse.autoscaling'",
      involves: [["parse", "autoscaling"]],
    });
  }
  if (autoscaling.minReplicas > autoscaling.maxReplicas) {
    problems.push({
      path: ["parse", "autoscaling", "maxReplicas"],
      given: `${autoscaling.maxReplicas}, less than minReplicas ${autoscaling.minReplicas}`,
      allowed: "at least minReplicas",
      wayOut: `pulumi config set --path 'onprem:parse.autoscaling.maxReplicas' ${autoscaling.minReplicas}`,
      involves: [["parse", "autoscaling", "minReplicas"]],
    });
  }
  return problems;
}

function checkMasterKey({ masterKeyAllowedRanges, acknowledgeMasterKeyFromAnywhere }: Parse): Problem[] {
  if (acknowledgeMasterKeyFromAnywhere) return [];
  return openRanges(masterKeyAllowedRanges).map((index) => ({
    path: ["parse", "masterKeyAllowedRanges", index],
    given: `"${masterKeyAllowedRanges[index]}": the master key accepted from the whole internet, or half of it`,
    allowed: "the ranges of those who need the master key",
    wayOut:
      "name their ranges; if it is meant: pulumi config set --path 'onprem:parse.acknowledgeMasterKeyFromAnywhere' true",
    involves: [["parse", "acknowledgeMasterKeyFromAnywhere"]],
  }));
}

function checkOptions({ options }: Parse): Problem[] {
  return Object.keys(options).flatMap((name) => {
    const path = ["parse", "options", name];
    if (Object.hasOwn(OWN_OPTIONS, name)) {
      const own = OWN_OPTIONS[name];
      return [
        {
          path,
          given: "an option that the platform sets itself",
          allowed: "options that the platform leaves alone",
          wayOut: own ? `take it out and set ${own}` : "take it out",
        },
      ];
    }
    return secretsIn(path, options[name]).map((place) => ({
      path: place,
      given: "what looks like a secret; its value is not shown",
      allowed: "options without secrets: they stand in clear in a ConfigMap",
      wayOut:
        "take it out; keys and the database's address have settings of their own. If the value is real, change it",
    }));
  });
}

/** Places at or below an option that have a secret's name, or hold an address with a password in it. */
function secretsIn(path: PropertyPath, value: unknown): PropertyPath[] {
  if (typeof value === "object" && value !== null) {
    if (SECRET_NAME.test(String(path.at(-1))) && path.length === 3) return [path];
    const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
    return entries.flatMap(([step, inner]) => secretsIn([...path, step], inner));
  }
  if (typeof value !== "string") return SECRET_NAME.test(String(path.at(-1))) && path.length === 3 ? [path] : [];
  return SECRET_NAME.test(String(path.at(-1))) || /:\/\/[^/\s]*:[^/\s]*@/.test(value) ? [path] : [];
}

/** Images whose database is another user's than the pod's. */
const FOREIGN_VARIANT = /-(alpine|windowsservercore|nanoserver)[a-z0-9.-]*/;

/** An address of the right kind that its driver can't read. */
function checkUri({ engine, uri }: Extract<Parse["database"], { kind: "external" }>): Problem[] {
  const { refusal } = engine === "mongodb" ? readMongodbUri(uri) : readPostgresqlUri(uri);
  if (refusal === undefined) return [];
  return [
    {
      path: ["parse", "database", "uri"],
      given: `an address that is not shown: ${refusal}`,
      allowed: `an address that Parse Server's driver of ${engine === "mongodb" ? "MongoDB" : "PostgreSQL"} reads`,
      wayOut: "pulumi config set --secret --path 'onprem:parse.database.uri' (it asks for the value)",
      involves: [["parse", "database", "engine"]],
    },
  ];
}

function checkDatabase({ database }: Parse): Problem[] {
  const path = ["parse", "database"];
  if (database.kind === "external") {
    const scheme = /^([a-z+]+):\/\//.exec(database.uri)?.[1] ?? "";
    const schemes = database.engine === "mongodb" ? ["mongodb", "mongodb+srv"] : ["postgres", "postgresql"];
    if (schemes.includes(scheme)) return checkUri(database);
    return [
      {
        path: [...path, "uri"],
        given: "an address of another kind, which is not shown",
        allowed: schemes.map((name) => `${name}://…`).join(" or "),
        wayOut: `pulumi config set --secret --path 'onprem:parse.database.uri' (it asks for the value), or correct onprem:parse.database.engine`,
        involves: [[...path, "engine"]],
      },
    ];
  }
  const foreign = FOREIGN_VARIANT.exec(database.version)?.[0];
  if (foreign !== undefined) {
    return [
      {
        path: [...path, "version"],
        given: `"${database.version}"`,
        allowed: "a tag of an image of Debian or Ubuntu, whose server runs as the user 999, as the pods do",
        wayOut: `take ${foreign} out of the tag`,
      },
    ];
  }
  const majors = database.kind === "mongodb" ? mongodbMajors : postgresqlMajors;
  const major = Number(/^[0-9]+/.exec(database.version)?.[0]);
  if (majors.includes(major)) return [];
  return [
    {
      path: [...path, "version"],
      given: `"${database.version}"`,
      allowed: `an image tag of ${database.kind === "mongodb" ? "MongoDB" : "PostgreSQL"} ${majors.join(", ")}`,
      wayOut: "choose one that Parse Server supports, or leave the setting out for the tested one",
    },
  ];
}

const amountOf = (text: string): number => readQuantity(text).value ?? 0;

function checkResources({ resources, database, dashboard }: Parse): Problem[] {
  const all: [string[], Parse["resources"]][] = [
    [["parse", "resources"], resources],
    [["parse", "dashboard", "resources"], dashboard.resources],
  ];
  if (database.kind !== "external") all.push([["parse", "database", "resources"], database.resources]);
  return all.flatMap(([path, { requests, limits }]) =>
    (["cpu", "memory"] as const).flatMap((what) => {
      const limit = limits[what];
      if (limit === undefined || amountOf(requests[what]) <= amountOf(limit)) return [];
      return [
        {
          path: [...path, "limits", what],
          given: `"${limit}", less than the request of "${requests[what]}"`,
          allowed: "at least what is requested",
          wayOut: "raise the limit or lower the request",
          involves: [[...path, "requests", what]],
        },
      ];
    }),
  );
}

function checkAddress({ ingress, publicUrl, mountPath }: Parse): Problem[] {
  const problems: Problem[] = ingress
    ? exactlyOne(["parse", "ingress", "tls"], ingress.tls, ["secretName", "clusterIssuer"])
    : [];
  if (publicUrl !== undefined && new URL(publicUrl).pathname.replace(/\/$/, "") !== mountPath) {
    problems.push({
      path: ["parse", "publicUrl"],
      given: `"${publicUrl}"`,
      allowed: `an address that ends with the mount path ${mountPath}`,
      wayOut: `pulumi config set --path 'onprem:parse.publicUrl' ${new URL(publicUrl).origin}${mountPath}`,
      involves: [["parse", "mountPath"]],
    });
  }
  return problems;
}
