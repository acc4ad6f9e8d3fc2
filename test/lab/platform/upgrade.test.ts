/** A customer with every part in a cluster of its own, whose stack the last release made. */
import assert from "node:assert/strict";
import { paths } from "../../../lab/layout";
import { mirrorFolders } from "../../../lab/mirror";
import { labFluxManifest } from "../../../lab/mirror/flux";
import { differences } from "../../support/upgrade/changes";
import { LAST_RELEASE } from "../../support/upgrade/release";
import { assertExpected, ReleasedStack } from "../../support/upgrade/released-stack";
import { GitServer } from "../gitops/git-server";
import { RequestLoop } from "../parse/request-loop";

const NAME = "upgraded";
/** What release 0.1.0 says while it waits for a deploy key. */
const KEY_ASKED_FOR = /deploy key of fleet\. Register this line there, for reading only: (.*?)\. \(/;
/** Enough on two cores that run other tests too. */
const small = { requests: { cpu: "20m", memory: "48Mi" }, limits: { memory: "768Mi" } };

/** The release's settings of the stack dev with every part and agents, in namespaces of its own. */
function everyPart(release: Record<string, unknown>, git: GitServer, knownHost: string): object {
  const section = (name: string) => release[name] as Record<string, unknown>;
  const authentication = { kind: "ssh", knownHosts: [knownHost] };
  return {
    ...release,
    customer: NAME,
    cluster: { kind: "existing", kubeconfig: paths.kubeconfig },
    sources: { ...section("sources"), ...mirrorFolders },
    parse: { ...section("parse"), namespace: `parse-${NAME}`, timeoutSeconds: 360 },
    backup: {
      ...section("backup"),
      namespace: `velero-${NAME}`,
      schedules: [{ name: "yearly", cron: "0 0 1 1 *", retention: "48h" }],
    },
    monitoring: {
      ...section("monitoring"),
      namespace: `monitoring-${NAME}`,
      receivers: [{ kind: "webhook", name: "nobody", url: "http://127.0.0.1:9/alerts" }],
    },
    gitops: {
      namespace: `flux-${NAME}`,
      manifestSha256: labFluxManifest.sha256,
      resources: small,
      timeoutSeconds: 900,
      repositories: [{ name: "fleet", url: git.url, interval: "5s", timeout: "10s", authentication }],
      kustomizations: [{ name: "apps", repository: "fleet", path: "./apps", timeout: "60s" }],
      receiver: { server: "other" },
    },
  };
}

describe(`a stack with every part that release ${LAST_RELEASE} made, in the lab`, () => {
  const git = new GitServer(`git-${NAME}`);
  const stack = new ReleasedStack(NAME);
  let outputs: Record<string, unknown>;

  before(async () => {
    await git.start();
    const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: `released-${NAME}` } };
    await git.push("a namespace", { "apps/namespace.yaml": JSON.stringify(namespace) });
    const knownHost = await git.knownHost();
    await stack.begin((release) => everyPart(release("Pulumi.dev.yaml", "lab/every-part.yaml"), git, knownHost));
    const { engine, seen } = await stack.startUpUntil(KEY_ASKED_FOR, ...stack.policies);
    await git.register(KEY_ASKED_FOR.exec(seen)?.[1] ?? "");
    const { all, exitCode } = await engine;
    assert.equal(exitCode, 0, all);
    outputs = await stack.outputValues();
    stack.takeToday();
  });
  after(async () => {
    await stack.remove();
    await git.remove();
  });

  it("is changed by today's program in what is expected alone, and refused by no policy", async () => {
    assertExpected("dev", await stack.planned());
  });

  it("keeps data and outputs and loses no request while it is updated, and has nothing to change then", async () => {
    const loop = new RequestLoop(await stack.parseAddress());
    try {
      await stack.succeed("up", "--yes", "--skip-preview", ...stack.policies);
    } finally {
      const { failed, sent } = await loop.stop();
      assert.deepEqual(failed.slice(0, 5), [], `${failed.length} of ${sent} requests failed`);
      assert.ok(sent > 100, `only ${sent} requests were sent`);
    }
    assert.deepEqual(differences(outputs, await stack.outputValues()), ["versions.platform"]);
    await stack.expectNoChanges();
  });
});
