import assert from "node:assert/strict";
import { inspect } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { ProgramError } from "../../../components/errors/program-error";

class SomethingError extends ProgramError {
  override readonly name = "SomethingError";
}

describe("an error of the program", () => {
  it("is one of those of which the engine prints the message alone", () => {
    assert.ok(pulumi.RunError.isInstance(new SomethingError("something is wrong")));
  });

  it("says what it says, whatever waited for it", () => {
    const error = new SomethingError("something is wrong");
    error.message = `error serializing property "x": ${error.message}`;
    assert.equal(error.message, "something is wrong");
  });

  it("is rendered with colours in no time, wherever it arises", async () => {
    const error: unknown = await Promise.reject(new SomethingError("something is wrong")).catch((each) => each);
    const text = inspect(error, { colors: true });
    assert.match(text, /SomethingError: something is wrong/);
    assert.doesNotMatch(text, /node_modules/);
  });
});
