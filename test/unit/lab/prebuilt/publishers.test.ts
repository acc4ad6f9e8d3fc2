import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { LabError } from "../../../../lab/errors";
import { cacheRoot } from "../../../../lab/layout";
import type { Artefact } from "../../../../lab/prebuilt/artefact";
import { REMEMBERED_MILLISECONDS } from "../../../../lab/prebuilt/mode";
import { Publishers } from "../../../../lab/prebuilt/publishers";
import type { Step } from "../../../../lab/steps";
import { archiveOf, LocalPublisher, linkArchive, sha256 } from "../../../support/prebuilt/local-publisher";

/** Milliseconds that a publisher may be silent: so long that no busy machine is taken for one. */
const PATIENCE = { firstByteMilliseconds: 60_000, silenceMilliseconds: 60_000 };
/** For those that are silent. */
const IMPATIENCE = { firstByteMilliseconds: 300, silenceMilliseconds: 300 };
const ENGINE = archiveOf({ "tool/engine": "#!engine", "tool/host": "#!host", "tool/LICENSE": "text" });
const WAYS_OUT =
  ". ONPREM_PREBUILT=always takes nothing else: look at the network and HTTPS_PROXY, and try again, or compile the programs with ONPREM_PREBUILT=never, which needs Go";

describe("programs from their publishers", () => {
  let publisher: LocalPublisher;
  let prefix: string;
  let said: string[];
  const step = { progress: (line: string) => said.push(line), log: () => {} } as unknown as Step;

  beforeEach(async () => {
    publisher = await new LocalPublisher().start();
    prefix = `test-${randomUUID()}-`;
    said = [];
  });
  afterEach(async () => {
    await publisher.stop();
    for (const name of ofThisTest()) rmSync(join(cacheRoot, name), { recursive: true });
  });

  const ofThisTest = () => readdirSync(cacheRoot).filter((name) => name.startsWith(prefix));
  /** Everything in this test's groups of the cache, whole or not. */
  const entries = () => {
    const groups = ofThisTest().filter((name) => !name.endsWith(".json"));
    return groups.flatMap((name) => readdirSync(join(cacheRoot, name)));
  };

  /** The engine and its language host in one archive. */
  const engine = (change: Partial<Artefact> = {}): Artefact => ({
    name: "engine",
    version: "v1.2.3",
    url: publisher.address("/engine.tar.gz"),
    archive: "tar.gz",
    files: { engine: "tool/engine", host: "tool/host" },
    checksum: { sha256: sha256(ENGINE), readIn: "this test" },
    ...change,
  });
  const publishers = (...artefacts: readonly Artefact[]) => new Publishers(artefacts, { ...PATIENCE, prefix });
  const impatient = () => new Publishers([engine()], { ...IMPATIENCE, prefix });

  /** Both modes must fail for this reason: `auto` remembers it, `always` says it, and nothing is left. */
  const failsWith = async (reason: string, from: Artefact | Publishers = engine()) => {
    const asked = from instanceof Publishers ? from : publishers(from);
    assert.equal(await asked.fetch(step, "auto"), undefined);
    assert.equal(asked.memory.reason(), reason);
    assert.equal(said.at(-1), `not from their publishers: ${reason}`);
    await assert.rejects(asked.fetch(step, "always"), (error: Error) => {
      assert.ok(error instanceof LabError);
      assert.deepEqual([error.code, error.message], ["download-failed", reason + WAYS_OUT]);
      return true;
    });
    assert.deepEqual(entries(), []);
    assert.equal(asked.programs().present, false);
  };

  it("lie in one folder of the cache under their names, executable, and nothing else with them", async () => {
    const kubelet = Buffer.from("#!kubelet");
    publisher.offer("/engine.tar.gz", ENGINE);
    publisher.offer("/bin/kubelet", kubelet);
    publisher.offer("/bin/kubelet.sha256", sha256(kubelet));
    const url = publisher.address("/bin/kubelet");
    const plain = engine({ name: "kubelet", url, archive: "none", files: { kubelet: "kubelet" } });
    const both = publishers(engine(), { ...plain, checksum: { publishedAt: `${url}.sha256` } });

    const folder = (await both.fetch(step, "auto")) ?? "";

    assert.deepEqual(readdirSync(folder).sort(), ["engine", "host", "kubelet"]);
    assert.equal(readFileSync(join(folder, "host"), "utf8"), "#!host");
    for (const name of readdirSync(folder)) assert.equal(statSync(join(folder, name)).mode & 0o777, 0o755);
    assert.deepEqual(both.programs(), { folder, present: true });
  });

  it("are downloaded once, and what was whole is kept for the next try where another failed", async () => {
    publisher.offer("/engine.tar.gz", ENGINE);
    const url = publisher.address("/late");
    const late = engine({ name: "late", url, archive: "none", files: { late: "late" } });
    const content = Buffer.from("late");
    const both = publishers(engine(), { ...late, checksum: { sha256: sha256(content), readIn: "this test" } });
    publisher.answer("/late", async (_, response) => {
      while (entries().filter((name) => !name.includes("draft")).length === 0) await new Promise(setImmediate);
      response.statusCode = 503;
      response.end();
    });
    assert.equal(await both.fetch(step, "auto"), undefined);
    publisher.offer("/late", content);

    await both.fetch(step, "always");
    await both.fetch(step, "always");

    assert.deepEqual(publisher.asked.toSorted(), ["/engine.tar.gz", "/late", "/late"]);
    assert.equal(both.memory.reason(), undefined);
  });

  it("are refused with another checksum than the pinned one", async () => {
    const other = archiveOf({ "tool/engine": "#!other", "tool/host": "#!host" });
    publisher.offer("/engine.tar.gz", other);
    const url = publisher.address("/engine.tar.gz");
    const sums = `${sha256(other)}, not ${sha256(ENGINE)}`;
    await failsWith(`${url} has the SHA-256 ${sums} as lab/prebuilt pins it`, engine());
  });

  it("are refused with another checksum than the publisher's", async () => {
    publisher.offer("/engine.tar.gz", ENGINE);
    publisher.offer("/sums.txt", `${"0".repeat(64)}  other.tar.gz\n${"1".repeat(64)}  engine.tar.gz\n`);
    const [url, publishedAt] = [publisher.address("/engine.tar.gz"), publisher.address("/sums.txt")];
    const sums = `${sha256(ENGINE)}, not ${"1".repeat(64)}`;
    await failsWith(`${url} has the SHA-256 ${sums} as ${publishedAt} says`, engine({ checksum: { publishedAt } }));
  });

  it("are refused where the publisher's checksums do not name them", async () => {
    publisher.offer("/engine.tar.gz", ENGINE);
    publisher.offer("/sums.txt", `${"0".repeat(64)}  other.tar.gz\n`);
    const publishedAt = publisher.address("/sums.txt");
    await failsWith(`${publishedAt} says no SHA-256 of engine.tar.gz`, engine({ checksum: { publishedAt } }));
  });

  it("are refused where the connection ends in the middle of an archive", async () => {
    publisher.answer("/engine.tar.gz", (_, response) => {
      response.setHeader("content-length", ENGINE.length);
      response.write(ENGINE.subarray(0, ENGINE.length / 2), () => response.destroy());
    });
    await failsWith(`${publisher.address("/engine.tar.gz")} ended before it was whole: other side closed`, engine());
  });

  it("are refused where half an archive is published as if it were whole", async () => {
    const half = ENGINE.subarray(0, ENGINE.length / 2);
    publisher.offer("/engine.tar.gz", half);
    const reason = `${publisher.address("/engine.tar.gz")} cannot be unpacked: `;
    const asked = publishers(engine({ checksum: { sha256: sha256(half), readIn: "this test" } }));
    assert.equal(await asked.fetch(step, "auto"), undefined);
    assert.ok(asked.memory.reason()?.startsWith(reason), asked.memory.reason());
    assert.deepEqual(entries(), []);
  });

  it("are compiled where a publisher does not begin to answer in time, which is remembered for a day", async () => {
    publisher.answer("/engine.tar.gz", () => {});
    const asked = impatient();

    assert.equal(await asked.areWorthAsking("auto"), false);

    assert.equal(asked.memory.reason(), `${publisher.address("/engine.tar.gz")} is silent for 0.3 s`);
    const almost = Date.now() + REMEMBERED_MILLISECONDS - 60_000;
    assert.deepEqual(
      [almost, almost + 120_000].map((now) => asked.memory.reason(now) !== undefined),
      [true, false],
    );
    publisher.offer("/engine.tar.gz", ENGINE);
    const later = publishers(engine());
    assert.equal(await later.areWorthAsking("auto"), false, "within the day nobody is asked");
    assert.equal(publisher.asked.length, 1);
    later.memory.clear();
    assert.equal(await later.areWorthAsking("auto"), true);
    assert.deepEqual(entries(), []);
  });

  it("are refused where a publisher falls silent in the middle", async () => {
    publisher.answer("/engine.tar.gz", (_, response) => response.write(ENGINE.subarray(0, 10)));
    await failsWith(`${publisher.address("/engine.tar.gz")} is silent for 0.3 s`, impatient());
  });

  it("are refused where the publisher does not have them", async () => {
    const host = new URL(publisher.address("/")).host;
    await failsWith(`${host} answers 404 to ${publisher.address("/engine.tar.gz")}`, engine());
  });

  it("are compiled where nobody listens, which is remembered", async () => {
    const unheard = engine();
    const { url } = unheard;
    await publisher.stop();
    const asked = publishers(unheard);
    assert.equal(await asked.areWorthAsking("auto"), false);
    const reason = `${url} cannot be reached: connect ECONNREFUSED ${new URL(url).host}`;
    assert.equal(asked.memory.reason(), reason);
    asked.memory.clear();
    await failsWith(reason, unheard);
    publisher = await new LocalPublisher().start();
  });

  it("are worth asking for in `always`, whatever is remembered, and never in `never`", async () => {
    const asked = publishers(engine());
    asked.memory.note("it failed");
    assert.deepEqual(await Promise.all([asked.areWorthAsking("always"), asked.areWorthAsking("never")]), [true, false]);
    assert.deepEqual(publisher.asked, []);
  });

  it("ask each host once before a download, for its checksum file where it has one", async () => {
    for (const path of ["/sums.txt", "/other"]) publisher.offer(path, "x");
    const elsewhere = engine({ url: publisher.address("/other", "localhost") });
    const published = engine({ checksum: { publishedAt: publisher.address("/sums.txt") } });
    assert.equal(await publishers(engine(), published, elsewhere).areWorthAsking("auto"), true);
    assert.deepEqual(publisher.asked.toSorted(), ["/other", "/sums.txt"]);
  });

  it("may lie on another host, to which the publisher redirects", async () => {
    const other = await new LocalPublisher().start();
    try {
      other.offer("/store/engine", ENGINE);
      publisher.answer("/engine.tar.gz", (_, response) => {
        response.writeHead(302, { location: other.address("/store/engine", "localhost") }).end();
      });
      assert.ok(await publishers(engine()).fetch(step, "always"));
    } finally {
      await other.stop();
    }
  });

  it("are refused where a publisher redirects for ever", async () => {
    const url = publisher.address("/engine.tar.gz");
    publisher.answer("/engine.tar.gz", (_, response) => response.writeHead(302, { location: url }).end());
    await failsWith(`${url} redirects more than 5 times`, engine());
    assert.equal(publisher.asked.length, 12);
  });

  it("leave alone what an archive would put outside the folder", async () => {
    const escaping = archiveOf({ engine: "#!engine", escaped: "x" }, "../../");
    publisher.offer("/engine.tar.gz", escaping);
    const sum = { sha256: sha256(escaping), readIn: "this test" };
    await failsWith(
      `${publisher.address("/engine.tar.gz")} has no program engine`,
      engine({ files: { engine: "engine" }, checksum: sum }),
    );
    assert.deepEqual(
      [cacheRoot, join(cacheRoot, "..")].map((folder) => existsSync(join(folder, "escaped"))),
      [false, false],
    );
  });

  it("are refused where one is a link, which may lead anywhere", async () => {
    const linked = linkArchive("engine", "/bin/true");
    publisher.offer("/engine.tar.gz", linked);
    const sum = { sha256: sha256(linked), readIn: "this test" };
    const reason = `${publisher.address("/engine.tar.gz")} has no program engine`;
    await failsWith(reason, engine({ files: { engine: "engine" }, checksum: sum }));
  });

  it("are taken from entries that begin with the archive's own folder", async () => {
    const dotted = archiveOf({ engine: "#!engine" }, "./");
    publisher.offer("/engine.tar.gz", dotted);
    const sum = { sha256: sha256(dotted), readIn: "this test" };
    assert.ok(await publishers(engine({ files: { engine: "engine" }, checksum: sum })).fetch(step, "always"));
  });
});
