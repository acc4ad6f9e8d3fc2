import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { runningPid, startServer, stopServer, waitForServer } from "../../../lab/node/processes";
import { apiserver } from "../../../lab/node/servers";
import { apiserverIsReady, kubectl } from "../../../lab/node/start";
import { LabStack } from "../../support/lab/lab-stack";
import { RequestLoop } from "../parse/request-loop";
import { convergesWithSameSecrets } from "../platform/convergence";

/** Longer than a pod drains in the lab, with the start of the program that waits for it. */
const PAST_THE_DRAIN_MILLISECONDS = 8_000;

describe("a stack whose cluster falters", () => {
  const stack = new LabStack("faltering", { attached: true });
  before(() => stack.create());
  after(() => stack.remove());

  it("converges when the API server was killed during an update and came back", async () => {
    const { engine } = await stack.startUpUntil(/helm\.sh\/v3:Release .*creating/);
    await sleep(1_000);
    await stopServer("kube-apiserver", 0);
    await sleep(3_000);
    startServer(apiserver());
    await waitForServer("kube-apiserver", apiserverIsReady, 300);
    await engine;
    await convergesWithSameSecrets(stack);
  });

  it("loses no request to a pod that goes while the proxy has not heard of it", async () => {
    const server = "deployment/parse-server";
    await kubectl("-n", stack.namespace, "scale", server, "--replicas=2");
    await kubectl("-n", stack.namespace, "rollout", "status", server, "--timeout=900s");
    const selector = "app.kubernetes.io/component=server";
    const pods = await kubectl("-n", stack.namespace, "get", "pods", "-l", selector, "-o", "name");
    const proxy = runningPid("kube-proxy");
    assert.ok(proxy, "kube-proxy does not run");
    const loop = new RequestLoop(await stack.parseAddress());
    const [going = ""] = pods.split("\n");
    process.kill(proxy, "SIGSTOP");
    const stopped = new Date().toISOString();
    try {
      await kubectl("-n", stack.namespace, "delete", going, "--wait=false");
      await sleep(PAST_THE_DRAIN_MILLISECONDS);
      await loop.pause(2_000);
      await sleep(2_000);
    } finally {
      process.kill(proxy, "SIGCONT");
    }
    const continued = new Date().toISOString();
    await kubectl("-n", stack.namespace, "wait", "--for=delete", going, "--timeout=900s");
    const { sent, failed } = await loop.stop();
    const what = `${failed.length} of ${sent} requests failed; the proxy stood from ${stopped} to ${continued}`;
    assert.deepEqual(failed.slice(0, 5), [], what);
  });
});
