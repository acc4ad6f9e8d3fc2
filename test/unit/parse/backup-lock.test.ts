import assert from "node:assert/strict";
import { MongodbMember, type Server } from "./mongodb-member-stand-in";

describe("a member of MongoDB around the copying of its files", () => {
  let member: MongodbMember;
  const succeeds = (task: "lock" | "unlock") => assert.deepEqual(member.hook(task), { status: 0, reason: "" });
  const fails = (task: "lock" | "unlock", reason: RegExp) => {
    const result = member.hook(task);
    assert.equal(result.status, 1);
    assert.match(result.reason, reason);
    assert.equal(result.reason.trim().split("\n").length, 1, result.reason);
  };

  beforeEach(() => {
    member = new MongodbMember();
  });
  afterEach(() => member.remove());

  it("is locked meanwhile, once, and not afterwards", () => {
    succeeds("lock");
    assert.equal(member.server.locks, 1);
    succeeds("unlock");
    assert.equal(member.server.locks, 0);
  });

  it("is unlocked when Velero has given up, and a copy that took longer is not taken for a good one", async () => {
    member.setTimeouts(60, 2);
    succeeds("lock");
    await member.untilLocks(0);
    fails("unlock", /taken off after 2 s, before the backup's end: raise onprem:backup\.timeouts\.fileSystemBackup/);
    succeeds("lock");
    succeeds("unlock");
  });

  const LOSSES: Record<string, [Partial<Server>, RegExp]> = {
    "the database was restarted": [{ process: "second", locks: 0 }, /database was restarted/],
    "the database was restarted, and something else locked it": [{ process: "second" }, /database was restarted/],
    "the primary stepped down": [{ role: "secondary" }, /was primary when it was locked, and is secondary now/],
    "somebody took the lock off": [{ locks: 0 }, /taken off by somebody else/],
    "the database is away": [{ up: false }, /ECONNREFUSED/],
  };
  for (const [what, [change, reason]] of Object.entries(LOSSES))
    it(`fails the backup with the reason when ${what} meanwhile`, () => {
      succeeds("lock");
      member.change(change);
      fails("unlock", reason);
      if (change.up !== false) assert.equal(member.server.locks, 0);
      fails("unlock", /was not locked|ECONNREFUSED|taking the lock/);
    });

  it("is unlocked once the database, which was away when it should be, is back", async () => {
    succeeds("lock");
    member.change({ up: false });
    fails("unlock", /ECONNREFUSED/);
    member.change({ up: true });
    await member.untilLocks(0);
  });

  it("fails a backup whose end finds no lock, and takes off what locks there are", () => {
    member.change({ locks: 2 });
    fails("unlock", /was not locked/);
    assert.equal(member.server.locks, 0);
  });

  it("stays locked for a second backup; of the two the one that ends last fails", () => {
    succeeds("lock");
    succeeds("lock");
    assert.equal(member.server.locks, 1);
    succeeds("unlock");
    assert.equal(member.server.locks, 0);
    fails("unlock", /another backup's end took the lock off/);
  });

  it("is locked for the next backup when one ended without its hook, and not longer than that", () => {
    succeeds("lock");
    succeeds("lock");
    succeeds("unlock");
    assert.equal(member.server.locks, 0);
    succeeds("lock");
    succeeds("unlock");
  });

  it("is locked anew for the next backup when the lock of one that never ended is gone", () => {
    succeeds("lock");
    member.change({ process: "second", locks: 0 });
    succeeds("lock");
    assert.equal(member.server.locks, 1);
    succeeds("unlock");
  });

  it("keeps other programs' locks", () => {
    succeeds("lock");
    member.change({ locks: 2 });
    succeeds("unlock");
    assert.equal(member.server.locks, 1);
  });

  it("fails the backup when it cannot be locked, with the reason", () => {
    member.change({ up: false });
    fails("lock", /ECONNREFUSED/);
    fails("unlock", /was not locked/);
  });

  it("is not left locked when locking it takes longer than Velero waits", async () => {
    member.setTimeouts(1, 60);
    member.change({ lockMilliseconds: 1_500 });
    fails("lock", /cannot be locked: the database did not answer within 1 s/);
    await member.untilLocks(0);
    fails("unlock", /was not locked/);
  });

  it("is unlocked in time though the container was restarted meanwhile", async () => {
    member.setTimeouts(60, 2);
    await member.hookAndRestart("lock");
    assert.equal(member.server.locks, 1);
    member.watch();
    assert.equal(member.server.locks, 0);
    fails("unlock", /taken off after 2 s/);
  });

  it("has a complete copy though the container was restarted meanwhile", async () => {
    await member.hookAndRestart("lock");
    succeeds("unlock");
    assert.equal(member.server.locks, 0);
  });
});
