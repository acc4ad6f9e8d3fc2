import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { parseServerValues } from "../../../components/parse/values";
import { projectRoot } from "../../../lab/layout";
import { dashboard, database, minimal } from "../../support/parse/sample-settings";

/** What the chart has of its own, by path; each says why. */
const OF_THE_CHART: Readonly<Record<string, string>> = {
  customer: "has no default",
  chartChecksum: "is made of the chart",
  "server.image": "comes from the platform's table of releases, which another test compares",
  "server.masterKeyAllowedRanges": "loopback is always among them in the chart",
  "database.kind": "each kind is compared",
  "database.mongodb.image": "as server.image",
  "database.postgresql.image": "as server.image",
  "database.external.uriSecret": "has no default",
  "dashboard.enabled": "is switched on to be compared",
  "dashboard.image": "as server.image",
  "dashboard.passwordSecret": "its name says the generation",
  "secrets.masterKey": "its name says the generation",
};

const names = {
  applicationId: "parse-application-id",
  masterKey: "parse-master-key-1",
  options: {},
  databasePassword: "parse-database-password",
  databaseRootPassword: "parse-database-root-password",
  databaseKeyFile: "parse-database-key-file",
  databaseUri: "parse-database-uri-1",
  dashboardPassword: "parse-dashboard-password-1",
};

/** Every single value with its path; a list counts as one. */
function leaves(value: unknown, path = ""): [string, unknown][] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [[path, value]];
  const entries = Object.entries(value);
  if (entries.length === 0) return [[path, value]];
  return entries.flatMap(([key, inner]) => leaves(inner, path === "" ? key : `${path}.${key}`));
}

describe("the chart's own values", () => {
  const chart = new Map(leaves(parse(readFileSync(join(projectRoot, "charts/parse-server/values.yaml"), "utf8"))));

  for (const said of [
    { kind: "mongodb" },
    { kind: "postgresql" },
    { kind: "external", engine: "mongodb", uri: "mongodb://db.example.com/parse" },
  ] as const) {
    it(`are the defaults of the settings, with a database of the kind ${said.kind}`, () => {
      const settings = { ...minimal, database: database(said), dashboard: dashboard({ enabled: true }) };
      const values = JSON.parse(JSON.stringify(parseServerValues(settings, names, "0123456789abcdef")));
      const compared = leaves(values).filter(([path]) => !(path in OF_THE_CHART));
      assert.ok(compared.length > 25, `${compared.length}`);
      for (const [path, value] of compared) {
        assert.ok(chart.has(path), `values.yaml has no ${path}`);
        assert.deepEqual(chart.get(path), value, path);
      }
    });
  }
});
