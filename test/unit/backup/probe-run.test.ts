import assert from "node:assert/strict";
import { LocationNotProvenError, type Proof, type Proving, proveLocation } from "../../../components/backup/probe-run";
import { VeleroStandIn } from "./velero-stand-in";

const CHANGED = Date.parse("2026-11-30T11:45:00Z");

function prove(velero: VeleroStandIn, wish: Partial<Proving> = {}): Promise<Proof> {
  return proveLocation(velero, {
    namespace: "velero",
    location: "outside",
    changedAt: CHANGED,
    timeoutSeconds: 60,
    pauseSeconds: 1,
    now: () => velero.time,
    sleep: (seconds) => velero.sleep(seconds),
    ...wish,
  });
}

/** Why a location is not proven. */
async function refusal(velero: VeleroStandIn, wish: Partial<Proving> = {}): Promise<string> {
  const error = await prove(velero, wish).then(
    (proof) => assert.fail(`proven: ${JSON.stringify(proof)}`),
    (failure: unknown) => failure,
  );
  assert.ok(error instanceof LocationNotProvenError, String(error));
  assert.ok(!error.message.includes("\n"), error.message);
  return error.message;
}

const S3 = "rpc error: code = Unknown desc = error putting object backups/p/velero-backup.json: operation error S3: ";

describe("proving a location of backups", () => {
  let velero: VeleroStandIn;
  beforeEach(() => {
    velero = new VeleroStandIn();
  });

  it("makes a backup of one ConfigMap without volumes, and leaves nothing of it", async () => {
    velero.ending("Completed");
    assert.deepEqual(await prove(velero), { state: "proven", by: "probe" });
    const [content, backup] = velero.made.map(({ object }) => object);
    assert.deepEqual(
      velero.made.map(({ kind }) => kind),
      ["configmaps", "backups", "deletebackuprequests"],
    );
    const { labels, name } = backup?.metadata ?? assert.fail("no backup");
    assert.equal(name, "onprem-probe-outside-20261130120000");
    assert.deepEqual(labels, {
      "onprem.platform/probe": "outside",
      "velero.io/schedule-name": "onprem-probe.outside",
    });
    assert.deepEqual(backup?.spec, {
      includedNamespaces: ["velero"],
      includedResources: ["configmaps"],
      labelSelector: { matchLabels: { "onprem.platform/probe-name": name } },
      storageLocation: "outside",
      snapshotVolumes: false,
      defaultVolumesToFsBackup: false,
      ttl: "24h",
    });
    assert.equal(content?.metadata.labels?.["onprem.platform/probe-name"], name);
    for (const kind of ["configmaps", "backups", "deletebackuprequests"]) assert.deepEqual(velero.of(kind), [], kind);
  });

  it("takes away what a killed run left", async () => {
    velero.put("/api/v1/namespaces/velero/configmaps", "old", { labels: { "onprem.platform/probe": "outside" } });
    velero.put("/api/v1/namespaces/velero/configmaps", "other", { labels: { "onprem.platform/probe": "inside" } });
    velero.ending("Completed");
    await prove(velero);
    assert.deepEqual(
      velero.of("configmaps").map(({ metadata }) => metadata.name),
      ["other"],
    );
  });

  it("has what a lock keeps stay until a day after the lock's end", async () => {
    velero.ending("Completed");
    assert.deepEqual(await prove(velero, { lockDays: 30 }), { state: "proven", by: "probe" });
    const { spec } = velero.probe ?? assert.fail("no probe");
    assert.equal((spec as { ttl?: string }).ttl, "744h");
    assert.deepEqual(velero.of("deletebackuprequests"), []);
    assert.deepEqual(velero.of("configmaps"), []);
  });

  const data = { spec: { storageLocation: "outside" }, status: { phase: "Completed" } };
  const at = (startTimestamp: string, change: object = {}) => ({
    ...data,
    status: { ...data.status, startTimestamp, ...change },
  });

  it("makes none where a backup of data was made there since the last change", async () => {
    velero.backup("daily-1", at("2026-11-30T11:50:00Z"));
    assert.deepEqual(await prove(velero), { state: "proven", by: "backup" });
    assert.deepEqual(velero.made, []);
  });

  const noProof: Record<string, [object, Record<string, string>?]> = {
    "was made before the change": [at("2026-11-30T11:40:00Z")],
    "was made elsewhere": [{ ...at("2026-11-30T11:50:00Z"), spec: { storageLocation: "inside" } }],
    "is not Completed": [at("2026-11-30T11:50:00Z", { phase: "PartiallyFailed" })],
    "is another probe": [at("2026-11-30T11:50:00Z"), { "onprem.platform/probe": "outside" }],
  };
  for (const [what, [backup, labels]] of Object.entries(noProof)) {
    it(`is not content with a backup that ${what}`, async () => {
      velero.backup("daily-1", backup, labels);
      velero.ending("Completed");
      velero.made.length = 0;
      await prove(velero);
      assert.equal(velero.made.filter(({ kind }) => kind === "backups").length, 1);
    });
  }

  it("is not content with a backup that another plugin made, before Velero's server was started", async () => {
    velero.backup("daily-1", at("2026-11-30T11:50:00Z"));
    velero.put("/api/v1/namespaces/velero/pods", "velero-2", {
      labels: { deploy: "velero" },
      creationTimestamp: "2026-11-30T11:55:00Z",
    });
    velero.ending("Completed");
    assert.deepEqual(await prove(velero), { state: "proven", by: "probe" });
  });

  it("has Velero forget repositories of a location that was there before this one", async () => {
    velero.repository("old", "outside", "2026-11-30T11:29:00Z");
    velero.repository("new", "outside", "2026-11-30T11:31:00Z");
    velero.repository("other", "inside", "2026-11-30T10:00:00Z");
    velero.ending("Completed");
    await prove(velero);
    assert.deepEqual(
      velero.of("backuprepositories").map(({ metadata }) => metadata.name),
      ["new", "other"],
    );
  });

  const reasons: Record<string, [object, RegExp, Partial<Proving>?]> = {
    "checksums that the store does not know": [
      {
        failureReason: `${S3}PutObject, https response error StatusCode: 501, api error NotImplemented: A header you provided implies functionality that is not implemented`,
      },
      /^No backup can be made at the location outside: a backup of one small object is Failed\. .* set checksumAlgorithm of the location to "".* \(Velero: .*StatusCode: 501.*not implemented\)$/,
    ],
    "checksums that it counts otherwise": [
      { failureReason: `${S3}PutObject, api error XAmzContentSHA256Mismatch: does not match` },
      /set checksumAlgorithm of the location to ""/,
    ],
    "a header that it does not know, though none is sent any more": [
      { failureReason: `${S3}PutObject, api error NotImplemented: a header` },
      /Put that right, .*docs\/object-stores\.md/,
      { checksumAlgorithm: "" },
    ],
    "a lock that asks for checksums": [
      {
        failureReason: `${S3}PutObject, api error InvalidRequest: Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters`,
      },
      /set checksumAlgorithm of the location to CRC32/,
      { checksumAlgorithm: "" },
    ],
    "another region": [
      { failureReason: `${S3}PutObject, api error PermanentRedirect: must be addressed` },
      /correct region and endpoint of the location/,
    ],
    "what makes it invalid": [
      { validationErrors: ["the location is Unavailable", "and more"] },
      /\(Velero: the location is Unavailable; and more\)$/,
    ],
  };
  for (const [what, [status, sentence, wish]] of Object.entries(reasons)) {
    it(`fails with the store's reason: ${what}`, async () => {
      velero.ending("Failed", status);
      assert.match(await refusal(velero, wish), sentence);
      assert.deepEqual(velero.of("configmaps"), []);
    });
  }

  it("fails with what the server's log says where the backup itself says nothing", async () => {
    const name = "onprem-probe-outside-20261130120000";
    velero.log = [
      `time="t" level=info msg="fine" backup=velero/${name}`,
      `time="t" level=error msg="Error uploading log file" backup=${name} bucket=b error="api error AccessDenied: no \\"put\\""`,
      `time="t" level=error msg="another" backup=velero/daily-1 error="nothing to do with it"`,
    ].join("\n");
    velero.ending("PartiallyFailed");
    assert.match(
      await refusal(velero),
      /is PartiallyFailed\. .*\(Velero: Error uploading log file: api error AccessDenied: no "put"\)$/,
    );
  });

  it("fails when what was made cannot be deleted, since nothing would expire", async () => {
    velero.ending("Completed");
    const complete = velero.act;
    velero.act = () => {
      const requests = velero.of("deletebackuprequests");
      for (const request of requests) request.status = { phase: "Processed", errors: ["403 AccessDenied"] };
      if (requests.length === 0) complete();
    };
    assert.match(await refusal(velero), /but not deleted, .* \(Velero: 403 AccessDenied\)$/);
  });

  it("says that nobody knows yet while Velero is at another backup, and leaves the probe in the queue", async () => {
    velero.backup("daily-1", { spec: { storageLocation: "inside" }, status: { phase: "InProgress" } });
    velero.act = () => {
      if (velero.probe) velero.probe.status = { phase: "Queued" };
    };
    const proof = await prove(velero);
    assert.match(
      proof.state === "open" ? proof.why : "",
      /^Velero is busy with backup daily-1, .* after 60 s .*BackupProbeFailed/,
    );
    assert.ok(velero.probe);
    assert.equal(velero.of("configmaps").length, 1);
    assert.equal(velero.time, Date.parse("2026-11-30T12:01:00Z"));
  });

  it("fails when Velero does not begin, though it is at nothing else", async () => {
    assert.match(await refusal(velero), /did not begin the backup .* within 60 s: look whether its server runs/);
  });

  it("fails when the store takes longer than a minute for one small object", async () => {
    velero.act = () => {
      if (velero.probe) velero.probe.status = { phase: "InProgress" };
    };
    assert.match(
      await refusal(velero),
      /^The backup of one small object to the location outside was not done after 60 s: its store answers slowly/,
    );
  });

  it("says so when the probe is made, and its deletion takes longer", async () => {
    velero.ending("Completed");
    const complete = velero.act;
    velero.act = () => {
      if (velero.of("deletebackuprequests").length === 0) complete();
    };
    const proof = await prove(velero);
    assert.match(
      proof.state === "open" ? proof.why : "",
      /has not deleted it yet \(onprem-probe-outside-20261130120000\)/,
    );
  });
});
