import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../../../lab/layout";
import { findings } from "./findings";

/** Options that the chart's own files set. */
function optionsOfTheChart(): string[] {
  const files = join(projectRoot, "charts", "parse-server");
  const template = readFileSync(join(files, "templates", "_settings.tpl"), "utf8");
  const [, options = ""] = /\$options := dict\n([^}]*)\}\}/.exec(template) ?? [];
  const program = readFileSync(join(files, "files", "server", "config.js"), "utf8");
  const [, exported = ""] = /module\.exports = \{\n(.*)\n\};/s.exec(program) ?? [];
  return [
    ...[...options.matchAll(/^\s+"(\w+)" /gm)].map(([, name = ""]) => name),
    ...[...template.matchAll(/set \$options "(\w+)"/g)].map(([, name = ""]) => name),
    // Merged with what the customer gives, in place of replacing it.
    ...[...exported.matchAll(/^ {2}(\w+):/gm)]
      .map(([, name = ""]) => name)
      .filter((name) => name !== "databaseOptions"),
  ];
}

describe("options of Parse Server that are refused", () => {
  it("are all that the chart sets, so that none is given without effect", () => {
    const names = optionsOfTheChart();
    for (const known of ["mountPath", "jsonLogs", "trustProxy", "databaseURI", "middleware"])
      assert.ok(names.includes(known), known);
    for (const name of names) assert.equal(findings({ parse: { options: { [name]: "x" } } }).length, 1, name);
  });

  it("are the keys that the platform makes, and every other key", () => {
    const made = ["appId", "masterKey", "javascriptKey", "restAPIKey", "dotNetKey", "clientKey"];
    const others = ["maintenanceKey", "readOnlyMasterKey", "webhookKey", "fileKey", "encryptionKey"];
    for (const name of [...made, ...others]) {
      const [problem, ...more] = findings({ parse: { options: { [name]: "s3cr3t" } } });
      assert.deepEqual(more, [], name);
      assert.match(problem ?? "", new RegExp(`^onprem:parse\\.options\\.${name}: `));
      assert.doesNotMatch(problem ?? "", /s3cr3t/, name);
    }
  });
});
