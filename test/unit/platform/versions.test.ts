import assert from "node:assert/strict";
import fc from "fast-check";
import {
  record,
  sameVersions,
  type VersionHistory,
  type Versions,
  versionsOf,
} from "../../../components/platform/versions";
import { parseSettings } from "../../../components/settings";
import { gke, rancher, smallest } from "../../support/settings/valid-settings";

const NOW = new Date("2026-11-25T09:41:00Z");
const evidence = { now: NOW, overrides: [] };
const override = { gate: "end-of-life", reason: "Decided by J. Doe", expires: "2026-12-01" };
const backup = { name: "drill-7", completedAt: "2026-11-25T02:30:00.000Z" };

const versions: fc.Arbitrary<Versions> = fc.record(
  {
    kubernetes: fc.constantFrom("1.34", "1.35"),
    parse: fc.constantFrom("9.9.0", "9.10.0"),
    mongodb: fc.constant("8.0.26"),
  },
  { requiredKeys: [] },
);

describe("the record of versions", () => {
  it("has no previous versions on the first run", () => {
    const history = record({ parse: "9.10.0" }, undefined, evidence);
    assert.deepEqual(history, { current: { parse: "9.10.0" }, changedAt: "2026-11-25T09:00:00.000Z", overrides: [] });
  });

  it("keeps the last versions, and what justified the change, when the versions change", () => {
    const last = record({ parse: "9.10.0" }, undefined, evidence);
    const later = { now: new Date("2026-12-01T10:20:00Z"), backup, overrides: [override] };
    assert.deepEqual(record({ parse: "9.11.0" }, last, later), {
      current: { parse: "9.11.0" },
      previous: { parse: "9.10.0" },
      changedAt: "2026-12-01T10:00:00.000Z",
      backup,
      overrides: [override],
    });
  });

  it("stays as it was, word for word, when nothing changes: the next preview is empty", () => {
    fc.assert(
      fc.property(versions, versions, fc.date({ noInvalidDate: true }), (one, two, now) => {
        const first = record(one, undefined, { ...evidence, overrides: [override] });
        const second = record(two, first, { ...evidence, backup });
        assert.deepEqual(record({ ...two }, second, { now, overrides: [] }), second);
      }),
    );
  });

  it("is the same in two previews within an hour", () => {
    const last = record({ parse: "9.10.0" }, undefined, evidence);
    const preview = (minute: string) =>
      record({ parse: "9.11.0" }, last, { now: new Date(`2026-12-01T10:${minute}:00Z`), overrides: [] });
    assert.deepEqual(preview("01"), preview("59"));
  });

  it("lets an override be added after the fact, and keeps one that the settings no longer name", () => {
    const last: VersionHistory = { current: { parse: "9" }, changedAt: NOW.toISOString(), overrides: [] };
    const opened = record({ parse: "9" }, last, { now: NOW, overrides: [override] });
    assert.deepEqual(opened.overrides, [override]);
    assert.deepEqual(record({ parse: "9" }, opened, evidence).overrides, [override]);
  });

  it("tells a part that was taken out from one that stayed", () => {
    assert.equal(sameVersions({ parse: "9", velero: "1" }, { parse: "9" }), false);
    assert.equal(sameVersions({ parse: "9", velero: undefined }, { parse: "9" }), true);
  });
});

describe("the versions that settings ask for", () => {
  it("name the parts that a stack has, and no other", () => {
    const asked = versionsOf(parseSettings(smallest()));
    assert.deepEqual(Object.keys(asked).sort(), ["mongodb", "parse"]);
    assert.match(asked.parse ?? "", /^\d+\.\d+\.\d+$/);
  });

  it("follow the settings", () => {
    const settings = {
      customer: "acme",
      cluster: gke({ kubernetesVersion: "1.34" }),
      rancher: rancher({ version: "2.14.4" }),
      parse: { version: "9.9.0", database: { kind: "postgresql", version: "16.4" } },
    };
    const { kubernetes, rancher: server, parse, postgresql, mongodb } = versionsOf(parseSettings(settings));
    assert.deepEqual([kubernetes, server, parse, postgresql, mongodb], ["1.34", "2.14.4", "9.9.0", "16.4", undefined]);
  });
});
