import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Ajv from "ajv/dist/2020";
import { parse } from "yaml";
import { parseSettings } from "../../../components/settings";
import { outdatedFiles } from "../../../components/settings/generate";
import { type JsonSchema, settingsJsonSchema, stackFileSchema } from "../../../components/settings/json-schema";
import { decodeConfig } from "../../../components/settings/loader";

const ROOT = join(__dirname, "../../../..");
const STACKS = ["dev", "prod"];
const stackFile = (stack: string) => readFileSync(join(ROOT, `Pulumi.${stack}.yaml`), "utf8");
const validate = new Ajv({ strict: false, validateFormats: false, allErrors: true }).compile(stackFileSchema());

describe("the generated files", () => {
  it("are current", () => {
    assert.deepEqual(outdatedFiles(ROOT), [], "run `npm run docs` and commit the result");
  });

  it("are reported by name where they are missing or edited by hand", () => {
    const root = mkdtempSync(join(tmpdir(), "generated-"));
    try {
      writeFileSync(join(root, "onprem.schema.json"), "{}");
      assert.deepEqual(outdatedFiles(root), ["onprem.schema.json", "docs/settings.md"]);
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});

describe("the schema for editors", () => {
  for (const stack of STACKS) {
    it(`accepts Pulumi.${stack}.yaml, which names it in its first line`, () => {
      assert.match(stackFile(stack), /^# yaml-language-server: \$schema=\.\/onprem\.schema\.json\n/);
      assert.ok(validate(parse(stackFile(stack))), JSON.stringify(validate.errors));
    });
  }

  it("marks an unknown section, an unknown key and a secret in clear", () => {
    const config = parse(stackFile("dev")).config;
    const bad = (more: object) => validate({ config: { ...config, ...more } });
    assert.equal(bad({ "onprem:montoring": {} }), false);
    assert.equal(bad({ "onprem:parse": { replicsa: 1 } }), false);
    const external = { kind: "external", engine: "mongodb" };
    assert.equal(bad({ "onprem:parse": { database: { ...external, uri: "mongodb://x" } } }), false);
    assert.equal(bad({ "onprem:parse": { database: { ...external, uri: { secure: "v1:abc" } } } }), true);
  });
});

describe("the stacks that come with the project", () => {
  for (const stack of STACKS) {
    it(`${stack} is accepted by the loader as the engine hands it over`, () => {
      const config: Record<string, unknown> = parse(stackFile(stack)).config;
      const entries = Object.entries(config).map(([key, value]) => [
        key,
        typeof value === "string" ? value : JSON.stringify(value),
      ]);
      const { raw, problems } = decodeConfig(Object.fromEntries(entries), "onprem-platform");
      assert.deepEqual(problems, []);
      assert.equal(typeof parseSettings(raw).customer, "string");
    });
  }
});

describe("the schema", () => {
  it("describes every setting", () => {
    const nameless: string[] = [];
    const visit = (node: JsonSchema, path: string): void => {
      for (const [key, property] of Object.entries(node.properties ?? {})) {
        if (!property.description) nameless.push(`${path}${key}`);
        visit(property, `${path}${key}.`);
      }
      for (const branch of node.oneOf ?? []) visit(branch, path);
      if (node.items) visit(node.items, `${path}[].`);
    };
    visit(settingsJsonSchema(), "");
    assert.deepEqual(nameless, []);
  });
});
