import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { generatedSchema, servedPackages } from "../../../../stand-ins/schema/generate";
import { field, loadBehaviours, loadSchema, type SdkSchema, schemaFile } from "../../../../stand-ins/schema/schema";

/** The field at a path of a resource type, through nested types. */
function fieldAt(schema: SdkSchema, token: string, path: string): string | undefined {
  let fields = schema.resources[token]?.fields;
  let notation: string | undefined;
  for (const name of path.split(".")) {
    notation = fields?.[name];
    fields = schema.types[/#([A-Za-z0-9_.]+)/.exec(notation ?? "")?.[1] ?? ""];
  }
  return notation;
}

describe("tables of the stand-in clouds", () => {
  for (const name of servedPackages) {
    it(`${name}: say what the installed SDK says`, () => {
      const outdated = `run "npm run build && node dist/stand-ins/schema/generate.js"`;
      assert.ok(readFileSync(schemaFile(name), "utf8") === generatedSchema(name), outdated);
    });

    it(`${name}: force replacements and set defaults of inputs that exist`, () => {
      const schema = loadSchema(name);
      const behaviours = Object.entries(loadBehaviours(name));
      const wrong = behaviours.flatMap(([token, { replaces, defaults }]) =>
        [...replaces, ...Object.keys(defaults)].flatMap((path) => {
          const notation = fieldAt(schema, token, path);
          return notation !== undefined && field(notation).input ? [] : [`${token} ${path}`];
        }),
      );
      assert.deepEqual(wrong, []);
      assert.ok(behaviours.length > 10);
    });

    it(`${name}: know for each resource type what replaces it`, () => {
      assert.deepEqual(Object.keys(loadBehaviours(name)).sort(), Object.keys(loadSchema(name).resources).sort());
    });
  }

  it("tell inputs, required ones, computed ones and nested types apart", () => {
    const { resources, types } = loadSchema("gcp");
    const fields = resources["gcp:compute/instance:Instance"]?.fields;
    assert.deepEqual(
      ["bootDisk", "name", "selfLink", "metadata"].map((name) => fields?.[name]),
      ["#compute.InstanceBootDisk!", "string+", "string=", "{string}"],
    );
    assert.equal(types["container.ClusterMasterAuth"]?.clusterCaCertificate, "string+");
  });

  it("know which outputs the SDK keeps secret", () => {
    const { resources } = loadSchema("rancher2");
    assert.deepEqual(resources["rancher2:index/bootstrap:Bootstrap"]?.secretOutputs, [
      "currentPassword",
      "initialPassword",
      "password",
      "tempToken",
      "token",
    ]);
  });
});
