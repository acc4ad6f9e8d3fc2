import assert from "node:assert/strict";
import { convergesWithSameSecrets } from "./convergence.js";
import { LabStack } from "./lab-stack.js";

/** When the engine is killed: as soon as its output says this. */
const momentsOfDeath: ReadonlyArray<{ readonly name: string; readonly sign: RegExp; readonly after: number }> = [
  { name: "while the first resources are made", sign: /random:index:RandomPassword/, after: 0 },
  { name: "when the Secrets are there", sign: /kubernetes:core\/v1:Secret .*created/, after: 0 },
  { name: "at the start of the Helm release", sign: /helm\.sh\/v3:Release .*creating/, after: 300 },
  { name: "while the database starts", sign: /helm\.sh\/v3:Release .*creating/, after: 4_000 },
];

describe("an update that is cut off in the lab", function () {
  this.timeout(600_000);
  const stack = new LabStack("interrupted", { attached: true });
  before(() => stack.create());
  afterEach(() => stack.succeed("destroy", "--yes", "--skip-preview"));
  after(() => stack.remove());

  for (const { name, sign, after } of momentsOfDeath) {
    it(`converges when the engine was killed ${name}`, async () => {
      await stack.killUpAt(sign, after);
      await convergesWithSameSecrets(stack);
    });
  }

  it("converges when the engine was killed in the middle of an update", async () => {
    await stack.up();
    const before = await stack.parseAddress();
    stack.writeParse({ replicas: 2 });
    await stack.killUpAt(/helm\.sh\/v3:Release .*updating/, 500);
    await convergesWithSameSecrets(stack);
    assert.equal((await stack.parseAddress()).masterKey, before.masterKey);
    stack.write(stack.settings());
  });
});
