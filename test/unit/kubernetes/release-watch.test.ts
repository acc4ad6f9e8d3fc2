import assert from "node:assert/strict";
import { ReleaseWatch } from "../../../components/kubernetes/release-watch";

const NOW = Date.parse("2026-11-25T12:00:00Z");
const SECRET = "correct-horse";

/** A cluster's answers by the beginning of the path; anything else is refused. */
class Answers {
  readonly asked: string[] = [];
  constructor(private readonly answers: Record<string, unknown>) {}

  async get(path: string): Promise<unknown> {
    this.asked.push(path);
    const [, answer] = Object.entries(this.answers).find(([start]) => path.startsWith(start)) ?? [];
    if (answer === undefined) throw new Error(`403 ${path}`);
    return answer;
  }

  async delete(): Promise<void> {
    assert.fail("a watch changes nothing");
  }
}

const CORE = "/api/v1/namespaces/parse";
const crashing = {
  metadata: { name: "parse-server-1", labels: { "app.kubernetes.io/component": "server" } },
  status: {
    containerStatuses: [
      {
        name: "parse-server",
        image: "registry/parse:0",
        state: { waiting: { reason: "CrashLoopBackOff" } },
        lastState: { terminated: { exitCode: 1, reason: "Error", finishedAt: "2026-11-25T12:00:01Z" } },
      },
    ],
  },
};
const secrets = { items: [{ type: "Opaque", data: { masterKey: Buffer.from(SECRET).toString("base64") } }] };
const log = `starting\n\nError: cannot connect with ${SECRET}\n`;

async function told(answers: Record<string, unknown>, looks = 1): Promise<{ texts: string[]; api: Answers }> {
  const texts: string[] = [];
  const api = new Answers(answers);
  const release = { namespace: "parse", name: "parse-server" };
  const tell = async (text: string) => void texts.push(text);
  const watch = new ReleaseWatch(
    async () => api,
    release,
    tell,
    () => NOW,
  );
  for (let look = 0; look < looks; look++) await watch.look();
  return { texts, api };
}

describe("ReleaseWatch", () => {
  it("tells once how a container ended, with its last lines and without the values of Secrets", async () => {
    const answers = { [`${CORE}/pods?`]: { items: [crashing] }, [`${CORE}/pods/parse-server-1/log`]: log };
    const { texts, api } = await told({ ...answers, [`${CORE}/secrets`]: secrets }, 3);
    assert.deepEqual(texts, [
      "pod parse-server-1, container parse-server (image registry/parse:0): ended (Error, exit code 1); its last lines:\n  starting\n  Error: cannot connect with [secret]",
    ]);
    const asked = api.asked.filter((path) => path.includes("/log"));
    assert.deepEqual(asked, [`${CORE}/pods/parse-server-1/log?container=parse-server&tailLines=10&previous=true`]);
  });

  it("shows no line of a log where it cannot read which values are secret", async () => {
    const { texts, api } = await told({
      [`${CORE}/pods?`]: { items: [crashing] },
      [`${CORE}/pods/parse-server-1/log`]: log,
    });
    assert.match(texts[0] ?? "", /exit code 1\); its last lines are not shown, since the Secrets cannot be read$/);
    assert.deepEqual(
      api.asked.filter((path) => path.includes("/log")),
      [],
    );
  });

  it("tells why pods are not made, although it may not read events", async () => {
    const message = 'pods "a" is forbidden: exceeded quota: small';
    const conditions = [{ type: "ReplicaFailure", status: "True", reason: "FailedCreate", message }];
    const replicaSet = { metadata: { name: "parse-server-7c6b4d9f5b" }, status: { conditions } };
    const { texts } = await told({ "/apis/apps/v1/namespaces/parse/replicasets": { items: [replicaSet] } });
    assert.deepEqual(texts, [`ReplicaSet parse-server-7c6b4d9f5b: its pods are not made: ${message}`]);
  });

  it("tells of events of the release's objects alone", async () => {
    const lastTimestamp = "2026-11-25T12:00:05Z";
    const event = (name: string) => ({
      type: "Warning",
      reason: "FailedCreate",
      message: `no pod for ${name}`,
      lastTimestamp,
      involvedObject: { kind: "StatefulSet", name },
    });
    const items = [event("parse-server-postgresql"), event("somebody-elses"), event("parse-serverless")];
    const { texts } = await told({ [`${CORE}/events`]: { items } });
    assert.deepEqual(texts, ["StatefulSet parse-server-postgresql: FailedCreate: no pod for parse-server-postgresql"]);
  });
});
