import assert from "node:assert/strict";
import { parse } from "yaml";
import type { ParseServerArgs } from "../../../components/parse/args";
import { ParseServer } from "../../../components/parse/parse-server";
import { requireHandover } from "../../../components/parse/release-values";
import { minimal } from "../../support/parse/sample-settings";
import { outputValue, runProgram } from "../../support/pulumi-mocks";

const RELEASE = "kubernetes:helm.sh/v3:Release";
const deploy = (more: Partial<ParseServerArgs> = {}) =>
  runProgram(() => new ParseServer("parse", { ...minimal, ...more }));

describe("Parse's release", () => {
  it("is the program's, unless the settings say otherwise", async () => {
    const run = await deploy();
    const { ignoreChanges, retainOnDelete } = run.one(RELEASE);
    assert.deepEqual([ignoreChanges, retainOnDelete], [[], false]);
    assert.deepEqual(run.all("onprem:parse:ReleaseValues"), []);
  });

  it("is left as it is at the handover, and not uninstalled after it", async () => {
    const { ignoreChanges, retainOnDelete } = (await deploy({ releasedBy: "handover" })).one(RELEASE);
    assert.ok(ignoreChanges.includes("values") && ignoreChanges.includes("chart"));
    assert.equal(retainOnDelete, true);
  });

  it("is made with the same values from Git, and with the same Secrets", async () => {
    const program = await deploy();
    const git = await deploy({ releasedBy: "git", lastReleasedBy: "handover" });
    assert.deepEqual(git.all(RELEASE), []);
    const { data } = git.one("kubernetes:core/v1:ConfigMap").inputs as { data: { "values.yaml": string } };
    assert.deepEqual(parse(data["values.yaml"]), JSON.parse(JSON.stringify(program.one(RELEASE).inputs.values)));
    const secretsOf = (run: typeof git) => run.all("kubernetes:core/v1:Secret").map(({ inputs }) => inputs);
    assert.deepEqual(secretsOf(git), secretsOf(program));
    assert.equal(await outputValue(git.result.serviceName), "parse-server");
  });

  it("may be Git's from the first run on", async () => {
    assert.equal((await deploy({ releasedBy: "git" })).all("kubernetes:core/v1:ConfigMap").length, 1);
  });

  it("is not handed over without the handover, which would uninstall it", () => {
    assert.throws(() => requireHandover("git", "program"), /would be uninstalled: set .*handover/);
    for (const last of [undefined, "handover", "git"] as const) requireHandover("git", last);
    requireHandover("handover", "program");
  });
});
