import assert from "node:assert/strict";
import { RepositoryPasswordError, requireSamePassword } from "../../../components/platform/repository-password";

describe("the repositories' password of a stack that ran before", () => {
  it("may be the same, given or not, and any where there was none", () => {
    for (const [given, last] of [
      [undefined, undefined],
      ["one", undefined],
      ["one", "one"],
      [undefined, "one"],
    ])
      assert.doesNotThrow(() => requireSamePassword(given, last));
  });

  it("is refused when it is another, with the ways out and without either password", () => {
    assert.throws(
      () => requireSamePassword("the-new-one", "the-last-one"),
      (error: Error) => {
        assert.ok(error instanceof RepositoryPasswordError);
        assert.match(error.message, /^onprem:backup\.repositoryPassword is another password .*; nothing was changed\./);
        assert.match(error.message, /To keep the one of the last run, set it again .*To begin anew: take the section/);
        assert.ok(!/the-new-one|the-last-one/.test(error.message));
        return true;
      },
    );
  });
});
