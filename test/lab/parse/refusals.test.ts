import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { labRoot, paths } from "../../../lab/layout";
import { kubectl } from "../../../lab/node/start";
import { LabStack } from "../../support/lab/lab-stack";

describe("a stack whose settings cannot be used", () => {
  const stack = new LabStack("refused");
  before(() => stack.create());
  after(() => stack.remove());

  /** The output of an update that must be refused before anything is made. */
  async function refused(settings: object): Promise<string> {
    stack.write(settings);
    const { exitCode, output } = await stack.run("up", "--yes", "--skip-preview");
    assert.notEqual(exitCode, 0, output);
    assert.doesNotMatch(output, /^\s+at .*:\d+:\d+\)?$/m, `a stack trace:\n${output}`);
    await assert.rejects(kubectl("get", "namespace", stack.namespace), /NotFound/);
    const { resources = [] } = JSON.parse(await stack.succeed("stack", "export")).deployment as {
      resources?: Array<{ type: string }>;
    };
    // Components and the engine's own provider are names: nothing exists for them anywhere.
    const names = /^(pulumi:pulumi:Stack|pulumi:providers:pulumi|onprem:.*)$/;
    const made = resources.map(({ type }) => type).filter((type) => !names.test(type));
    assert.deepEqual(made, []);
    return output;
  }

  it("hears of every mistake at once, with its path", async () => {
    const settings = stack.settings();
    const output = await refused({
      ...settings,
      customer: "Acme Corp",
      monitorin: {},
      parse: { ...settings.parse, replicas: "three", masterKeyAllowedRange: [] },
    });
    for (const path of ["onprem:customer", "onprem:parse.replicas", "onprem:parse.masterKeyAllowedRange"]) {
      assert.ok(output.includes(path), `${path} is not named:\n${output}`);
    }
    assert.match(output, /masterKeyAllowedRanges/);
    assert.match(output, /4 problems/);
  });

  it("may not hold a secret in plain text", async () => {
    const settings = stack.settings();
    const uri = "postgres://parse:not-so-secret@db.example.com/parse";
    const database = { kind: "external", engine: "postgresql", uri };
    const output = await refused({ ...settings, parse: { ...settings.parse, database } });
    assert.match(output, /onprem:parse\.database\.uri/);
    assert.match(output, /pulumi config set --secret --path/);
    assert.ok(!output.includes("not-so-secret"));
  });

  it("hears in one sentence that the kubeconfig is not there", async () => {
    const output = await refused({ ...stack.settings(), cluster: { kind: "existing", kubeconfig: "no/such/file" } });
    assert.match(output, /onprem:cluster\.kubeconfig/);
    assert.match(output, /no\/such\/file/);
  });

  it("hears in one sentence that the cluster does not answer", async () => {
    const kubeconfig = join(labRoot, "unreachable.kubeconfig");
    writeFileSync(
      kubeconfig,
      readFileSync(paths.kubeconfig, "utf8").replace(/https:\/\/[\d.:]+/, "https://127.0.0.1:9"),
    );
    try {
      const output = await refused({ ...stack.settings(), cluster: { kind: "existing", kubeconfig } });
      assert.match(output, /https:\/\/127\.0\.0\.1:9/);
      assert.match(output, /connection refused|ECONNREFUSED/);
    } finally {
      rmSync(kubeconfig);
    }
  });
});
