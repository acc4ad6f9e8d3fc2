import assert from "node:assert/strict";
import { LabStack } from "../../support/lab/lab-stack";
import { convergesWithSameSecrets, secretValues } from "./convergence";

/** When the engine is killed: this long after its output says this, milliseconds. */
interface Moment {
  readonly name: string;
  readonly sign: RegExp;
  readonly after: number;
}

const firstResources: Moment = {
  name: "while the first resources are made",
  sign: /random:index:RandomPassword/,
  after: 0,
};
const secretsMade: Moment = {
  name: "when the Secrets are there",
  sign: /kubernetes:core\/v1:Secret .*created/,
  after: 0,
};
const releaseBegun: Moment = {
  name: "at the start of the Helm release",
  sign: /helm\.sh\/v3:Release .*creating/,
  after: 300,
};
const databaseStarts: Moment = {
  name: "while the database starts",
  sign: /helm\.sh\/v3:Release .*creating/,
  after: 4_000,
};

describe("an update that is cut off in the lab", () => {
  const stack = new LabStack("interrupted", { attached: true });
  before(() => stack.create());
  afterEach(() => stack.succeed("destroy", "--yes", "--skip-preview"));
  after(() => stack.remove());

  for (const [first, second] of [
    [firstResources, releaseBegun],
    [secretsMade, databaseStarts],
  ] as const) {
    it(`converges when the engine was killed ${first.name}, and the next one ${second.name}`, async () => {
      await stack.killUpAt(first.sign, first.after);
      const made = await secretValues(stack);
      await stack.succeed("cancel", "--yes");
      await stack.killUpAt(second.sign, second.after);
      await convergesWithSameSecrets(stack, made);
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
