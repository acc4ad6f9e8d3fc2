import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { EngineStack } from "./engine";

interface Outputs {
  secrets: { [name: string]: string };
  open: { [name: string]: string };
}

describe("lab plugins on the real engine", () => {
  let stack: EngineStack;
  let updated: string;
  let outputs: Outputs;
  before(async () => {
    stack = new EngineStack("secrets");
    await stack.create();
    const { exitCode, output } = await stack.run("up", "--yes", "--skip-preview");
    assert.equal(exitCode, 0, output);
    updated = output;
    outputs = (await stack.outputs()) as unknown as Outputs;
  });
  after(() => stack?.remove());

  /** The value, as JSON (Go escapes <, > and &), and in base64 at each of the three offsets in a longer text. */
  const spellings = (value: string): string[] => {
    const encoded = ["", "x", "xx"].map((before) => {
      const whole = Buffer.from(before + value).toString("base64url");
      return whole.slice(before ? 4 : 0, Math.floor(((before.length + value.length) * 8) / 6) - 4);
    });
    const json = JSON.stringify(value).slice(1, -1);
    const goJson = json.replace(/[<>&]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`);
    return [value, json, goJson, ...encoded];
  };
  const leaked = (text: string): string[] => {
    const plain = text.replaceAll("+", "-").replaceAll("/", "_");
    return Object.entries(outputs.secrets)
      .filter(([, value]) =>
        spellings(value.trim()).some((spelling) => text.includes(spelling) || plain.includes(spelling)),
      )
      .map(([name]) => name);
  };

  it("start without a warning", () => {
    assert.doesNotMatch(updated, /warning|\$PATH/i);
  });

  it("leave nothing to do after an update", async () => {
    await stack.succeed("preview", "--expect-no-changes");
    await stack.succeed("refresh", "--yes", "--expect-no-changes");
    await stack.succeed("preview", "--expect-no-changes");
  });

  it("hide every secret from the state and from what is printed", async () => {
    const state = await stack.succeed("stack", "export");
    assert.deepEqual(
      leaked(JSON.stringify(outputs)),
      Object.keys(outputs.secrets),
      "the search must find what is there",
    );
    assert.deepEqual(leaked(state), []);
    assert.deepEqual(leaked(updated), []);
    assert.deepEqual(leaked(await stack.succeed("stack", "output", "--json")), []);
    assert.deepEqual(leaked(await stack.succeed("preview", "--diff", "--show-sames")), []);
  });

  it("make certificates that OpenSSL verifies and keys that fit them", () => {
    const files = ["authorityCertificate", "serverCertificate"].map((name) => {
      const path = join(stack.folder, `${name}.pem`);
      writeFileSync(path, outputs.open[name] ?? "");
      return path;
    });
    const [authority, server] = files as [string, string];
    const args = ["verify", "-x509_strict", "-purpose", "sslserver", "-verify_hostname", "parse.example.com"];
    assert.match(execFileSync("openssl", [...args, "-CAfile", authority, server], { encoding: "utf8" }), /: OK\n$/);
    assert.match(execFileSync("openssl", ["x509", "-noout", "-text", "-in", server], { encoding: "utf8" }), /ED25519/);
    const publicKey = new X509Certificate(outputs.open.serverCertificate ?? "").publicKey;
    assert.equal(publicKey.export({ type: "spki", format: "pem" }), outputs.open.serverPublicKey);
    assert.equal(outputs.open.publicKey, outputs.open.serverPublicKey);
  });

  it("replace a password when its keeper changes, and nothing else", async () => {
    await stack.succeed("config", "set", "generation", "2");
    const preview = JSON.parse(await stack.succeed("preview", "--json")) as {
      changeSummary: { [operation: string]: number };
    };
    assert.equal(preview.changeSummary.replace, 1);
    await stack.succeed("up", "--yes", "--skip-preview");
    const { secrets, open } = (await stack.outputs()) as unknown as Outputs;
    const { databasePassword, databasePasswordHash, ...others } = secrets;
    const { databasePassword: old, databasePasswordHash: oldHash, ...oldOthers } = outputs.secrets;
    assert.notEqual(databasePassword, old);
    assert.notEqual(databasePasswordHash, oldHash);
    assert.deepEqual({ others, open }, { others: oldOthers, open: outputs.open });
  });

  it("import a password by its value", async () => {
    const token = "random:index/randomPassword:RandomPassword";
    await stack.succeed(
      "import",
      token,
      "imported",
      "hunter2-hunter2",
      "--yes",
      "--generate-code=false",
      "--protect=false",
    );
    const state = await stack.succeed("stack", "export", "--show-secrets");
    assert.ok(state.includes("hunter2-hunter2"));
    assert.ok(!(await stack.succeed("stack", "export")).includes("hunter2-hunter2"));
  });

  it("leave no process behind, and destroy everything", async () => {
    assert.deepEqual(stack.processes(), []);
    await stack.succeed("destroy", "--yes", "--skip-preview");
    const state = JSON.parse(await stack.succeed("stack", "export")) as {
      deployment: { resources?: { custom: boolean }[] };
    };
    assert.deepEqual(
      (state.deployment.resources ?? []).filter(({ custom }) => custom),
      [],
    );
  });
});
