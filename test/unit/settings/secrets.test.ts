import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { parseSettings, SettingsError } from "../../../components/settings";
import { provenanceFrom } from "../../../components/settings/stack-file";
import { smallest } from "../../support/settings/valid-settings";

const URI = "postgres://parse:s3cr3t-s3cr3t@db.example.com/parse";
const withUri = () => ({ ...smallest(), parse: { database: { kind: "external", engine: "postgresql", uri: URI } } });

function stackFile(uri: string, more = ""): string {
  return `config:
  onprem:customer: acme
  onprem:parse:
    database:
      kind: external
      engine: postgresql
      uri: ${uri}
${more}`;
}

function problemsWith(file: string | undefined, sectionIsSecret: boolean): string[] {
  try {
    parseSettings(withUri(), { provenance: provenanceFrom(file, () => sectionIsSecret) });
    return [];
  } catch (error) {
    assert.ok(error instanceof SettingsError);
    assert.doesNotMatch(error.message, /s3cr3t/);
    return error.problems.map(({ wayOut }) => wayOut);
  }
}

describe("a secret setting", () => {
  it("is accepted when the stack's file holds it encrypted", () => {
    assert.deepEqual(problemsWith(stackFile("{ secure: v1:abc }"), true), []);
  });

  it("is accepted when its whole section is encrypted only where nothing else would be shown", () => {
    const wayOuts = problemsWith("config:\n  onprem:parse: { secure: v1:abc }\n", true);
    assert.deepEqual(wayOuts.length, 2, "kind and engine are no secrets and are refused as such");
  });

  it("is refused in clear, with the exact command that fixes it", () => {
    const [wayOut, ...others] = problemsWith(stackFile(URI), false);
    assert.deepEqual(others, []);
    assert.match(wayOut ?? "", /^pulumi config set --secret --path 'onprem:parse\.database\.uri'/);
  });

  it("is refused in clear even when another value of its section is encrypted", () => {
    assert.equal(problemsWith(stackFile(URI, "    publicUrl: { secure: v1:def }\n"), true).length, 1);
  });

  it("without a stack file is judged by the engine's word on its section", () => {
    assert.equal(problemsWith(undefined, false).length, 1);
    assert.deepEqual(problemsWith(undefined, true), []);
  });

  it("that the file at hand does not hold, as another file is in use, is judged by the engine's word", () => {
    assert.deepEqual(problemsWith(stackFile("postgres://other"), true), []);
  });

  it("is a secret output once loaded", async () => {
    const { database } = parseSettings(withUri()).parse;
    assert.ok(database.kind === "external" && pulumi.Output.isInstance(database.uri));
    assert.equal(await pulumi.isSecret(database.uri), true);
    const value = await new Promise((resolve) => pulumi.output(database.uri).apply(resolve));
    assert.equal(value, URI);
  });
});

describe("an encrypted value where no secret is due", () => {
  it("is refused, as the program would show it", () => {
    const file = "config:\n  onprem:customer: { secure: v1:abc }\n";
    assert.throws(
      () => parseSettings(smallest(), { provenance: provenanceFrom(file, () => false) }),
      (error) =>
        error instanceof SettingsError &&
        /onprem:customer[\s\S]*no secret/.test(error.message) &&
        !/acme"/.test(error.message),
    );
  });
});
