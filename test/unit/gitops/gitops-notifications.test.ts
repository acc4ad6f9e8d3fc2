import assert from "node:assert/strict";
import type { GitOpsArgs } from "../../../components/gitops/args";
import { GitOps } from "../../../components/gitops/gitops";
import { kustomization, minimal } from "../../support/gitops/sample-gitops";
import { ingress } from "../../support/parse/sample-settings";
import { isSecret, outputValue, type Registration, type Run, runProgram } from "../../support/pulumi-mocks";

const TOKEN = "a-token-that-nobody-may-see";
const repository = (name: string) => ({
  ...{ name, url: `https://git.example.com/acme/${name}.git`, branch: "main", interval: "1m", timeout: "60s" },
  authentication: { kind: "anonymous" as const },
});
const ARGS: GitOpsArgs = {
  ...minimal,
  repositories: [repository("fleet"), repository("library")],
  kustomizations: ["apps", "base"].map((name) => kustomization(name)),
};

const deploy = (more: Partial<GitOpsArgs> = {}) => runProgram(() => new GitOps("gitops", { ...ARGS, ...more }));

/** Whether one is made after the other, through as many as it takes. */
function comesAfter(run: Run<unknown>, later: Registration, earlier: Registration): boolean {
  // What a component comes after, its children come after too.
  const before = [...later.dependencies, later.parent];
  if (before.includes(earlier.urn)) return true;
  return before.some((urn) => {
    const between = run.registrations.find((one) => one.urn === urn);
    return between !== undefined && comesAfter(run, between, earlier);
  });
}

describe("GitOps with notification-controller", () => {
  const RECEIVER: GitOpsArgs["receiver"] = {
    server: "other",
    repositories: ["fleet", "library"],
    tokenGeneration: 1,
    ingress: ingress("hooks.example.com", { clusterIssuer: "letsencrypt" }),
  };
  const NEWS: Partial<GitOpsArgs> = {
    notifications: [
      {
        ...{ kind: "slack", name: "chat", severity: "error", webhookUrl: TOKEN, channel: undefined },
        repositories: ["fleet", "library"],
      },
    ],
    commitStatus: [
      { repository: "fleet", server: "github", token: TOKEN, address: undefined, caCertificate: undefined },
    ],
  };
  const NOTIFICATION = "kubernetes:notification.toolkit.fluxcd.io/";

  it("has no notification-controller where nobody is told and no server calls", async () => {
    const run = await deploy();
    assert.ok(!run.registrations.some(({ name, type }) => /notification/.test(name + type)));
  });

  it("tells who is to be told, from after the controller is there, and shows no address or token", async () => {
    const run = await deploy(NEWS);
    const providers = run.all(`${NOTIFICATION}v1beta3:Provider`);
    const alerts = run.all(`${NOTIFICATION}v1beta3:Alert`);
    assert.deepEqual(
      [providers, alerts].map((list) => list.map(({ name }) => name)),
      [
        ["provider-notify-chat", "provider-commit-status-fleet"],
        ["alert-notify-chat", "alert-commit-status-fleet"],
      ],
    );
    for (const { inputs } of [...providers, ...alerts]) assert.doesNotMatch(JSON.stringify(inputs), new RegExp(TOKEN));
    const controller = run.one("kubernetes:apps/v1:Deployment", "notification-controller");
    for (const one of providers) assert.ok(comesAfter(run, one, controller), one.name);
    const applied = ["apps", "base"].map((name) => ({ kind: "Kustomization", name }));
    assert.deepEqual((alerts[1]?.inputs.spec as { eventSources?: unknown } | undefined)?.eventSources, applied);
    assert.equal(run.all("kubernetes:networking.k8s.io/v1:NetworkPolicy").length, 2);
    assert.equal((await deploy({ ...NEWS, notificationApi: "v1" })).all(`${NOTIFICATION}v1:Alert`).length, 2);
  });

  it("lets the Git server call, over HTTPS only, with a token that another generation replaces", async () => {
    const run = await deploy({ receiver: RECEIVER });
    const receiver = run.one(`${NOTIFICATION}v1:Receiver`);
    const { resources, type } = receiver.inputs.spec as Record<string, unknown>;
    const called = ["fleet", "library"].map((name) => ({ kind: "GitRepository", name }));
    assert.deepEqual([type, resources], ["generic-hmac", called]);
    assert.ok(comesAfter(run, receiver, run.one("kubernetes:apps/v1:Deployment", "notification-controller")));
    const { tls } = run.one("kubernetes:networking.k8s.io/v1:Ingress").inputs.spec as { tls: unknown };
    assert.deepEqual(tls, [{ hosts: ["hooks.example.com"], secretName: "webhook-receiver-tls" }]);
    const password = (other: Run<unknown>) => other.one("random:index/randomPassword:RandomPassword").inputs.keepers;
    const later = await deploy({ receiver: { ...RECEIVER, tokenGeneration: 2 } });
    assert.notDeepEqual(password(run), password(later));
  });

  it("shows address and token of the webhook to nobody who may not see secrets", async () => {
    const run = await deploy({ receiver: RECEIVER });
    assert.ok(run.result.receiver && (await isSecret(run.result.receiver)));
    const { path } = (await outputValue(run.result.receiver)) ?? {};
    assert.match(path ?? "", /^\/hook\/[0-9a-f]{64}$/);
  });
});
