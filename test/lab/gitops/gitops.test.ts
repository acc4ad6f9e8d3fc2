import assert from "node:assert/strict";
import { join } from "node:path";
import { stringify } from "yaml";
import { projectRoot } from "../../../lab/layout";
import { kubectl } from "../../../lab/node/start";
import { proveParse } from "../../../lab/proof";
import { customersCertificate } from "../../support/engine/customers-certificate";
import { findSecrets } from "../../support/lab/secret-scan";
import { RequestLoop } from "../parse/request-loop";
import { GitApi } from "./git-api";
import { GitServer } from "./git-server";
import { GitOpsStack, ofEarlierRelease, STATUS_TOKEN } from "./gitops-stack";
import { ParseHelmRelease } from "./helm-release";
import { HttpsGitServer } from "./https-git-server";
import { NewsReceiver } from "./news-receiver";
import { KindOfEarlierRelease } from "./older-version";
import { registersKeys } from "./registered-keys";

const PACK = join(projectRoot, "policy", "onprem-policies");
const RELEASED_BY_GIT = { parseReleasedBy: "git" };

describe("GitOps in the lab", () => {
  const git = new GitServer("git-of-followed");
  const receiver = new NewsReceiver();
  const stack = new GitOpsStack("followed", git, receiver);
  const secured = new HttpsGitServer();
  const kind = new KindOfEarlierRelease("kustomizations.kustomize.toolkit.fluxcd.io", "v1beta2");
  const outputs: string[] = [];
  const api = new GitApi(git, "followed");

  /** Commits that were pushed: one that was applied, one that could not be. */
  const commits = { applied: "", broken: "" };

  before(async () => {
    await receiver.start();
    await git.start();
    await api.start();
    await git.push("first release", stack.files("hello"));
    const metadata = { name: "secured", namespace: stack.released };
    const configMap = { apiVersion: "v1", kind: "ConfigMap", metadata, data: { greeting: "over HTTPS" } };
    await secured.start({ "secured/greeting.yaml": stringify(configMap) });
    await stack.create();
    stack.writeGitOps(ofEarlierRelease);
    outputs.push(await stack.killUpAt(/Register this line there/));
    await stack.succeed("cancel", "--yes");
  });
  after(async () => {
    await stack.remove();
    await kubectl("delete", "namespace", stack.flux, stack.released, "--ignore-not-found", "--wait=false");
    await git.remove();
    await secured.remove();
    await api.stop();
    await receiver.stop();
  });

  it("begins while the update waits for its key to be registered, though an earlier one was killed at that", async () => {
    const { exitCode, output } = await stack.upAndRegister("fleet");
    outputs.push(output);
    assert.equal(exitCode, 0, output);
    assert.equal(await stack.greeting(), "hello");
    await stack.expectNoChanges();
  });

  it("upgrades Flux by a minor, rewrites what is stored in a version that it forgets, and restarts nothing", async () => {
    await kind.store(stack.flux, "apps");
    assert.deepEqual(await kind.stored(), ["v1", "v1beta2"]);
    await assert.rejects(kind.forget(), /v1beta2.*must (appear|exist) in spec\.versions|storedVersions/);
    const pods = await stack.pods();
    stack.writeGitOps((gitops) => gitops);
    const preview = await stack.run("preview", "--policy-pack", PACK);
    assert.match(preview.output, /kustomizations\S+: objects may be stored as v1beta2.* `pulumi up --skip-preview`/);
    const output = await stack.succeed("up", "--yes", "--skip-preview", "--policy-pack", PACK);
    assert.match(output, /kustomizations\S+: \d+ objects, perhaps stored as v1beta2, were rewritten as v1/);
    assert.deepEqual(await kind.stored(), ["v1"]);
    // What was stored in a version that is gone could not be read.
    await stack.kustomizationIs("True", "ReconciliationSucceeded");
    assert.equal(await stack.pods(), pods);
  });

  it("is not lowered by a minor again; after that, a refresh and a preview find nothing to change", async () => {
    stack.writeGitOps(ofEarlierRelease);
    const { exitCode, output } = await stack.run("up", "--yes", "--skip-preview", "--policy-pack", PACK);
    assert.notEqual(exitCode, 0);
    assert.match(output, /flux-minor-lowered[\s\S]*to\.flux is 2\.8\.8, the cluster has 2\.9\.5/);
    stack.writeGitOps((gitops) => gitops);
    const refreshed = await stack.succeed("refresh", "--yes", "--skip-preview");
    assert.doesNotMatch(refreshed, /^\s*[~+-]\s+\d+ (updated|created|deleted)/m, refreshed);
    await stack.expectNoChanges();
  });

  it("brings a push into the cluster, and takes it out again by a revert", async () => {
    const pods = await stack.pods();
    commits.applied = await git.push("friendlier", stack.files("good morning"));
    const there = await stack.greets("good morning");
    await git.revert();
    const back = await stack.greets("hello");
    console.log(`      from push to applied: ${there.toFixed(1)} s, from revert: ${back.toFixed(1)} s, interval 5 s`);
    assert.equal(await stack.pods(), pods);
  });

  it("leaves what runs alone when a file is broken, and says why", async () => {
    const pods = await stack.pods();
    commits.broken = await git.push("broken", { "apps/greeting.yaml": "kind: ConfigMap\n  data: [" });
    assert.match(await stack.kustomizationIs("False", "BuildFailed"), /greeting\.yaml/);
    assert.deepEqual([await stack.greeting(), await stack.pods()], ["hello", pods]);
    await git.revert();
    await stack.kustomizationIs("True", "ReconciliationSucceeded");
  });

  it("told of both, for which customer, and marked both commits at the Git server", async () => {
    const { marks, news } = receiver;
    const of = (severity: string, commit: string) => (one: (typeof news)[number]) =>
      one.severity === severity && JSON.stringify(one.metadata).includes(commit);
    const applied = await receiver.until("news of the push", news, of("info", commits.applied));
    const broken = await receiver.until("news of the broken file", news, of("error", commits.broken));
    assert.equal(broken.involvedObject.kind, "Kustomization");
    assert.match(broken.message, /greeting\.yaml/);
    for (const { metadata } of [applied, broken]) assert.equal(metadata?.customer, stack.name);
    for (const [commit, state] of [
      [commits.applied, "success"],
      [commits.broken, "failed"],
    ] as const) {
      const mark = await receiver.until(
        `a mark ${state}`,
        marks,
        (one) => one.commit === commit && one.state === state,
      );
      assert.equal(mark.token, STATUS_TOKEN);
    }
  });

  it("is not given Parse without a handover, which would uninstall it", async () => {
    stack.writeGitOps((gitops) => ({ ...gitops, parseReleasedBy: "git" }));
    const { exitCode, output } = await stack.run("up", "--yes", "--skip-preview");
    assert.notEqual(exitCode, 0);
    assert.match(output, /would be uninstalled: set onprem:gitops\.parseReleasedBy to handover/);
    assert.match(await stack.succeed("stack", "output", "releasedBy", "--json"), /"parse": "program"/);
  });

  it("tells in one sentence each what is wrong with seven repositories and directories, within the time-out", async () => {
    const [key] = await stack.deployKeys();
    const [type, blob] = key.split(" ");
    const otherPort = await git.knownHost(2223);
    stack.writeGitOps((gitops) => ({
      ...gitops,
      timeoutSeconds: 60,
      repositories: [
        ...gitops.repositories,
        stack.repository("masked", {}, { knownHosts: [`[${git.host}]:2222 ${type} ${blob}`] }),
        stack.repository("unknown"),
        stack.repository("branchless", { branch: "nowhere" }),
        stack.repository("away", { url: git.urlAt(2223) }, { knownHosts: [otherPort] }),
        stack.repositoryOver(secured, "expired"),
        stack.repositoryOver(secured, "foreign", { caCertificate: customersCertificate().caCertificate }),
      ],
      kustomizations: [...gitops.kustomizations, { name: "lost", repository: "fleet", path: "./lost" }],
    }));
    await stack.setToken(5, "another-token");
    await stack.setToken(6, secured.token);
    const { exitCode, output } = await stack.upAndRegister("branchless", key);
    outputs.push(output);
    assert.notEqual(exitCode, 0, output);
    for (const sentence of [
      /GitRepository masked: the Git server of ssh:\S+ shows another host key than the one pinned\..*key mismatch/,
      /GitRepository unknown: the Git server of ssh:\S+ does not know the deploy key of unknown\. Register this line/,
      /GitRepository branchless: the Git server of ssh:\S+ has no branch nowhere in that repository\./,
      /GitRepository away: the Git server of ssh:\S+ cannot be reached from the cluster\./,
      /GitRepository expired: the Git server of https:\S+ refuses the token\. Set another one in authentication\.token\./,
      /GitRepository foreign: the Git server of https:\S+ has a certificate that no known authority signed\./,
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

  /** Flux itself looks so seldom that within this test it does so only when it is called. */
  const seldom = () => stack.repository("fleet", { interval: "1h" }, { deployKeyGeneration: 2 });

  it("changes to the next deploy key, registered beforehand, and follows a repository over HTTPS beside", async () => {
    const [old, next] = await stack.deployKeys();
    await git.register(old, next);
    stack.writeGitOps((gitops) => ({
      ...gitops,
      repositories: [seldom(), stack.repositoryOver(secured, "customers-own")],
      kustomizations: [...gitops.kustomizations, { name: "secured", repository: "customers-own", path: "./secured" }],
      parseReleasedBy: "handover",
    }));
    await stack.setToken(1, secured.token);
    outputs.push(await stack.up());
    assert.equal(await stack.greeting("secured"), "over HTTPS");
    assert.equal((await stack.deployKeys())[0], next);
    await git.register(next);
    await stack.expectNoChanges();
  });

  it("applies a push at once when the Git server calls the webhook, and heeds nobody who does not sign", async () => {
    await git.push("after the rotation", stack.files("good evening"));
    const webhook = await stack.webhook();
    assert.equal(await stack.callWebhook({ ...webhook, token: "another" }), 400);
    assert.equal(await stack.greeting(), "hello");
    const called = stack.callWebhook(webhook);
    const seconds = await stack.greets("good evening");
    assert.equal(await called, 200);
    console.log(`      from the call of the webhook to applied: ${seconds.toFixed(1)} s, interval 1 h`);
  });

  it("keeps every private key and token in its Secret", async () => {
    const secret = JSON.parse(await kubectl("-n", stack.flux, "get", "secret", "git-fleet", "-o", "json"));
    const identity = Buffer.from(secret.data.identity, "base64").toString("utf8");
    const [, middle = ""] = identity.split("\n").filter((line) => !line.startsWith("-----"));
    assert.ok(middle.length > 40, "no key to look for");
    const inFlux = (...args: string[]) => kubectl("-n", stack.flux, ...args);
    const { token } = await stack.webhook();
    const findings = findSecrets(
      {
        "deploy key": middle,
        "token over HTTPS": secured.token,
        "webhook's token": token,
        "token of commit statuses": STATUS_TOKEN,
      },
      {
        "exported state": await stack.succeed("stack", "export"),
        "plain stack output": await stack.succeed("stack", "output", "--json"),
        "what updates wrote": outputs.join("\n"),
        objects: await stack.objectsOfFlux(),
        "log of source-controller": await inFlux("logs", "deployment/source-controller"),
        "log of kustomize-controller": await inFlux("logs", "deployment/kustomize-controller"),
        "log of notification-controller": await inFlux("logs", "deployment/notification-controller"),
      },
    );
    assert.deepEqual(findings, []);
  });

  it("hands Parse over to a HelmRelease in Git and takes it back: no request fails, no pod or Secret is another", async () => {
    const release = new ParseHelmRelease(stack);
    let webhook = await stack.webhook();
    const releasedBy = async (parseReleasedBy: string, receiver: object) => {
      stack.writeGitOps((gitops) => ({ ...gitops, repositories: [seldom()], parseReleasedBy, receiver }));
      outputs.push(await stack.up());
      webhook = await stack.webhook();
    };
    const inParse = (...args: string[]) => kubectl("-n", stack.namespace, ...args);
    const secrets = () =>
      inParse("get", "secrets", "--field-selector", "type=Opaque", "-o", "jsonpath={.items[*].data}");
    const label = "jsonpath={.metadata.labels.helm\\.toolkit\\.fluxcd\\.io/name}";
    const helmReleaseOf = () => inParse("get", "deployment", "parse-server", "-o", label);
    const before = [await stack.pods(stack.namespace), await secrets()];
    const address = await stack.parseAddress();
    await proveParse(address);
    const loop = new RequestLoop(address);
    const old = webhook;
    await releasedBy("git", { server: "other", tokenGeneration: 2 });
    assert.equal(await stack.callWebhook(old), 404, "the token from before the rotation");
    await release.push();
    assert.equal(await stack.callWebhook(webhook), 200);
    await release.isReady();
    assert.equal(await helmReleaseOf(), "parse-server");
    await stack.expectNoChanges();
    await release.suspend();
    await stack.callWebhook(webhook);
    await release.isSuspended();
    await release.drop();
    await stack.callWebhook(webhook);
    await release.isGone();
    await releasedBy("program", { server: "other", tokenGeneration: 2 });
    const { failed, sent } = await loop.stop();
    assert.deepEqual(failed, [], `of ${sent} requests`);
    assert.deepEqual([await stack.pods(stack.namespace), await secrets()], before);
  });

  it("goes with the stack, but leaves what it released; the next one takes that up in one go, and the kinds as well", async () => {
    const pods = await stack.pods();
    await stack.succeed("destroy", "--yes", "--skip-preview");
    assert.equal(await kubectl("-n", stack.flux, "get", "deployments,secrets,networkpolicies", "-o", "name"), "");
    assert.deepEqual([await stack.greeting(), await stack.pods()], ["good evening", pods]);
    await kind.store();
    await api.leftByOthers();
    await stack.writeRegistered(api.registration(), RELEASED_BY_GIT);
    await stack.up();
    assert.deepEqual(await kind.stored(), ["v1"]);
    await git.push("taken up", stack.files("good night"));
    await stack.greets("good night");
    assert.equal(await stack.pods(), pods);
  });

  registersKeys(stack, api, RELEASED_BY_GIT);
});
