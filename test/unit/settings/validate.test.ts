import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import * as fc from "fast-check";
import { type Problem, parseSettings, SettingsError } from "../../../components/settings";
import { formatPath } from "../../../components/settings/property-path";
import { smallest, validSettings } from "../../support/settings/valid-settings";

function refusal(raw: Record<string, unknown>): SettingsError {
  try {
    parseSettings(raw);
  } catch (error) {
    assert.ok(error instanceof SettingsError, `not a SettingsError: ${error}`);
    return error;
  }
  throw new assert.AssertionError({ message: "the settings were accepted" });
}

function onlyProblem(raw: Record<string, unknown>): Problem {
  const { problems } = refusal(raw);
  assert.equal(problems.length, 1, JSON.stringify(problems, undefined, 2));
  return problems[0] as Problem;
}

const paths = (error: SettingsError) => error.problems.map((problem) => formatPath(problem.path));

describe("the defaults", () => {
  const settings = parseSettings(smallest());

  it("run two Parse pods on a MongoDB replica set of three", () => {
    assert.equal(settings.parse.replicas, 2);
    assert.equal(settings.parse.database.kind, "mongodb");
    assert.equal(settings.parse.database.kind === "mongodb" && settings.parse.database.members, 3);
  });

  it("accept the master key from the pod itself only", () => {
    assert.deepEqual(settings.parse.masterKeyAllowedRanges, ["127.0.0.1", "::1"]);
  });

  it("leave out every part that was not asked for", () => {
    for (const part of ["rancher", "access", "monitoring", "gitops", "backup"] as const)
      assert.equal(settings[part], undefined);
  });

  it("leave the number of pods to the autoscaler where there is one", () => {
    const scaled = parseSettings({ ...smallest(), parse: { autoscaling: { maxReplicas: 4 } } });
    assert.equal(scaled.parse.replicas, undefined);
    assert.equal(scaled.parse.autoscaling?.minReplicas, 2);
  });
});

describe("bad settings", () => {
  it("name the nearest known key for an unknown one", () => {
    const problem = onlyProblem({ ...smallest(), parse: { replicsa: 3 } });
    assert.equal(formatPath(problem.path), "onprem:parse.replicsa");
    assert.match(problem.wayOut, /did you mean onprem:parse\.replicas\?/);
  });

  it("name the nearest known key inside a kind of database", () => {
    const problem = onlyProblem({ ...smallest(), parse: { database: { kind: "mongodb", storagesize: "1Gi" } } });
    assert.match(problem.wayOut, /onprem:parse\.database\.storageSize/);
  });

  it("name the nearest section for an unknown one", () => {
    assert.match(onlyProblem({ ...smallest(), montoring: {} }).wayOut, /onprem:monitoring/);
  });

  it("never print the value of an unknown key, which may be a secret in the wrong place", () => {
    assert.doesNotMatch(refusal({ ...smallest(), parse: { masterKye: "hunter2-hunter2" } }).message, /hunter2/);
  });

  it("say what was given and what is allowed for a wrong type", () => {
    const problem = onlyProblem({ ...smallest(), parse: { replicas: "three" } });
    assert.equal(problem.given, '"three"');
    assert.equal(problem.allowed, "a whole number from 1 to 100");
  });

  it("say to quote a tag that YAML read as a number", () => {
    const problem = onlyProblem({ ...smallest(), parse: { database: { kind: "postgresql", version: 17 } } });
    assert.match(problem.wayOut, /version: "17"/);
  });

  it("refuse a customer that is no DNS label", () => {
    for (const customer of ["Acme", "acme_1", "-acme", "acme-", "a".repeat(31), ""]) {
      assert.match(onlyProblem({ ...smallest(), customer }).allowed, /DNS label/);
    }
  });

  it("list the kinds for an unknown kind", () => {
    const problem = onlyProblem({ ...smallest(), cluster: { kind: "eks" } });
    assert.equal(formatPath(problem.path), "onprem:cluster.kind");
    assert.equal(problem.allowed, "existing, gke");
  });

  it("ask for what is missing", () => {
    assert.deepEqual(paths(refusal({})), ["onprem:customer", "onprem:cluster"]);
  });

  it("never print a secret, whatever is wrong with it", () => {
    const uri = "mysql://parse:s3cr3t-s3cr3t@db/parse";
    const external = { kind: "external", engine: "mongodb", uri };
    assert.doesNotMatch(refusal({ ...smallest(), parse: { database: external } }).message, /s3cr3t|mysql/);
    const wrongPlace = { ...smallest(), parse: { publicUrl: uri } };
    assert.doesNotMatch(refusal(wrongPlace).message, /s3cr3t/);
  });

  it("are listed all at once, those between settings beside those within one", () => {
    const error = refusal({
      customer: "Acme",
      cluster: { kind: "gke", project: "acme-platform", region: "europe-west3", zones: ["us-east1-b"], nodes: 0 },
      parse: { mountPath: "parse", masterKeyAllowedRanges: ["0.0.0.0/0"], replcas: 1 },
      backup: { schedules: [{ name: "daily", cron: "sometimes", retention: "720h", location: "moon" }] },
      gitopz: {},
    });
    assert.deepEqual(paths(error).sort(), [
      "onprem:backup.schedules[0].cron",
      "onprem:cluster.nodes",
      "onprem:cluster.zones[0]",
      "onprem:customer",
      "onprem:gitopz",
      "onprem:parse.masterKeyAllowedRanges[0]",
      "onprem:parse.mountPath",
      "onprem:parse.replcas",
    ]);
    assert.match(error.message, /have 8 problems; nothing was created/);
  });

  it("carry a stable code", () => {
    assert.equal(refusal({}).code, "SETTINGS_INVALID");
  });

  it("are of the kind of error that the engine prints without a stack trace", () => {
    assert.ok(pulumi.RunError.isInstance(refusal({})));
  });
});

describe("any valid settings", () => {
  it("are accepted, and read again unchanged with their defaults filled in", () => {
    fc.assert(
      fc.property(validSettings, (raw) => {
        const once = parseSettings(raw);
        const again = parseSettings(once as unknown as Record<string, unknown>);
        assert.deepEqual(again, once);
      }),
    );
  });

  it("keep every value that was given", () => {
    fc.assert(fc.property(validSettings, (raw) => assertHolds(parseSettings(raw), raw, "")));
  });
});

/** Fails unless everything in `expected` stands in `actual`, whatever else does. */
function assertHolds(actual: unknown, expected: unknown, path: string): void {
  if (typeof expected !== "object" || expected === null || Array.isArray(expected)) {
    assert.deepEqual(actual, expected, path);
    return;
  }
  for (const [key, value] of Object.entries(expected)) {
    assertHolds((actual as Record<string, unknown> | undefined)?.[key], value, `${path}.${key}`);
  }
}

/** Mistakes that do not depend on one another: where, and what to put there. */
const MISTAKES: readonly { path: string; inject: (raw: Record<string, Record<string, unknown>>) => void }[] = [
  { path: "onprem:parse.namespace", inject: (raw) => Object.assign(raw.parse ?? {}, { namespace: "Not A Label" }) },
  { path: "onprem:parse.trustProxy", inject: (raw) => Object.assign(raw.parse ?? {}, { trustProxy: true }) },
  { path: "onprem:parse.logLevell", inject: (raw) => Object.assign(raw.parse ?? {}, { logLevell: "info" }) },
  { path: "onprem:parse.mountPath", inject: (raw) => Object.assign(raw.parse ?? {}, { mountPath: "/parse/" }) },
  { path: "onprem:parse.options.port", inject: (raw) => Object.assign(raw.parse ?? {}, { options: { port: 80 } }) },
  {
    path: "onprem:parse.database.storageClass",
    inject: (raw) => Object.assign((raw.parse?.database as object) ?? {}, { storageClass: "A B" }),
  },
  { path: "onprem:customer", inject: (raw) => Object.assign(raw, { customer: "UPPER" }) },
  { path: "onprem:cluster.contxt", inject: (raw) => Object.assign(raw.cluster ?? {}, { contxt: "x" }) },
  { path: "onprem:sources.images", inject: (raw) => Object.assign(raw, { sources: { images: "https://mirror/" } }) },
  { path: "onprem:access", inject: (raw) => Object.assign(raw, { access: {} }) },
  { path: "onprem:polcy", inject: (raw) => Object.assign(raw, { polcy: {} }) },
];

describe("any set of mistakes in any valid settings", () => {
  it("is reported whole and without inventions", () => {
    fc.assert(
      fc.property(validSettings, fc.subarray([...MISTAKES], { minLength: 1 }), (valid, mistakes) => {
        const raw = structuredClone({
          ...valid,
          parse: { ...valid.parse, database: valid.parse?.database ?? { kind: "mongodb" } },
        });
        for (const { inject } of mistakes) inject(raw as unknown as Record<string, Record<string, unknown>>);
        assert.deepEqual(paths(refusal(raw)).sort(), mistakes.map(({ path }) => path).sort());
      }),
    );
  });
});
