import assert from "node:assert/strict";
import { ScheduleNotEnabledError, waitUntilEnabled } from "../../../components/backup/schedule-hooks";

type Phases = Record<string, { phase?: string; validationErrors?: string[] }>;

/** Waits for schedules that stand as `story` says, look after look, the last for good. */
async function wait(schedules: readonly string[], ...story: (Phases | Error)[]): Promise<unknown> {
  let looks = 0;
  const reader = {
    get: async (path: string) => {
      assert.equal(path, "/apis/velero.io/v1/namespaces/velero/schedules");
      const now = story[Math.min(looks++, story.length - 1)] ?? {};
      if (now instanceof Error) throw now;
      return { items: Object.entries(now).map(([name, status]) => ({ metadata: { name }, status })) };
    },
  };
  const waiting = { namespace: "velero", schedules, timeoutSeconds: 0.2, settleSeconds: 0.05, pauseSeconds: 0.01 };
  return waitUntilEnabled(reader, waiting).catch((error: unknown) => error);
}

describe("schedules of backups that were made or changed", () => {
  const enabled = { phase: "Enabled" };

  it("are waited for until Velero has taken all of them", async () => {
    const story: (Phases | Error)[] = [
      {},
      new Error("ECONNREFUSED"),
      { daily: enabled },
      { daily: enabled, hourly: enabled },
    ];
    assert.equal(await wait(["daily", "hourly"], ...story), undefined);
  });

  it("fail with Velero's reason when it refuses one", async () => {
    const validationErrors = ["invalid schedule: end of range (7) above maximum (6): 7"];
    const error = await wait(["daily", "weekly"], {
      daily: enabled,
      weekly: { phase: "FailedValidation", validationErrors },
    });
    assert.ok(error instanceof ScheduleNotEnabledError);
    assert.equal(
      error.message,
      "Velero refuses the schedule weekly, and makes no backup by it: correct it in onprem:backup.schedules. (Velero: invalid schedule: end of range (7) above maximum (6): 7)",
    );
  });

  it("are not taken for refused, or for taken, by how they stood before the change", async () => {
    const failed = { daily: { phase: "FailedValidation", validationErrors: ["old"] } };
    assert.equal(await wait(["daily"], failed, { daily: enabled }), undefined);
    assert.ok((await wait(["daily"], { daily: enabled }, failed)) instanceof ScheduleNotEnabledError);
  });

  it("fail when Velero looks at none, and when the cluster says nothing", async () => {
    assert.match(
      String(await wait(["daily"], {})),
      /has not looked at the schedule daily: look whether its server runs/,
    );
    assert.match(
      String(await wait(["daily"], new Error("no route"))),
      /does not say how the schedules stand: no route/,
    );
  });
});
