import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../../lab/layout";
import {
  changesIn,
  differences,
  type ExpectedChange,
  mistakesIn,
  type PreviewStep,
  surprises,
} from "../../support/upgrade/changes";
import { expectedChanges, LAST_RELEASE } from "../../support/upgrade/release";

const urnOf = (type: string, name: string) => `urn:pulumi:dev::onprem-platform::onprem:x:Y$${type}::${name}`;
const CONFIG = "kubernetes:core/v1:ConfigMap";
const updated = (before: object, after: object, more: Partial<PreviewStep> = {}): PreviewStep => ({
  op: "update",
  urn: urnOf(CONFIG, "rules"),
  oldState: { inputs: before },
  newState: { inputs: after },
  ...more,
});
const expected: ExpectedChange = {
  stacks: ["dev"],
  resources: [`${CONFIG} rules`],
  properties: ["data"],
  why: "The text is shorter.",
  changelog: "shorter",
};

describe("what a preview changes in a stack of the last release", () => {
  it("is told by the paths that differ, without what stays", () => {
    const steps: PreviewStep[] = [
      { op: "same", urn: urnOf(CONFIG, "other") },
      updated(
        { data: { a: "1", "b.js": "1" }, list: [1, { x: 1 }], __defaults: [] },
        { data: { a: "1", "b.js": "2" }, list: [1, { x: 2 }, 3], new: true },
      ),
      { op: "delete", urn: urnOf(CONFIG, "gone"), oldState: { inputs: { data: {} } } },
    ];
    assert.deepEqual(changesIn(steps), [
      { op: "delete", resource: `${CONFIG} gone`, properties: [] },
      { op: "update", resource: `${CONFIG} rules`, properties: ['data["b.js"]', "list[1].x", "list[2]", "new"] },
    ]);
  });

  it("names what only the provider tells, such as a secret that looks the same", () => {
    const hidden = { data: "[secret]", metadata: { name: "a" } };
    const [change] = changesIn([
      updated(hidden, { ...hidden, metadata: { name: "b" } }, { diffReasons: ["data", "metadata"] }),
    ]);
    assert.deepEqual(change?.properties, ["data", "metadata.name"]);
  });

  it("has a path for each value that differs, nothing for equal ones", () => {
    assert.deepEqual(differences({ a: { b: [1, 2] } }, { a: { b: [1, 2] } }), []);
    assert.deepEqual(differences({ a: { b: [1, 2] } }, { a: { b: [1] } }), ["a.b[1]"]);
    assert.deepEqual(differences({ a: [] }, { a: {} }), ["a"]);
    assert.deepEqual(differences({ a: null }, {}), ["a"]);
  });

  it("is no surprise where it is expected of this stack, all that is below a path with it", () => {
    const changes = changesIn([updated({ data: { a: 1 } }, { data: { a: 2 } })]);
    assert.deepEqual(surprises("dev", changes, [expected]), { unexpected: [], unmet: [] });
    assert.deepEqual(surprises("prod", changes, [expected]).unexpected, [`update ${CONFIG} rules: data.a`]);
  });

  it("is a surprise in another property, by another operation and in another resource", () => {
    const other = changesIn([updated({ data: { a: 1 }, kind: 1 }, { data: { a: 2 }, kind: 2 })]);
    assert.deepEqual(surprises("dev", other, [expected]).unexpected, [`update ${CONFIG} rules: kind`]);
    const replaced = changesIn([updated({ data: 1 }, { data: 2 }, { op: "replace" })]);
    assert.deepEqual(surprises("dev", replaced, [expected]), {
      unexpected: [`replace ${CONFIG} rules: data`],
      unmet: [`update ${CONFIG} rules`],
    });
    const gone = changesIn([{ op: "delete", urn: urnOf(CONFIG, "rules") }]);
    assert.deepEqual(surprises("dev", gone, [expected]).unexpected, [`delete ${CONFIG} rules: all of it`]);
  });

  it("leaves an expectation unmet that nothing needs any more", () => {
    assert.deepEqual(surprises("dev", [], [expected]).unmet, [`update ${CONFIG} rules`]);
    const wider = { ...expected, properties: ["data", "metadata.labels"] };
    const changes = changesIn([updated({ data: 1 }, { data: 2 })]);
    assert.deepEqual(surprises("dev", changes, [wider]).unmet, [`update ${CONFIG} rules: metadata.labels`]);
  });

  it("may be expected at any place of a list, and of several resources, each of which must change", () => {
    const two = { ...expected, resources: [`${CONFIG} rules`, `${CONFIG} others`], properties: ["list[*].text"] };
    const changes = changesIn([updated({ list: [{ text: 1 }, { text: 1 }] }, { list: [{ text: 2 }, { text: 2 }] })]);
    assert.deepEqual(surprises("dev", changes, [two]), { unexpected: [], unmet: [`update ${CONFIG} others`] });
    const wider = changesIn([updated({ list: [{ text: 1, name: 1 }] }, { list: [{ text: 2, name: 2 }] })]);
    assert.deepEqual(surprises("dev", wider, [two]).unexpected, [`update ${CONFIG} rules: list[0].name`]);
    const longer = changesIn([updated({ list: [{ texts: 1 }] }, { list: [{ texts: 2 }] })]);
    assert.deepEqual(surprises("dev", longer, [two]).unexpected, [`update ${CONFIG} rules: list[0].texts`]);
  });

  it("may be expected of all resources of a kind", () => {
    const all = { ...expected, resources: ["kubernetes:*"], properties: ["metadata.labels"] };
    const labelled = changesIn([updated({ metadata: {} }, { metadata: { labels: { a: "1" } } })]);
    assert.deepEqual(surprises("dev", labelled, [all]), { unexpected: [], unmet: [] });
    assert.deepEqual(surprises("dev", [], [all]).unmet, ["update kubernetes:*"]);
    const other = { ...all, resources: ["kubernetes:apps/v1:*"] };
    assert.equal(surprises("dev", labelled, [other]).unexpected.length, 1);
  });

  it("may not be expected to end what holds data or keys", () => {
    for (const op of ["replace", "delete", "create-replacement", "delete-replaced"]) {
      const of = (type: string) => mistakesIn([{ ...expected, op, resources: [`${type} one`] }]).length;
      for (const type of [
        "kubernetes:core/v1:Secret",
        "kubernetes:core/v1:Namespace",
        "kubernetes:apps/v1:StatefulSet",
        "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition",
        "kubernetes:helm.sh/v3:Release",
        "kubernetes:velero.io/v1:BackupStorageLocation",
        "random:index/randomPassword:RandomPassword",
        "tls:index/privateKey:PrivateKey",
        "gcp:storage/bucket:Bucket",
        "gcp:kms/cryptoKey:CryptoKey",
        "rancher2:index/cluster:Cluster",
        "pulumi:providers:kubernetes",
        "kubernetes:*",
      ])
        assert.equal(of(type), 1, `${op} ${type}`);
      assert.equal(of(CONFIG), 0, op);
      assert.equal(of("kubernetes:batch/v1:Job"), 0, op);
    }
  });
});

describe(`the way up from release ${LAST_RELEASE}`, () => {
  const support = join(projectRoot, "test/support/upgrade");

  it("is tried with its program, packed in at most 5 MB", () => {
    assert.ok(statSync(join(support, `platform-${LAST_RELEASE}.tar.gz`)).size <= 5_000_000);
  });

  it("has nothing on its list that would end data or keys, and each entry says why", () => {
    const list = expectedChanges();
    assert.deepEqual(mistakesIn(list), []);
    for (const { resources, stacks, why } of list) {
      assert.ok(resources.length > 0 && why.length > 10, resources.join());
      assert.ok(stacks.length > 0 && stacks.every((stack) => ["dev", "prod"].includes(stack)), resources.join());
    }
  });

  it("has each change that a stack sees in the changelog's sections after it, word for word", () => {
    const [sections = ""] = readFileSync(join(projectRoot, "CHANGELOG.md"), "utf8").split(`\n## ${LAST_RELEASE} `);
    const text = sections.replace(/\s+/g, " ");
    for (const { changelog, resources } of expectedChanges())
      assert.ok(
        changelog.length > 10 && text.includes(changelog),
        `CHANGELOG.md says nowhere of ${resources.join(", ")}: "${changelog}"`,
      );
  });
});
