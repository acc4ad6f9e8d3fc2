import assert from "node:assert/strict";
import fc from "fast-check";
import {
  record,
  recordAfter,
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

describe("the record after a run", () => {
  const last: VersionHistory = {
    current: { kubernetes: "1.34", parse: "9.9.0", velero: "1.17.0" },
    changedAt: "2026-10-01T08:00:00.000Z",
    overrides: [],
  };
  const asked = { kubernetes: "1.35", parse: "10.0.0", velero: "1.18.3" };
  const decided = record(asked, last, { ...evidence, backup });

  it("is what was decided where all of it was done", () => {
    assert.deepEqual(recordAfter(decided, last, asked), decided);
  });

  it("is the last one, word for word, where nothing was done", () => {
    assert.deepEqual(recordAfter(decided, last, last.current), last);
    assert.deepEqual(recordAfter(decided, last, {}), last);
  });

  it("has the parts that moved, and what justified that, beside those that did not", () => {
    assert.deepEqual(recordAfter(decided, last, { ...last.current, velero: "1.18.3" }), {
      ...decided,
      current: { ...last.current, velero: "1.18.3" },
      previous: last.current,
    });
  });

  it("keeps a part that the settings no longer have as long as its resource says that it runs", () => {
    const taken = record({ parse: "9.9.0" }, last, evidence);
    assert.deepEqual(recordAfter(taken, last, { parse: "9.9.0", velero: "1.17.0" }).current, {
      parse: "9.9.0",
      velero: "1.17.0",
    });
    assert.deepEqual(recordAfter(taken, last, { parse: "9.9.0" }).current, { parse: "9.9.0" });
  });

  it("has only what was made on a first run", () => {
    const first = record(asked, undefined, evidence);
    assert.deepEqual(recordAfter(first, undefined, { kubernetes: "1.35" }).current, { kubernetes: "1.35" });
  });

  it("takes a patch of Kubernetes for the minor that was asked for, and a patch of others for what it is", () => {
    const full = { ...asked, kubernetes: "1.35.5-gke.1200000" };
    assert.deepEqual(recordAfter(decided, last, full), decided);
    assert.equal(sameVersions({ kubernetes: "v1.35.5" }, { kubernetes: "1.35" }), true);
    assert.equal(sameVersions({ kubernetes: "1.3" }, { kubernetes: "1.35" }), false);
    assert.equal(sameVersions({ velero: "1.18.3" }, { velero: "1.18" }), false);
  });

  it("makes the next preview empty once all was done, in however many runs, in whichever order", () => {
    const order = fc.shuffledSubarray(Object.keys(asked) as (keyof Versions)[], { minLength: 3 });
    fc.assert(
      fc.property(order, fc.boolean(), (parts, together) => {
        let history = last;
        for (const [index, part] of parts.entries()) {
          if (together && index === 1) break;
          const now = new Date(NOW.getTime() + index * 7_200_000);
          const step = record(asked, history, { now, overrides: [] });
          history = recordAfter(step, history, { ...history.current, [part]: asked[part as keyof typeof asked] });
        }
        const end = record(asked, history, { now: new Date("2026-12-24T08:00:00Z"), overrides: [] });
        history = recordAfter(end, history, asked);
        assert.deepEqual(history.current, asked);
        assert.deepEqual(record(asked, history, { now: new Date("2027-01-01"), overrides: [] }), history);
      }),
    );
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
