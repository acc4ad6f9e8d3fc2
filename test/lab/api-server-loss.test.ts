import { setTimeout as sleep } from "node:timers/promises";
import { paths } from "../../lab/layout.js";
import { startServer, stopServer, waitForServer } from "../../lab/node/processes.js";
import { apiserver } from "../../lab/node/servers.js";
import { apiserverIsReady } from "../../lab/node/start.js";
import { convergesWithSameSecrets } from "./convergence.js";
import { LabStack } from "./lab-stack.js";

describe("an update that loses the API server", function () {
  this.timeout(1_800_000);
  const stack = new LabStack("api-server-loss", { attached: true });
  before(async () => {
    await stack.create();
    // Of this lab, wherever it is: the dev settings name the cluster of the checkout's own.
    stack.write({ ...stack.settings(), cluster: { kind: "existing", kubeconfig: paths.kubeconfig } });
  });
  after(() => stack.remove());

  it("converges when the API server was killed and came back", async () => {
    const { engine } = await stack.startUpUntil(/helm\.sh\/v3:Release .*creating/);
    await sleep(1_000);
    await stopServer("kube-apiserver", 0);
    await sleep(3_000);
    startServer(apiserver());
    await waitForServer("kube-apiserver", apiserverIsReady, 300);
    await engine;
    await convergesWithSameSecrets(stack);
  });
});
