import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { cached, cachePath, isCached, keyOf, markUsed } from "../../../lab/cache";
import { cacheRoot } from "../../../lab/layout";

describe("the lab's cache", () => {
  let kind: string;
  beforeEach(() => {
    kind = `test-${randomUUID()}`;
  });
  afterEach(() => rmSync(join(cacheRoot, kind), { recursive: true, force: true }));

  it("makes an entry once", async () => {
    let made = 0;
    const produce = async (folder: string) => {
      made += 1;
      writeFileSync(join(folder, "content"), "x");
    };
    const first = await cached(kind, "once", produce);
    assert.equal(await cached(kind, "once", produce), first);
    assert.equal(made, 1);
    assert.equal(readFileSync(join(first, "content"), "utf8"), "x");
  });

  it("makes an entry once for all who ask while it is made", async () => {
    let made = 0;
    const produce = async (folder: string) => {
      made += 1;
      await new Promise((resolve) => setTimeout(resolve, 20));
      writeFileSync(join(folder, "content"), "x");
    };
    const [first, second] = await Promise.all([cached(kind, "both", produce), cached(kind, "both", produce)]);
    assert.equal(first, second);
    assert.equal(made, 1);
  });

  it("has no entry after a failure, and no draft", async () => {
    await assert.rejects(
      cached(kind, "broken", async () => {
        throw new Error("out of disk");
      }),
      /out of disk/,
    );
    assert.ok(!isCached(kind, "broken"));
    assert.deepEqual(
      readdirSync(join(cacheRoot, kind)).filter((name) => name.includes("draft")),
      [],
    );
  });

  /** Makes an entry that was used last at this second of 1970, before anything is made now. */
  const makeOld = async (key: string, second: number) => {
    await cached(kind, key, async () => {});
    utimesSync(cachePath(kind, key), second, second);
  };

  it("forgets the entries that were not used for longest", async () => {
    for (let index = 0; index < 12; index++) await makeOld(`entry-${index}`, index);
    assert.ok(existsSync(cachePath(kind, "entry-11")));
    assert.ok(readdirSync(join(cacheRoot, kind)).length <= 8);
  });

  it("keeps as many as it is told to, those first that were marked as used", async () => {
    for (const [second, key] of ["used", "unused", "unused-too"].entries()) await makeOld(key, second);
    markUsed(kind, "used");
    await cached(kind, "new", async () => {}, 2);
    assert.deepEqual(readdirSync(join(cacheRoot, kind)).sort(), ["new", "used"]);
  });

  it("tells parts apart, not only what they make together", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        fc.pre(a !== "" && b !== "");
        assert.notEqual(keyOf(a, b), keyOf(a + b));
        assert.equal(keyOf(a, b), keyOf(a, b));
      }),
    );
  });
});
