import assert from "node:assert/strict";
import { execa } from "execa";
import { projectRoot } from "../../lab/layout.js";
import { kubectl } from "../../lab/node/start.js";
import { GitApi } from "./git-api.js";
import { GitServer } from "./git-server.js";
import { GitOpsStack } from "./gitops-stack.js";
import { registersKeys } from "./registered-keys.js";
import { findSecrets } from "./secret-scan.js";

const RELEASED_BY_GIT = { parseReleasedBy: "git" };

describe("GitOps in the lab", function () {
  this.timeout(600_000);
  const git = new GitServer("git-of-followed");
  const stack = new GitOpsStack("followed", git);
  const outputs: string[] = [];
  const api = new GitApi(git, "followed");

  before(async () => {
    await git.start();
    await api.start();
    await git.push("first release", stack.files("hello"));
    await stack.create();
    outputs.push(await stack.killUpAt(/Register this line there/));
    await stack.succeed("cancel", "--yes");
  });
  after(async () => {
    await stack.remove();
    await kubectl("delete", "namespace", stack.flux, stack.released, "--ignore-not-found", "--wait=false");
    await git.remove();
    await api.stop();
  });

  it("begins while the update waits for its key to be registered, though an earlier one was killed at that", async () => {
    const { exitCode, output } = await stack.upAndRegister("fleet");
    outputs.push(output);
    assert.equal(exitCode, 0, output);
    assert.equal(await stack.greeting(), "hello");
    await stack.expectNoChanges();
  });

  it("brings a push into the cluster, and takes it out again by a revert", async () => {
    const pods = await stack.pods();
    await git.push("friendlier", stack.files("good morning"));
    const there = await stack.greets("good morning");
    await git.revert();
    const back = await stack.greets("hello");
    console.log(`      from push to applied: ${there.toFixed(1)} s, from revert: ${back.toFixed(1)} s, interval 5 s`);
    assert.equal(await stack.pods(), pods);
  });

  it("leaves what runs alone when a file is broken, and says why", async () => {
    const pods = await stack.pods();
    await git.push("broken", { "apps/greeting.yaml": "kind: ConfigMap\n  data: [" });
    assert.match(await stack.kustomizationIs("False", "BuildFailed"), /greeting\.yaml/);
    assert.deepEqual([await stack.greeting(), await stack.pods()], ["hello", pods]);
    await git.revert();
    await stack.kustomizationIs("True", "ReconciliationSucceeded");
  });

  it("is not given Parse without a handover, which would uninstall it", async () => {
    stack.writeGitOps((gitops) => ({ ...gitops, parseReleasedBy: "git" }));
    const { exitCode, output } = await stack.run("up", "--yes", "--skip-preview");
    assert.notEqual(exitCode, 0);
    assert.match(output, /would be uninstalled: set onprem:gitops\.parseReleasedBy to handover/);
    assert.match(await stack.succeed("stack", "output", "releasedBy", "--json"), /"parse": "program"/);
  });

  it("tells in one sentence each what is wrong with five repositories and directories, within the time-out", async () => {
    const [key] = await stack.deployKeys();
    const [type, blob] = key.split(" ");
    const otherPort = await git.knownHost(2223);
    stack.writeGitOps((gitops) => ({
      ...gitops,
      timeoutSeconds: 30,
      repositories: [
        ...gitops.repositories,
        stack.repository("masked", {}, { knownHosts: [`[${git.host}]:2222 ${type} ${blob}`] }),
        stack.repository("unknown"),
        stack.repository("branchless", { branch: "nowhere" }),
        stack.repository("away", { url: git.urlAt(2223) }, { knownHosts: [otherPort] }),
      ],
      kustomizations: [...gitops.kustomizations, { name: "lost", repository: "fleet", path: "./lost" }],
    }));
    const { exitCode, output } = await stack.upAndRegister("branchless", key);
    outputs.push(output);
    assert.notEqual(exitCode, 0, output);
    for (const sentence of [
      /GitRepository masked: the Git server of ssh:\S+ shows another host key than the one pinned\..*key mismatch/,
      /GitRepository unknown: the Git server of ssh:\S+ does not know the deploy key of unknown\. Register this line/,
      /GitRepository branchless: the Git server of ssh:\S+ has no branch nowhere in that repository\./,
      /GitRepository away: the Git server of ssh:\S+ cannot be reached from the cluster\./,
      /Kustomization lost: repository fleet has no directory \.\/lost\. Push it, or correct path/,
    ])
      assert.match(output, sentence);
  });

  it("refuses a manifest that is not the pinned one, and uses nothing of it", async () => {
    stack.writeGitOps((gitops) => ({ ...gitops, manifestSha256: "0".repeat(64) }));
    const { exitCode, output } = await stack.run("preview");
    assert.notEqual(exitCode, 0);
    assert.match(output, /install\.yaml is not the file that was released: .*0{64} is pinned; nothing of it was used/);
  });

  it("changes to the next deploy key, which was registered beforehand, and goes on without the old one", async () => {
    const [old, next] = await stack.deployKeys();
    await git.register(old, next);
    stack.writeGitOps((gitops) => ({
      ...gitops,
      repositories: [stack.repository("fleet", {}, { deployKeyGeneration: 2 })],
      parseReleasedBy: "handover",
    }));
    outputs.push(await stack.up());
    assert.equal((await stack.deployKeys())[0], next);
    await git.register(next);
    await git.push("after the rotation", stack.files("good evening"));
    await stack.greets("good evening");
    await stack.expectNoChanges();
  });

  it("keeps every private key in its Secret", async () => {
    const secret = JSON.parse(await kubectl("-n", stack.flux, "get", "secret", "git-fleet", "-o", "json"));
    const identity = Buffer.from(secret.data.identity, "base64").toString("utf8");
    const [, middle = ""] = identity.split("\n").filter((line) => !line.startsWith("-----"));
    assert.ok(middle.length > 40, "no key to look for");
    const inFlux = (...args: string[]) => kubectl("-n", stack.flux, ...args);
    const findings = findSecrets(
      { "deploy key": middle },
      {
        "exported state": await stack.succeed("stack", "export"),
        "plain stack output": await stack.succeed("stack", "output", "--json"),
        "what updates wrote": outputs.join("\n"),
        objects: await inFlux("get", "pods,deployments,configmaps,events,gitrepositories,kustomizations", "-o", "json"),
        "log of source-controller": await inFlux("logs", "deployment/source-controller"),
        "log of kustomize-controller": await inFlux("logs", "deployment/kustomize-controller"),
      },
    );
    assert.deepEqual(findings, []);
  });

  it("hands Parse over to Git and takes it back, and no pod of it is replaced", async () => {
    const releasedBy = async (owner: string) => {
      const repositories = [stack.repository("fleet", {}, { deployKeyGeneration: 2 })];
      stack.writeGitOps((gitops) => ({ ...gitops, repositories, parseReleasedBy: owner }));
      outputs.push(await stack.up());
    };
    const pods = await stack.pods(stack.namespace);
    assert.notEqual(pods, "");
    await releasedBy("git");
    await stack.expectNoChanges();
    const values = await kubectl(
      ...["-n", stack.namespace, "get", "configmap", "parse-server-values"],
      ...["-o", "jsonpath={.data.values\\.yaml}"],
    );
    // Helm in the place of helm-controller, which is no module that can be built.
    const upgrade = ["upgrade", "parse-server", "charts/parse-server", "-n", stack.namespace, "--wait", "-f", "-"];
    const options = { cwd: projectRoot, env: stack.environment(), input: values, all: true, reject: false } as const;
    const { all, exitCode } = await execa("helm", upgrade, options);
    assert.equal(exitCode, 0, all);
    assert.equal(await stack.pods(stack.namespace), pods);
    await releasedBy("program");
    assert.equal(await stack.pods(stack.namespace), pods);
  });

  it("goes with the stack, but leaves what it released; the next one takes that up again, in one go", async () => {
    const pods = await stack.pods();
    await stack.succeed("destroy", "--yes", "--skip-preview");
    assert.equal(await kubectl("-n", stack.flux, "get", "deployments,secrets,networkpolicies", "-o", "name"), "");
    assert.deepEqual([await stack.greeting(), await stack.pods()], ["good evening", pods]);
    await api.leftByOthers();
    await stack.writeRegistered(api.registration(), RELEASED_BY_GIT);
    await stack.up();
    await git.push("taken up", stack.files("good night"));
    await stack.greets("good night");
    assert.equal(await stack.pods(), pods);
  });

  registersKeys(stack, api, RELEASED_BY_GIT);
});
