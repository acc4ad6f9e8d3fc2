import assert from "node:assert/strict";
import { type Awaited, type FluxStatus, RECONCILE_REQUEST, readinessOf } from "../../../components/gitops/readiness";

const REPOSITORY: Awaited = {
  kind: "GitRepository",
  name: "fleet",
  url: "ssh://git@git.example.com/acme/fleet.git",
  branch: "main",
  deployKey: "ssh-ed25519 AAAA onprem-acme-fleet-1",
};
const KUSTOMIZATION: Awaited = { kind: "Kustomization", name: "apps", repository: "fleet", path: "./apps" };

function failing(reason: string, message: string): FluxStatus {
  const conditions = [{ type: "Ready", status: "False", reason, message }];
  return { metadata: { name: "any", generation: 1 }, spec: {}, status: { conditions } };
}

function ready(more: Partial<NonNullable<FluxStatus["status"]>> = {}, annotations = {}): FluxStatus {
  return {
    metadata: { name: "any", generation: 2, annotations },
    spec: {},
    status: { observedGeneration: 2, conditions: [{ type: "Ready", status: "True" }], ...more },
  };
}

/** Flux's own words, as the lab's source-controller 1.9.5 said them; what must be said; whether only a person can help. */
const REPOSITORY_FAILURES: readonly (readonly [string, string, RegExp, boolean])[] = [
  ["another host key", "ssh: handshake failed: knownhosts: key mismatch", /another host key than the one pinned/, true],
  ["no host key", "ssh: handshake failed: knownhosts: key is unknown", /no key of its own .*\[host\]:port/, true],
  ["another type of host key", "no common algorithm for host key; we offered", /of the type/, true],
  [
    "an unregistered key",
    "ssh: unable to authenticate, attempted methods [none publickey], no supported methods remain",
    /does not know the deploy key of fleet\. Register this line .*: ssh-ed25519 AAAA onprem-acme-fleet-1/,
    false,
  ],
  ["a missing branch", `couldn't find remote ref "refs/heads/main"`, /has no branch main/, true],
  ["an unreachable server", "dial tcp 192.0.2.1:22: connect: connection refused", /cannot be reached/, false],
  ["an unknown server", "dial tcp: lookup git.example.com: no such host", /cannot be reached/, false],
  ["an unknown authority", "x509: certificate signed by unknown authority", /authentication\.caCertificate/, true],
  ["a refused token", "authentication required: Unauthorized", /refuses the token/, false],
  ["a missing repository", "repository not found: ", /has no such repository/, false],
  ["what is not known", "the moon is in the way", /GitRepository fleet: GitOperationFailed$/, false],
];

const KUSTOMIZATION_FAILURES: readonly (readonly [string, string, string, RegExp, boolean])[] = [
  ["a missing directory", "ArtifactFailed", "kustomization path not found: stat", /has no directory \.\/apps/, true],
  ["a broken file", "BuildFailed", "kustomize build failed: yaml: line 3", /cannot be put together/, true],
  ["a refused file", "ReconciliationFailed", "Deployment/x dry-run failed: invalid", /cluster refuses a file/, false],
  ["sick pods", "HealthCheckFailed", "timeout waiting for: [Deployment/x]", /does not become healthy/, true],
  ["what is not known", "PruneFailed", "no", /Kustomization apps: PruneFailed$/, false],
];

describe("the readiness of a GitRepository", () => {
  for (const [what, says, means, final] of REPOSITORY_FAILURES) {
    it(`tells ${what}`, () => {
      const readiness = readinessOf(REPOSITORY, failing("GitOperationFailed", `failed to checkout: ${says}`));
      assert.ok(readiness.state === "failing", readiness.state);
      assert.match(readiness.problem, means);
      assert.equal(readiness.final, final);
      assert.match(readiness.says, new RegExp(says.slice(0, 20).replace(/[[\]().*+?^$]/g, "\\$&")));
    });
  }

  it("asks for a key that may push where image automation needs one, and for one that may only read elsewhere", () => {
    const refused = failing("GitOperationFailed", "ssh: unable to authenticate");
    for (const [write, right] of [
      [true, "with write access"],
      [false, "for reading only"],
    ] as const) {
      const readiness = readinessOf({ ...REPOSITORY, write }, refused);
      assert.ok(
        readiness.state === "failing" && readiness.problem.includes(`Register this line there, ${right}: ssh-`),
      );
    }
  });

  it("is not that of an earlier generation, nor of an earlier login", () => {
    assert.equal(readinessOf(REPOSITORY, undefined).state, "waiting");
    assert.equal(readinessOf(REPOSITORY, ready()).state, "ready");
    assert.equal(readinessOf(REPOSITORY, ready({ observedGeneration: 1 })).state, "waiting");
    const asked = { [RECONCILE_REQUEST]: "new" };
    assert.equal(readinessOf(REPOSITORY, ready({ lastHandledReconcileAt: "old" }, asked)).state, "waiting");
    assert.equal(readinessOf(REPOSITORY, ready({ lastHandledReconcileAt: "new" }, asked)).state, "ready");
  });

  it("is not waited for while it is suspended", () => {
    assert.equal(readinessOf(REPOSITORY, { metadata: { name: "any" }, spec: { suspend: true } }).state, "ready");
  });
});

describe("the readiness of a Kustomization", () => {
  for (const [what, reason, says, means, final] of KUSTOMIZATION_FAILURES) {
    it(`tells ${what}`, () => {
      const readiness = readinessOf(KUSTOMIZATION, failing(reason, says));
      assert.ok(readiness.state === "failing", readiness.state);
      assert.match(readiness.problem, means);
      assert.equal(readiness.final, final);
    });
  }

  it("is that of what its repository has now, not of what it applied before", () => {
    const applied = ready({ lastAppliedRevision: "main@sha1:1" });
    assert.equal(readinessOf(KUSTOMIZATION, applied, "main@sha1:2").state, "waiting");
    assert.equal(readinessOf(KUSTOMIZATION, applied, "main@sha1:1").state, "ready");
  });

  it("leaves it to its repository and to those before it to say what is wrong with them", () => {
    for (const [reason, says] of [
      ["ArtifactFailed", "Source artifact not found, retrying in 30s"],
      ["DependencyNotReady", "dependency 'flux-system/infrastructure' is not ready"],
      ["Progressing", "reconciliation in progress"],
    ] as const)
      assert.equal(readinessOf(KUSTOMIZATION, failing(reason, says)).state, "waiting", reason);
  });

  it("does not repeat pages of Flux's", () => {
    const readiness = readinessOf(KUSTOMIZATION, failing("BuildFailed", `line\n${"x".repeat(5000)}`));
    assert.ok(readiness.state === "failing");
    assert.ok(readiness.says.length < 500 && !readiness.says.includes("\n"));
  });
});
