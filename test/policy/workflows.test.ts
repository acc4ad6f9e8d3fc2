import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { projectRoot } from "../../policy/project";

interface Job {
  if?: string;
  concurrency?: { "cancel-in-progress": boolean; group: string };
  environment?: string;
  permissions?: Record<string, string>;
  steps?: { uses?: string; run?: string; if?: string }[];
}

interface Workflow {
  on: Record<string, unknown>;
  permissions: Record<string, string>;
  jobs: Record<string, Job>;
}

const folder = join(projectRoot(), ".github", "workflows");
const files = readdirSync(folder);
const text = (file: string) => readFileSync(join(folder, file), "utf8");
const workflow = (file: string) => parse(text(file)) as Workflow;
const action = readFileSync(join(projectRoot(), ".github", "actions", "program", "action.yml"), "utf8");

describe("workflows", () => {
  it("pin what others wrote by commit, with the version as a comment", () => {
    for (const content of [action, ...files.map(text)]) {
      const foreign = [...content.matchAll(/uses: (?!\.\/)(.*)$/gm)].map(([, use = ""]) => use);
      for (const use of foreign) assert.match(use, /^[\w.-]+\/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    }
  });

  it("start with the right to read alone", () => {
    for (const file of files) {
      const { permissions } = workflow(file);
      assert.equal(permissions.contents, "read", file);
      assert.ok(!Object.keys(permissions).some((key) => permissions[key] === "write" && key !== "id-token"), file);
    }
  });

  it("never run a pull request's code with the rights of the repository", () => {
    for (const file of files) assert.ok(!("pull_request_target" in workflow(file).on), file);
  });

  it("put no expression into a script, where a name could become a command", () => {
    for (const file of files) {
      for (const job of Object.values(workflow(file).jobs)) {
        for (const { run = "" } of job.steps ?? []) assert.ok(!run.includes("${{"), `${file}: ${run}`);
      }
    }
  });

  it("give credentials only to a stack's own environment, one run at a time, and not to forks", () => {
    const credentials = ["preview.yml", "upgrade-ring.yml", "drill.yml"].flatMap((file) =>
      Object.entries(workflow(file).jobs),
    );
    const holders = credentials.filter(([, { steps }]) => steps?.some(({ uses }) => uses?.includes("/auth@")));
    assert.deepEqual(
      holders.map(([name]) => name),
      ["preview", "upgrade", "drill"],
    );
    for (const [name, { environment, concurrency }] of holders) {
      assert.match(environment ?? "", /\$\{\{ matrix\.stack \}\}$/, name);
      assert.match(concurrency?.group ?? "", /^stack-\$\{\{ matrix\.stack \}\}$/, name);
      assert.equal(concurrency?.["cancel-in-progress"], false, name);
    }
    const fork = "github.event.pull_request.head.repo.full_name == github.repository";
    assert.equal(workflow("preview.yml").jobs.stacks?.if, fork);
    assert.ok(!/secrets\.|id-token/.test(text("checks.yml")));
  });

  it("prove restores on a schedule, delete nothing for it, and say how old the last proof is when it failed too", () => {
    const { on, jobs } = workflow("drill.yml");
    assert.ok("schedule" in on);
    const [drill, age] = jobs.drill?.steps?.filter(({ run }) => run?.includes("dist/ops/drill/cli.js")) ?? [];
    assert.doesNotMatch(drill?.run ?? "--lose", /--lose|--really-destroy/);
    assert.match(age?.run ?? "", /--last/);
    assert.equal(age?.if, "always()");
  });

  it("check, without a lab, what the first tier has of unit, chart and policy tests", () => {
    const runs = workflow("checks.yml").jobs.checks?.steps?.map(({ run = "" }) => run) ?? [];
    assert.ok(runs.includes("npx --no-install mocha $(test/files first unit chart policy)"), runs.join("\n"));
    assert.ok(!runs.some((run) => run.includes("dist/test/")));
  });

  it("preview and upgrade with the policies on", () => {
    assert.ok(workflow("preview.yml").jobs.preview?.steps?.some(({ run }) => run?.startsWith("ci/preview --stack")));
    assert.match(text("upgrade-ring.yml"), /policyPacks: policy\n/);
  });
});
