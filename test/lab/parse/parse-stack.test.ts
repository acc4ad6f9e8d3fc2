import assert from "node:assert/strict";
import { type LabObject, listObjects } from "../../../lab/node/cluster-api";
import { kubectl } from "../../../lab/node/start";
import { type Caller, type ParseAddress, proveParse } from "../../../lab/proof";
import { LabStack } from "../../support/lab/lab-stack";
import { decodeHelmRelease, findSecrets } from "../../support/lab/secret-scan";
import { until } from "../../support/lab/until";
import { RequestLoop } from "./request-loop";

/** The calls that README and docs promise, by name. */
const provenCalls = [
  "health",
  "no application id",
  "create",
  "query",
  "sign-up",
  "log-in",
  "wrong master key",
  "batch",
  "delete user",
];

describe("a customer's stack in the lab", () => {
  const stack = new LabStack("lifecycle");
  const outputs: string[] = [];
  let address: ParseAddress;

  before(async () => {
    await stack.create();
    outputs.push(await stack.succeed("preview"), await stack.up());
    address = await stack.parseAddress();
  });
  after(() => stack.remove());

  /** Parse Server's version in the stack's output, by which the next run's gates judge. */
  async function parseOnRecord(): Promise<string | undefined> {
    const { versions } = JSON.parse(await stack.succeed("stack", "output", "--json", "--show-secrets"));
    return versions.current.parse;
  }

  it("has nothing to change right after the first update", () => stack.expectNoChanges());

  it("has nothing to change after a refresh", async () => {
    const refreshed = await stack.succeed("refresh", "--yes", "--skip-preview");
    assert.doesNotMatch(refreshed, /^\s*[~+-]\s+\d+ (updated|created|deleted)/m, refreshed);
    await stack.expectNoChanges();
    // So far as a customer's engine does it. What follows is about the platform.
    await stack.attach();
  });

  it("answers every call of a client from outside the cluster's pods", async () => {
    const calls = await proveParse(address);
    assert.deepEqual(
      calls.map((call) => call.name),
      provenCalls,
    );
  });

  it("answers the same calls by the Service's name from inside a pod", async () => {
    const { internalUrl } = JSON.parse(await stack.succeed("stack", "output", "parse", "--json", "--show-secrets"));
    const calls = await proveParse({ ...address, url: internalUrl }, callFromPod(stack.namespace));
    assert.deepEqual(
      calls.map((call) => call.name),
      provenCalls,
    );
  });

  it("keeps every generated secret out of state, output, ConfigMaps, Helm's records and pods", async () => {
    const secrets = await generatedSecrets(stack);
    assert.ok(Object.keys(secrets).length >= 3, `too few secrets to look for: ${Object.keys(secrets).join(", ")}`);
    const releases = (await stack.objects("secrets")).filter(({ type }) => type === "helm.sh/release.v1");
    assert.ok(releases.length > 0, "Helm's record was not found");
    const findings = findSecrets(secrets, {
      "exported state": await stack.succeed("stack", "export"),
      "plain stack output": await stack.succeed("stack", "output", "--json"),
      "preview and up": outputs.join("\n"),
      ConfigMaps: JSON.stringify(await stack.objects("configmaps")),
      "pods, controllers, services": JSON.stringify(
        await stack.objects(
          "pods",
          "services",
          ...["deployments", "statefulsets", "replicasets"].map((kind) => `${kind}.v1.apps`),
        ),
      ),
      "Helm's records": releases.map(({ data }) => decodeHelmRelease((data as { release: string }).release)).join("\n"),
    });
    assert.deepEqual(findings, []);
  });

  it("rolls 1 → 3 → 2 pods and a changed setting under load without a failed request", async () => {
    const loop = new RequestLoop(address);
    try {
      for (const change of [{ replicas: 3 }, { replicas: 2 }, { replicas: 2, sessionLengthSeconds: 3600 }]) {
        stack.writeParse(change);
        await stack.up();
      }
    } finally {
      const { sent, failed } = await loop.stop();
      assert.deepEqual(failed.slice(0, 5), [], `${failed.length} of ${sent} requests failed`);
      assert.ok(sent > 200, `only ${sent} requests were sent`);
    }
    const names = await settledPods(stack, 3);
    assert.equal(names.filter((name) => /^parse-server-(?!postgresql)/.test(name)).length, 2, names.join(", "));
  });

  it("rolls an update back that cannot become healthy, says why, and takes the next good one", async () => {
    const before = await settledPods(stack, 3);
    const loop = new RequestLoop(address);
    stack.writeParse({ replicas: 2, sessionLengthSeconds: 3600, version: "9.10.999", timeoutSeconds: 60 });
    const { exitCode, output } = await stack.run("up", "--yes", "--skip-preview");
    const { sent, failed } = await loop.stop();
    assert.notEqual(exitCode, 0);
    assert.match(output, /parse-server:9\.10\.999.*(ErrImagePull|ImagePullBackOff)/);
    assert.match(output, /rolled back|atomic/);
    assert.deepEqual(failed.slice(0, 5), [], `${failed.length} of ${sent} requests failed`);
    assert.deepEqual(await settledPods(stack, before.length), before);
    assert.equal(await parseOnRecord(), "9.10.0", "a release that was rolled back moves no record");
    await stack.succeed("up", "--yes", "--skip-preview", "--target", "**:Namespace::namespace");
    assert.equal(await parseOnRecord(), "9.10.0", "nor does a later run that leaves it as it is");

    stack.writeParse({ replicas: 2, sessionLengthSeconds: 7200 });
    await stack.up();
    await proveParse(address);
    await stack.expectNoChanges();
  });

  it("refuses an unknown PriorityClass before any pod is touched, and names those that there are", async () => {
    const before = await settledPods(stack, 3);
    stack.writeParse({ replicas: 2, sessionLengthSeconds: 7200, priorityClassName: "golden" });
    const { exitCode, output } = await stack.run("up", "--yes", "--skip-preview");
    assert.notEqual(exitCode, 0);
    assert.match(output, /onprem:parse\.priorityClassName: .*"golden".*system-node-critical/);
    assert.deepEqual(await settledPods(stack, before.length), before);
  });

  it("says why pods are not made while the release is waited for", async () => {
    const quota = ["--namespace", stack.namespace, "quota", "small"];
    await kubectl("create", ...quota, "--hard=pods=3");
    try {
      stack.writeParse({ replicas: 2, sessionLengthSeconds: 3601, timeoutSeconds: 25 });
      const { exitCode, output } = await stack.run("up", "--yes", "--skip-preview");
      assert.notEqual(exitCode, 0);
      assert.match(output, /parse-server: .*its pods are not made: .*exceeded quota: small.*pods=1.*limited: pods=3/);
    } finally {
      await kubectl("delete", ...quota);
    }
  });

  it("shows the last lines of a server that ends, without secrets, although its pod is gone by then", async () => {
    const options = { loggerAdapter: "no-such-adapter" };
    stack.writeParse({ replicas: 2, sessionLengthSeconds: 7200, timeoutSeconds: 45, options });
    const { exitCode, output } = await stack.run("up", "--yes", "--skip-preview");
    assert.notEqual(exitCode, 0);
    assert.match(output, /container parse-server .*: ended \(Error, exit code \d+\); its last lines:/);
    assert.match(output, /no-such-adapter/);
    stack.writeParse({ replicas: 2, sessionLengthSeconds: 7200 });
    await stack.up();
    await stack.expectNoChanges();
  });

  it("makes new keys when the generation is raised, and only then", async () => {
    const old = await stack.parseAddress();
    stack.writeParse({ replicas: 2, sessionLengthSeconds: 7200, secretGeneration: 2 });
    await stack.up();
    // Until they have drained, the old pods answer on connections that are kept, and know the old key only.
    await settledPods(stack, 3);
    const renewed = await stack.parseAddress();
    assert.notEqual(renewed.masterKey, old.masterKey);
    assert.equal(renewed.applicationId, old.applicationId);
    await proveParse(renewed);
    const headers = { "X-Parse-Application-Id": old.applicationId, "X-Parse-Master-Key": old.masterKey };
    assert.equal((await fetch(`${renewed.url}/schemas`, { headers })).status, 403);
  });

  it("leaves nothing of the stack in the cluster when it is destroyed, and comes up again", async () => {
    await stack.succeed("destroy", "--yes", "--skip-preview");
    await assert.rejects(kubectl("get", "namespace", stack.namespace), /NotFound/);
    // The cluster's own provisioner clears a volume away after the claim is gone.
    await until("the end of the stack's volumes", async () => (await volumesOf(stack.namespace)).length === 0);
    const deployment = JSON.parse(await stack.succeed("stack", "export")).deployment as { resources?: unknown[] };
    assert.equal(deployment.resources?.length ?? 0, 0);

    await stack.up();
    await proveParse(await stack.parseAddress());
  });
});

/**
 * Makes a call from inside a Parse Server pod. The call is an argument: what `kubectl exec --stdin` is given gets lost
 * now and then on a busy node. The keys in it are those of a stack that goes with the test.
 */
function callFromPod(namespace: string): Caller {
  const script = `
    const { method, url, headers, body } = JSON.parse(process.argv[1]);
    fetch(url, { method, headers, body }).then(async (answer) => {
      process.stdout.write(JSON.stringify({ status: answer.status, body: await answer.json() }));
    });`;
  return async (method, url, headers, body) => {
    const sent = JSON.stringify({ method, url, headers, body });
    const answer = await kubectl("-n", namespace, "exec", "deployment/parse-server", "--", "node", "-e", script, sent);
    return JSON.parse(answer);
  };
}

/** The values of the Secrets that the stack made, by name. */
async function generatedSecrets(stack: LabStack): Promise<Record<string, string>> {
  const secrets: Record<string, string> = {};
  for (const { metadata, type, data } of await stack.objects("secrets")) {
    if (type === "helm.sh/release.v1") continue;
    for (const [key, value] of Object.entries(data as Record<string, string>)) {
      secrets[`${metadata.name}/${key}`] = Buffer.from(value, "base64").toString();
    }
  }
  return secrets;
}

/** The names of the pods once there are as many as expected and none is stopping. */
async function settledPods(stack: LabStack, count: number): Promise<string[]> {
  let names: string[] = [];
  await until(
    `a state of ${count} pods`,
    async () => {
      names = (await stack.objects("pods")).map(({ metadata }) => metadata.name).sort();
      return names.length === count;
    },
    { explain: async () => names.join(", ") },
  );
  return names;
}

interface Volume extends LabObject {
  readonly spec: { readonly claimRef?: { readonly namespace: string } };
}

/** Names of the volumes that were made for a namespace's claims. */
async function volumesOf(namespace: string): Promise<string[]> {
  const volumes = await listObjects<Volume>("persistentvolumes");
  return volumes.filter(({ spec }) => spec.claimRef?.namespace === namespace).map(({ metadata }) => metadata.name);
}
