import assert from "node:assert/strict";
import { ReceiversRefusedError, waitUntilLoaded } from "../../../components/monitoring/receiver-hooks";
import { isStartedSince, loadedBy } from "../../../components/monitoring/receiver-look";

const CHANGED = Date.parse("2026-11-30T12:00:00Z");
const FILE = "component=configuration file=/etc/alertmanager/config_out/alertmanager.env.yaml";
const done = (time: string) =>
  `${time} time=${time} level=INFO source=coordinator.go:125 msg="Completed loading of configuration file" ${FILE}`;
const failed = (time: string, reason: string) =>
  `${time} time=${time} level=ERROR source=coordinator.go:117 msg="Loading configuration file failed" ${FILE} err=${JSON.stringify(reason)}`;
const [BEFORE, AFTER, LATER] = ["2026-11-30T11:59:59.9Z", "2026-11-30T12:00:30.1Z", "2026-11-30T12:01:00Z"] as const;

describe("what Alertmanager's log says of its configuration", () => {
  it("is that it was loaded, or refused and why, by the last line that is not from before the change", () => {
    const reason = 'undefined receiver "nobody" used in route';
    assert.deepEqual(loadedBy(done(AFTER), CHANGED), { state: "loaded" });
    assert.deepEqual(loadedBy([done(BEFORE), failed(AFTER, reason)].join("\n"), CHANGED), { state: "refused", reason });
    assert.deepEqual(loadedBy([failed(AFTER, reason), done(LATER)].join("\n"), CHANGED), { state: "loaded" });
  });

  it("is the same in the words of newer ones", () => {
    const source = 'component=configuration source="file:/etc/alertmanager.yaml"';
    const newer = (text: string) => `${AFTER} time=${AFTER} level=INFO msg=${JSON.stringify(text)} ${source} err="no"`;
    assert.deepEqual(loadedBy(newer("Completed loading of configuration"), CHANGED), { state: "loaded" });
    const failures = [
      "Loading configuration failed",
      "one or more config change subscribers failed to apply new config",
    ];
    for (const text of failures) assert.deepEqual(loadedBy(newer(text), CHANGED), { state: "refused", reason: "no" });
  });

  it("is not needed of one that was started with it and runs", () => {
    const pod = (startedAt: string, ready = true) => ({
      metadata: { name: "a" },
      status: { containerStatuses: [{ name: "alertmanager", ready, state: { running: { startedAt } } }] },
    });
    assert.deepEqual(
      [pod(AFTER), pod(BEFORE), pod(AFTER, false), { metadata: { name: "a" } }].map((one) =>
        isStartedSince(one, CHANGED),
      ),
      [true, false, false, false],
    );
  });

  it("is nothing when it has loaded nothing since", () => {
    for (const log of ["", done(BEFORE), `${AFTER} time=${AFTER} level=INFO msg="Listening on"`])
      assert.deepEqual(loadedBy(log, CHANGED), { state: "waiting" });
  });
});

describe("receivers that were changed", () => {
  const secret = (time: string) => ({ metadata: { managedFields: [{ time, fieldsV1: { "f:data": {} } }] } });
  /** Waits while two pods' logs stand as told, look after look. */
  async function wait(...told: (string[] | Error | { changed: string })[]): Promise<unknown> {
    const [first] = told;
    const changed = first && "changed" in first ? first.changed : "2026-11-30T12:00:00Z";
    const story = told.filter((look): look is string[] | Error => !("changed" in look));
    let [time, looks] = [CHANGED, 0];
    const reader = {
      get: async (path: string) => {
        if (path.endsWith("/alertmanagers/monitoring-alertmanager")) return {};
        if (path.includes("/secrets/")) return secret(changed);
        const now = story[Math.min(looks, story.length - 1)] ?? [];
        if (now instanceof Error) throw now;
        if (path.includes("/pods?")) {
          assert.match(path, /labelSelector=alertmanager%3Dmonitoring-alertmanager$/);
          return { items: now.map((_, index) => ({ metadata: { name: `am-${index}` } })) };
        }
        return now[Number(/am-(\d)/.exec(path)?.[1])];
      },
    };
    const waiting = { namespace: "monitoring", alertmanager: "monitoring-alertmanager", timeoutSeconds: 180 };
    const sleep = async (seconds: number) => {
      time += seconds * 1000;
      looks++;
    };
    return waitUntilLoaded(reader, { ...waiting, pauseSeconds: 1, now: () => time, sleep }).catch(
      (error: unknown) => error,
    );
  }

  it("are waited for until every Alertmanager has loaded them", async () => {
    const story = [[], new Error("404"), [done(AFTER), done(BEFORE)], [done(AFTER), done(LATER)]];
    assert.equal(await wait(...story), undefined);
  });

  it("are taken where they have been there for long, and nothing is said against them", async () => {
    assert.equal(await wait({ changed: "2026-11-30T11:00:00Z" }, [`${AFTER} msg="Listening on"`]), undefined);
    const refused = await wait({ changed: "2026-11-30T11:00:00Z" }, [failed(BEFORE, "no")]);
    assert.ok(refused instanceof ReceiversRefusedError);
  });

  it("fail with Alertmanager's reason when it refuses them", async () => {
    const error = await wait([done(BEFORE)], [failed(AFTER, "address a: missing port in address")]);
    assert.ok(error instanceof ReceiversRefusedError);
    assert.match(
      error.message,
      /^Alertmanager refuses its configuration, .* correct onprem:monitoring\.receivers\. \(Alertmanager: address a: missing port in address\)$/,
    );
  });

  it("are not waited for where there is no Alertmanager, which is said", async () => {
    let asked = 0;
    const get = async () => {
      asked++;
      throw Object.assign(new Error("not found"), { status: 404 });
    };
    const waiting = { namespace: "monitoring", alertmanager: "a", timeoutSeconds: 180, pauseSeconds: 1 };
    const said = await waitUntilLoaded({ get }, { ...waiting, now: () => 0, sleep: async () => assert.fail("waited") });
    assert.match(String(said), /the namespace monitoring has no Alertmanager a\.$/);
    assert.equal(asked, 1);
  });

  it("are not known to be taken when nothing says so in time: that is said, with where to look", async () => {
    assert.match(
      String(await wait([done(BEFORE)])),
      /^After 180 s nobody knows whether monitoring-alertmanager takes .*: it has not come to it\. .*kubectl --namespace monitoring logs/,
    );
    assert.match(String(await wait(new Error("403 pods/log is forbidden"))), /403 pods\/log is forbidden/);
  });
});
