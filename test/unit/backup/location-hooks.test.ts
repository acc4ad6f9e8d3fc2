import assert from "node:assert/strict";
import { LocationNotFoundError, waitUntilFound } from "../../../components/backup/location-hooks";
import { isFound, type LocationObject } from "../../../components/backup/location-look";

type Status = LocationObject["status"];

/** A location that Pulumi changed at 08:00:10; Velero's own entry is younger, and says nothing of the specification. */
const location = (status: Status): LocationObject => ({
  metadata: {
    name: "inside",
    managedFields: [
      { time: "2026-11-27T08:00:10Z", fieldsV1: { "f:metadata": {}, "f:spec": {} } },
      { time: "2026-11-27T09:00:00Z", fieldsV1: { "f:status": {} } },
    ],
  },
  status,
});
const looked = (phase: string, second: number, message?: string): LocationObject =>
  location({ phase, message, lastValidationTime: `2026-11-27T08:00:${second}Z` });

/** Waits, for so long at most, for a location that stands as `story` says, look after look, the last for good. */
async function wait(timeoutSeconds: number, ...story: (LocationObject | Error)[]) {
  const asked: string[] = [];
  const reader = {
    get: async (path: string) => {
      asked.push(path);
      const now = story[Math.min(asked.length, story.length) - 1];
      if (now instanceof Error) throw now;
      return now;
    },
  };
  const waiting = { namespace: "velero", location: "inside", timeoutSeconds, pauseSeconds: 0.001 };
  const error = await waitUntilFound(reader, waiting).catch((failure: unknown) => failure);
  return { asked, error };
}

describe("a location of backups that was changed", () => {
  it("is found when Velero has looked since", () => {
    assert.equal(isFound(looked("Available", 10)), true);
    assert.equal(isFound(looked("Available", 11)), true);
  });

  it("is not found by what Velero found before the change, or has not found yet", () => {
    for (const object of [looked("Available", 9), looked("Unavailable", 11), location(undefined), location({})])
      assert.equal(isFound(object), false, JSON.stringify(object.status));
  });

  it("is waited for, over the end of a look that began before and a cluster that does not answer", async () => {
    const { asked, error } = await wait(
      60,
      looked("Available", 9),
      looked("Unavailable", 40, "403"),
      new Error("connect ECONNREFUSED"),
      looked("Available", 41),
    );
    assert.equal(error, undefined);
    assert.deepEqual([...new Set(asked)], ["/apis/velero.io/v1/namespaces/velero/backupstoragelocations/inside"]);
    assert.equal(asked.length, 4);
  });

  it("fails with Velero's reason when the time is over", async () => {
    const { error } = await wait(0.02, looked("Unavailable", 40, "StatusCode: 403, SignatureDoesNotMatch"));
    assert.ok(error instanceof LocationNotFoundError);
    assert.match(
      error.message,
      /^Velero cannot use the location inside, 0\.02 s after it was changed: correct it in onprem:backup\.locations, .*403, SignatureDoesNotMatch/,
    );
  });

  it("fails when Velero does not look, and when the cluster does not answer", async () => {
    assert.match(
      String((await wait(0.02, looked("Available", 9))).error),
      /has not looked at the location inside .* whether its server runs/,
    );
    assert.match(
      String((await wait(0.02, new Error("no route"))).error),
      /does not say how the location inside stands: no route/,
    );
  });
});
