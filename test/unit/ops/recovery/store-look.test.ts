import assert from "node:assert/strict";
import { RecoveryError } from "../../../../ops/recovery/errors";
import { requireStore, type StoreStatus } from "../../../../ops/recovery/store-look";

const found = (second: number): StoreStatus => ({ phase: "Available", lastValidationTime: `12:00:${second}` });
const away = (second: number, message = "403"): StoreStatus => ({
  phase: "Unavailable",
  message,
  lastValidationTime: `12:00:${second}`,
});

/** Looks until it is over; the last status stays. */
async function wait(...seen: StoreStatus[]): Promise<{ looks: number; error?: unknown }> {
  let looks = 0;
  const look = async () => seen[Math.min(looks++, seen.length - 1)] as StoreStatus;
  const error = await requireStore("outside", look, async () => {}).catch((reason: unknown) => reason);
  return { looks, ...(error ? { error } : {}) };
}

describe("a store that a drill or a restore relies on", () => {
  it("is relied on at once when Velero has found it", async () => {
    assert.deepEqual(await wait(found(10)), { looks: 1 });
  });

  it("is looked at once more when one look failed, as it does when Velero disturbs itself", async () => {
    assert.deepEqual(await wait(away(10), away(10), found(40)), { looks: 3 });
  });

  it("is given up when the next look failed too, with that one's reason", async () => {
    const { looks, error } = await wait(away(10, "no credentials"), away(10, "no credentials"), away(40, "no route"));
    assert.equal(looks, 3);
    assert.ok(error instanceof RecoveryError);
    assert.equal(error.message, "The store outside is Unavailable: no route");
  });

  it("is waited for when Velero has not looked yet, and given up when it never does", async () => {
    assert.deepEqual(await wait({}, {}, found(10)), { looks: 3 });
    const { error } = await wait({});
    assert.equal((error as Error).message, "The store outside is not looked at yet: no reason given");
    const stale = await wait(away(10));
    assert.equal((stale.error as Error).message, "The store outside is Unavailable: 403");
  });
});
