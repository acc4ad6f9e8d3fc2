import assert from "node:assert/strict";
import type { DrillRecord } from "../../../../components/platform/drill-record";
import { ageOf, leaveRecord, recordOf } from "../../../../ops/drill/record";
import type { DrillResult } from "../../../../ops/drill/results";
import type { Cluster } from "../../../../ops/recovery/cluster";

const at = new Date("2026-11-26T08:00:00Z");
const result: DrillResult = {
  stack: "acme",
  startedAt: "2026-11-26T07:58:00Z",
  lost: ["objects", "namespace"],
  passed: true,
  steps: [],
  backup: { name: "drill-1", completedAt: "2026-11-26T07:58:20Z", volumes: 1 },
  recoveries: [
    { lost: "objects", recoverySeconds: 22, lostDataSeconds: 9 },
    { lost: "namespace", recoverySeconds: 18, lostDataSeconds: 40 },
  ],
  notProven: [],
};
const versions = { parse: "9.10.0" };

describe("what a drill leaves", () => {
  it("is its backup, versions, and the worst of its times", () => {
    assert.deepEqual(recordOf(result, versions, at), {
      at: at.toISOString(),
      passed: true,
      backup: { name: "drill-1", completedAt: "2026-11-26T07:58:20Z" },
      versions,
      lost: ["objects", "namespace"],
      recoverySeconds: 22,
      lostDataSeconds: 40,
    });
  });

  it("says that it failed, and why, without times that nothing proved", () => {
    const record = recordOf({ ...result, passed: false, reason: "no store", recoveries: [] }, versions, at);
    assert.deepEqual([record.passed, record.reason, "recoverySeconds" in record], [false, "no store", false]);
  });
});

describe("the record in the cluster", () => {
  /** Objects by name, and the names of those that were made anew. */
  const leave = async (...records: DrillRecord[]) => {
    const objects = new Map<string, { data?: object }>();
    const madeAnew: string[] = [];
    const put = async (object: object) => {
      const { metadata } = object as { metadata: { name: string } };
      objects.set(metadata.name, object);
      return metadata.name;
    };
    const cluster = {
      find: async (_namespace: string, _kind: string, name: string) => objects.get(name),
      apply: put,
      makeAnew: async (object: object) => madeAnew.push(await put(object)),
    } as unknown as Cluster;
    for (const record of records) await leaveRecord(cluster, "velero", record);
    return { objects, madeAnew };
  };
  const passed = recordOf(result, versions, at);
  const failed = recordOf({ ...result, passed: false }, versions, at);

  it("is as old, in a ConfigMap for monitoring, as the last drill that passed", async () => {
    const { madeAnew, objects } = await leave(passed, failed, passed);
    assert.deepEqual(madeAnew, ["onprem-drill-passed", "onprem-drill-passed"]);
    assert.deepEqual(objects.get("onprem-drill-passed")?.data, { backup: "drill-1" });
  });

  it("has nothing for monitoring until a drill passed", async () => {
    const { madeAnew, objects } = await leave(failed);
    assert.deepEqual([madeAnew, [...objects.keys()]], [[], ["onprem-drill-record"]]);
  });
});

describe("the age of the last proven restore", () => {
  const passed = recordOf(result, versions, at);
  const failed = recordOf({ ...result, passed: false, reason: "no store" }, versions, at);
  const later = new Date("2026-11-27T20:00:00Z");

  it("is that of the last drill that passed", () => {
    const { text, recent } = ageOf({ last: passed, passed }, later, 8);
    assert.match(text, /36\.0 hours old: .*, backup drill-1, recovery 22 s\.$/);
    assert.equal(recent, true);
  });

  it("is too old one hour after its time", () => {
    assert.equal(ageOf({ last: passed, passed }, new Date("2026-12-04T09:00:00Z"), 8).recent, false);
  });

  it("does not hide that a later drill failed, nor that none ever passed", () => {
    assert.match(ageOf({ last: failed, passed }, later, 8).text, /hours old.*The last drill, of .*, failed: no store/);
    assert.deepEqual(ageOf({ last: failed }, later, 8).recent, false);
  });
});
