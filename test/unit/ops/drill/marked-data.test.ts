import assert from "node:assert/strict";
import { DRILL_CLASS, MarkedData } from "../../../../ops/drill/marked-data";
import type { ParseApi } from "../../../../ops/recovery/parse-api";
import { ParseStandIn } from "./parse-stand-in";

describe("marked data", () => {
  const server = new ParseStandIn();
  let parse: ParseApi;
  const data = new MarkedData("drill-1", 2);
  before(async () => {
    parse = await server.start();
    server.classes.set(DRILL_CLASS, [{ objectId: "another's", mark: "drill-0" }]);
    await data.write(parse, { objects: 120, files: 2 });
  });
  after(() => server.stop());

  it("are all found again, with the files, and nothing of anybody else's", async () => {
    const digests = await data.digests(parse);
    assert.equal(digests.size, 120 + 2 + 2);
    assert.ok(!digests.has("another's"));
    assert.deepEqual(await data.digests(parse), digests);
    assert.equal((await data.refusedLogins(parse)).size, 0);
  });

  it("are told from data of which one object or one byte of one file is another", async () => {
    const before = await data.digests(parse);
    const [name = "", content = Buffer.alloc(0)] = [...server.files][0] ?? [];
    const object = server.classes.get(DRILL_CLASS)?.find(({ mark }) => mark === "drill-1") ?? {};
    const changed = async (change: () => void, undo: () => void) => {
      change();
      const now = await data.digests(parse);
      undo();
      return [...before.keys()].filter((key) => now.get(key) !== before.get(key));
    };
    const other = Buffer.from(content);
    other.writeUInt8(other.readUInt8(7) ^ 1, 7);
    const files = server.files;
    assert.deepEqual(
      await changed(
        () => files.set(name, other),
        () => files.set(name, content),
      ),
      [name],
    );
    assert.deepEqual(
      await changed(
        () => files.delete(name),
        () => files.set(name, content),
      ),
      [name],
    );
    const [text, objectId] = [object.text, object.objectId];
    assert.deepEqual(
      await changed(
        () => Object.assign(object, { text: "other" }),
        () => Object.assign(object, { text }),
      ),
      [objectId],
    );
  });

  it("are told from data whose users cannot log in", async () => {
    const [first] = server.classes.get("_User") ?? [];
    const password = first?.password;
    Object.assign(first ?? {}, { password: "other" });
    assert.deepEqual(
      [...(await data.refusedLogins(parse))],
      [["drill-1-0", 'GET /login: Parse Server answers 404 {"error":"not found"}']],
    );
    Object.assign(first ?? {}, { password });
  });

  it("go without a trace, and take nothing of anybody else's along", async () => {
    await data.remove(parse);
    assert.deepEqual(server.classes.get("_User"), []);
    assert.equal(server.files.size, 0);
    assert.deepEqual(
      server.classes.get(DRILL_CLASS)?.map(({ objectId }) => objectId),
      ["another's"],
    );
  });
});
