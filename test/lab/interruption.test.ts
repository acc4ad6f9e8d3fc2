import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { startServer, stopServer, waitForServer } from "../../lab/node/processes.js";
import { apiserver } from "../../lab/node/servers.js";
import { kubectl } from "../../lab/node/start.js";
import { proveParse } from "../../lab/proof.js";
import { LabStack } from "./lab-stack.js";

/** When the engine is killed: as soon as its output says this. */
const momentsOfDeath: ReadonlyArray<{ readonly name: string; readonly sign: RegExp; readonly after: number }> = [
  { name: "while the first resources are made", sign: /random:index:RandomPassword/, after: 0 },
  { name: "when the Secrets are there", sign: /kubernetes:core\/v1:Secret .*created/, after: 0 },
  { name: "at the start of the Helm release", sign: /helm\.sh\/v3:Release .*creating/, after: 300 },
  { name: "while the database starts", sign: /helm\.sh\/v3:Release .*creating/, after: 4_000 },
];

describe("an update that is cut off in the lab", function () {
  this.timeout(300_000);
  const stack = new LabStack("interrupted");
  before(() => stack.create());
  afterEach(() => stack.succeed("destroy", "--yes", "--skip-preview"));
  after(() => stack.remove());

  for (const { name, sign, after } of momentsOfDeath) {
    it(`converges when the engine was killed ${name}`, async () => {
      const engine = stack.start("up", "--yes", "--skip-preview");
      let seen = "";
      await new Promise<void>((resolve) => {
        engine.all.on("data", (text) => {
          seen += String(text);
          if (sign.test(seen)) resolve();
        });
        engine.all.on("end", () => resolve());
      });
      assert.match(seen, sign, "the update ended before the moment came");
      await sleep(after);
      engine.kill("SIGKILL");
      await engine;
      await convergesWithSameSecrets(stack);
    });
  }

  it("converges when the engine was killed in the middle of an update", async () => {
    await stack.up();
    const before = await stack.parseAddress();
    stack.writeParse({ replicas: 2 });
    const engine = stack.start("up", "--yes", "--skip-preview");
    await new Promise<void>((resolve) => {
      engine.all.on("data", (text) => /helm\.sh\/v3:Release .*updating/.test(String(text)) && resolve());
      engine.all.on("end", () => resolve());
    });
    await sleep(500);
    engine.kill("SIGKILL");
    await engine;
    await convergesWithSameSecrets(stack);
    assert.equal((await stack.parseAddress()).masterKey, before.masterKey);
    stack.write(stack.settings());
  });

  it("converges when the API server was killed and came back", async () => {
    const engine = stack.start("up", "--yes", "--skip-preview");
    await new Promise<void>((resolve) => {
      engine.all.on("data", (text) => /helm\.sh\/v3:Release .*creating/.test(String(text)) && resolve());
      engine.all.on("end", () => resolve());
    });
    await sleep(1_000);
    await stopServer("kube-apiserver", 0);
    await sleep(3_000);
    startServer(apiserver());
    const answers = () => kubectl("get", "--raw", "/readyz").then(Boolean, () => false);
    await waitForServer("kube-apiserver", answers, 60);
    await engine;
    await convergesWithSameSecrets(stack);
  });
});

/** The next update, after `pulumi cancel` where the engine asks for it, ends well, keeps what was made, doubles nothing. */
async function convergesWithSameSecrets(stack: LabStack): Promise<void> {
  const made = await secretValues(stack);
  const first = await stack.run("up", "--yes", "--skip-preview");
  if (first.exitCode !== 0) {
    assert.match(first.output, /pulumi cancel/, first.output);
    await stack.succeed("cancel", "--yes");
    await stack.up();
  }
  const now = await secretValues(stack);
  for (const [name, value] of Object.entries(made)) assert.equal(now[name], value, `${name} changed`);
  await proveParse(await stack.parseAddress());
  await stack.expectNoChanges();
  const releases = JSON.parse(await kubectl("get", "secrets", "-A", "-l", "owner=helm", "-o", "json")).items as Array<{
    metadata: { namespace: string; labels: { name: string; status: string } };
  }>;
  const ours = releases.filter(({ metadata }) => metadata.namespace === stack.namespace);
  assert.deepEqual([...new Set(ours.map(({ metadata }) => metadata.labels.name))], ["parse-server"]);
  assert.equal(ours.filter(({ metadata }) => metadata.labels.status === "deployed").length, 1);
}

async function secretValues(stack: LabStack): Promise<Record<string, string>> {
  const secrets = await stack.objects("secrets").catch(() => []);
  const ours = secrets.filter(({ type }) => type !== "helm.sh/release.v1");
  return Object.fromEntries(ours.map(({ metadata, data }) => [metadata.name, JSON.stringify(data)]));
}
