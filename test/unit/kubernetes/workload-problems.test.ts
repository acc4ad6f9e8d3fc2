import assert from "node:assert/strict";
import { eventProblems, refusedWorkloads } from "../../../components/kubernetes/workload-problems";

const SINCE = Date.parse("2026-11-25T12:00:00Z");
const QUOTA = 'pods "parse-server-7c6b4d9f5b-x2k4q" is forbidden: failed quota: small: must specify limits.cpu';

function condition(type: string, message: string, status = "True") {
  return { status: { conditions: [{ type, status, reason: "FailedCreate", message }] } };
}

function event(kind: string, name: string, reason: string, message: string, more: object = {}) {
  const lastTimestamp = "2026-11-25T12:00:10Z";
  return { type: "Warning", reason, message, lastTimestamp, involvedObject: { kind, name }, ...more };
}

const ours = (name: string) => name.startsWith("parse-server") || name.includes("-parse-server-");
const textsOf = (events: ReturnType<typeof event>[]) => eventProblems(events, ours, SINCE).map(({ text }) => text);

describe("refusedWorkloads", () => {
  // The words of Kubernetes 1.35 for each refusal.
  const refusals = {
    "a quota": QUOTA,
    "an unknown PriorityClass": 'pods "a-x2k4q" is forbidden: no PriorityClass with name gold was found',
    "Pod Security": 'pods "a-x2k4q" is forbidden: violates PodSecurity "restricted:latest": runAsNonRoot != true',
    "a webhook": 'admission webhook "images.example.com" denied the request: the image is not signed',
    "a security context constraint":
      'pods "a-x2k4q" is forbidden: unable to validate against any security context constraint: [provider restricted: 1000 is not an allowed group]',
  };
  for (const [what, message] of Object.entries(refusals)) {
    it(`tells that ${what} keeps pods from being made`, () => {
      const replicaSet = { kind: "ReplicaSet", metadata: { name: "a" }, ...condition("ReplicaFailure", message) };
      assert.deepEqual(
        refusedWorkloads([replicaSet]).map(({ text }) => text),
        [`ReplicaSet a: its pods are not made: ${message}`],
      );
    });
  }

  it("tells it once of a Deployment, its ReplicaSet and every attempt", () => {
    const deployment = { kind: "Deployment", metadata: { name: "parse-server" } };
    const replicaSet = { kind: "ReplicaSet", metadata: { name: "parse-server-7c6b4d9f5b" } };
    const again = QUOTA.replace("x2k4q", "b5l9z");
    const told = [
      ...refusedWorkloads([
        { ...deployment, ...condition("ReplicaFailure", QUOTA) },
        { ...replicaSet, ...condition("ReplicaFailure", again) },
      ]),
      ...eventProblems(
        [event("ReplicaSet", "parse-server-7c6b4d9f5b", "FailedCreate", `Error creating: ${again}`)],
        ours,
        SINCE,
      ),
    ];
    assert.equal(told.length, 3);
    assert.equal(new Set(told.map(({ key }) => key)).size, 1);
  });

  it("tells that a Job failed, and why", () => {
    const message = "Job has reached the specified backoff limit";
    const job = { kind: "Job", metadata: { name: "a" }, ...condition("Failed", message) };
    assert.deepEqual(
      refusedWorkloads([job]).map(({ text }) => text),
      [`Job a: failed: ${message}`],
    );
  });

  it("is silent about conditions of a normal course", () => {
    const deployment = { kind: "Deployment", metadata: { name: "a" }, ...condition("Progressing", "is progressing") };
    const over = { kind: "ReplicaSet", metadata: { name: "a" }, ...condition("ReplicaFailure", QUOTA, "False") };
    assert.deepEqual(refusedWorkloads([deployment, over, { kind: "Job", metadata: { name: "new" } }]), []);
  });
});

describe("eventProblems", () => {
  it("tells why the pods of a StatefulSet are not made, which no condition says", () => {
    const message =
      'create Pod parse-server-postgresql-0 in StatefulSet parse-server-postgresql failed error: pods "parse-server-postgresql-0" is forbidden: no PriorityClass with name gold was found';
    assert.deepEqual(textsOf([event("StatefulSet", "parse-server-postgresql", "FailedCreate", message)]), [
      `StatefulSet parse-server-postgresql: FailedCreate: ${message}`,
    ]);
  });

  it("tells that a volume is not made", () => {
    const message = 'storageclass.storage.k8s.io "fast" not found';
    const claim = "data-parse-server-postgresql-0";
    assert.deepEqual(textsOf([event("PersistentVolumeClaim", claim, "ProvisioningFailed", message)]), [
      `PersistentVolumeClaim ${claim}: ProvisioningFailed: ${message}`,
    ]);
  });

  it("tells of a failing probe and a missing volume when they keep failing, in either form of counting", () => {
    const probe = (more: object) => event("Pod", "parse-server-0", "Unhealthy", "Readiness probe failed: 500", more);
    assert.deepEqual(textsOf([probe({ count: 4 }), probe({})]), []);
    assert.equal(textsOf([probe({ count: 5 })]).length, 1);
    const series = { count: 5, lastObservedTime: "2026-11-25T12:00:20.000000Z" };
    assert.equal(textsOf([probe({ lastTimestamp: null, series })]).length, 1);
  });

  it("is silent about other objects, normal events, and what was before", () => {
    assert.deepEqual(
      textsOf([
        event("StatefulSet", "other", "FailedCreate", "x"),
        event("StatefulSet", "parse-server", "FailedCreate", "x", { type: "Normal" }),
        event("StatefulSet", "parse-server", "FailedCreate", "x", { lastTimestamp: "2026-11-25T11:59:59Z" }),
        event("Pod", "parse-server-0", "BackOff", "Back-off restarting failed container"),
      ]),
      [],
    );
  });
});
