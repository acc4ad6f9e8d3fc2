import assert from "node:assert/strict";
import { kubectl } from "../../../lab/node/start";
import { LabStack } from "../../support/lab/lab-stack";

describe("a cluster in which others have objects", () => {
  const stack = new LabStack("ownership");
  const { namespace } = stack;
  const place = ["--namespace", namespace];

  before(async () => {
    await stack.create();
    await kubectl("create", "namespace", namespace);
    await kubectl("create", ...place, "configmap", "foreign", "--from-literal=a=b");
  });
  after(async () => {
    await stack.remove();
    await kubectl("delete", "namespace", namespace, "--ignore-not-found", "--wait=false");
  });

  const labels = async () => JSON.parse(await kubectl("get", "namespace", namespace, "--output=json")).metadata.labels;
  const refused = async (...command: string[]) => {
    const { exitCode, output } = await stack.run(...command);
    assert.notEqual(exitCode, 0, output);
    assert.doesNotMatch(output, /^\s+at .*:\d+:\d+\)?$/m, `a stack trace:\n${output}`);
    return output;
  };

  it("keeps its namespace, and preview and up say whose name was taken and the two ways out", async () => {
    stack.writeParse({});
    const before = await labels();
    for (const command of [["preview"], ["up", "--yes", "--skip-preview"]]) {
      const output = await refused(...command);
      assert.match(output, new RegExp(`Namespace ${namespace}, which is not this stack's: .*onprem:site\\.adopt`));
    }
    assert.deepEqual(await labels(), before);
    const stdout = await kubectl("get", ...place, "secrets,configmaps", "--output=name");
    assert.deepEqual(stdout.split("\n").sort(), ["configmap/foreign", "configmap/kube-root-ca.crt"]);
  });

  it("gives a namespace that exists, whose labels and other objects stay when the stack is destroyed", async () => {
    const before = await labels();
    stack.write({ ...stack.settings(), site: { namespaces: "existing" } });
    await stack.up();
    await stack.expectNoChanges();
    await stack.succeed("destroy", "--yes", "--skip-preview");
    assert.deepEqual(await labels(), before);
    await kubectl("get", ...place, "configmap", "foreign");
  });

  it("keeps its Secret in a namespace that exists", async () => {
    stack.write({ ...stack.settings(), site: { namespaces: "existing" } });
    await kubectl("create", ...place, "secret", "generic", "parse-database-password", "--from-literal=value=theirs");
    const output = await refused("up", "--yes", "--skip-preview");
    assert.match(output, new RegExp(`Secret ${namespace}/parse-database-password, which is not this stack's`));
    await kubectl("delete", ...place, "secret", "parse-database-password");
  });

  it("keeps its Deployment, and up says why with Helm's reason", async () => {
    stack.write({ ...stack.settings(), site: { namespaces: "existing" } });
    await kubectl("create", ...place, "deployment", "parse-server", "--image=example.com/foreign:1", "--replicas=0");
    const output = await refused("up", "--yes", "--skip-preview");
    assert.match(output, /Deployment "parse-server" .*exists and cannot be imported into the current release/);
    const stdout = await kubectl("get", ...place, "deployment", "parse-server", "--output=json");
    assert.equal(JSON.parse(stdout).spec.template.spec.containers[0].image, "example.com/foreign:1");
  });
});
