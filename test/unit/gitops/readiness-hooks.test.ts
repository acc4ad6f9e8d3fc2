import assert from "node:assert/strict";
import type { Awaited, FluxStatus } from "../../../components/gitops/readiness";
import { NotReadyError, type Waiting, waitUntilReady } from "../../../components/gitops/readiness-hooks";

const AWAITED: readonly Awaited[] = [
  { kind: "GitRepository", name: "fleet", url: "ssh://git@h/r.git", branch: "main", deployKey: "ssh-ed25519 AAAA" },
  { kind: "Kustomization", name: "apps", repository: "fleet", path: "./apps" },
];

const condition = (status: string, message = "") => [{ type: "Ready", status, reason: "GitOperationFailed", message }];
const READY: FluxStatus = {
  metadata: { name: "any" },
  spec: {},
  status: { conditions: condition("True"), artifact: { revision: "1" }, lastAppliedRevision: "1" },
};
const failing = (message: string): FluxStatus => ({
  metadata: { name: "any" },
  spec: {},
  status: { conditions: condition("False", message) },
});

/** Waits for a cluster whose repository stands as `story` says, look after look, the last for good; a look takes a second. */
async function wait(story: readonly (FluxStatus | Error)[], timeoutSeconds = 60) {
  let seconds = 0;
  const told: string[] = [];
  const waiting: Waiting = {
    namespace: "flux-system",
    awaited: AWAITED,
    timeoutSeconds,
    settleSeconds: 8,
    pauseSeconds: 1,
    now: () => seconds,
    sleep: async (pause) => {
      seconds += pause;
    },
    tell: (sentence) => told.push(sentence),
  };
  const reader = {
    get: async (path: string) => {
      const repository = story[Math.min(seconds, story.length - 1)];
      if (repository instanceof Error) throw repository;
      return path.includes("/gitrepositories/") ? repository : READY;
    },
  };
  const error = await waitUntilReady(reader, waiting).catch((failure: unknown) => failure);
  return { error, seconds, told };
}

describe("waiting for Flux", () => {
  it("ends when everything is ready", async () => {
    const gone = Object.assign(new Error("404"), { status: 404 });
    const { error, seconds, told } = await wait([gone, { metadata: { name: "any" }, spec: {} }, READY]);
    assert.deepEqual([error, seconds, told], [undefined, 2, []]);
  });

  it("tells at once that a key has to be registered, and goes on when it was", async () => {
    const unknown = failing("ssh: unable to authenticate");
    const { error, told } = await wait([unknown, unknown, unknown, READY]);
    assert.equal(error, undefined);
    assert.equal(told.length, 1);
    assert.match(told[0] ?? "", /Register this line there, for reading only: ssh-ed25519 AAAA/);
  });

  it("gives up in time where a person may still come, with the sentence", async () => {
    const { error, seconds } = await wait([failing("ssh: unable to authenticate")], 30);
    assert.ok(error instanceof NotReadyError);
    assert.match(error.message, /does not know the deploy key of fleet/);
    assert.equal(seconds, 30);
  });

  it("does not use the time up where only a change can help", async () => {
    const { error, seconds } = await wait([failing(`couldn't find remote ref "refs/heads/main"`)]);
    assert.ok(error instanceof NotReadyError);
    assert.match(error.message, /has no branch main/);
    assert.ok(seconds < 15, `${seconds} s`);
  });

  it("does not take the failure from before a change for one of now", async () => {
    const before = failing("knownhosts: key mismatch");
    const { error } = await wait([before, before, before, READY]);
    assert.equal(error, undefined);
  });

  it("outlasts an API server that is away, and says so when it stays away", async () => {
    const away = new Error("connect ECONNREFUSED");
    assert.equal((await wait([away, away, READY])).error, undefined);
    const { error } = await wait([away], 20);
    assert.match((error as Error).message, /ECONNREFUSED/);
  });

  it("says that Flux names no failure when it names none", async () => {
    const { error } = await wait([{ metadata: { name: "any" }, spec: {} }], 20);
    assert.match((error as Error).message, /GitRepository fleet: not ready after 20 s .*timeoutSeconds/);
  });
});
