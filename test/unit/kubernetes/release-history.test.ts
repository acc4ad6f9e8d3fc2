import assert from "node:assert/strict";
import { type KubernetesApi, type SettledHistory, settleHistory } from "../../../components/kubernetes/release-history";

const RELEASE = { namespace: "parse", name: "parse-server" };
const SECRETS = "/api/v1/namespaces/parse/secrets";

/** Helm's records in a cluster; `progress` is what an operation in flight does at each pause. */
class Records implements KubernetesApi {
  readonly asked: string[] = [];
  pauses = 0;
  readonly told: number[] = [];

  constructor(
    readonly statuses: Record<string, string>,
    private readonly progress: (records: Records) => void = () => {},
  ) {}

  async get(path: string): Promise<unknown> {
    this.asked.push(path);
    // The API server lists in no order that means anything.
    const versions = Object.keys(this.statuses).reverse();
    return {
      items: versions.map((version) => ({
        metadata: {
          name: `sh.helm.release.v1.parse-server.v${version}`,
          labels: { version, status: this.statuses[version], createdAt: "90", modifiedAt: "100" },
        },
      })),
    };
  }

  async delete(path: string): Promise<void> {
    const version = path.replace(`${SECRETS}/sh.helm.release.v1.parse-server.v`, "");
    assert.ok(version in this.statuses, path);
    delete this.statuses[version];
  }

  settle(operation: "create" | "update"): Promise<SettledHistory> {
    const sleep = async () => {
      this.pauses++;
      this.progress(this);
    };
    const now = () => 100 + this.pauses;
    const waiting = (seconds: number) => this.told.push(seconds);
    return settleHistory(this, RELEASE, operation, { abandonedAfterSeconds: 10, pauseSeconds: 1, now, sleep, waiting });
  }
}

describe("settleHistory", () => {
  it("has nothing to do and does not wait in the usual cases", async () => {
    const histories: Array<Record<string, string>> = [
      { 1: "superseded", 2: "deployed" },
      { 1: "deployed", 2: "failed" },
    ];
    for (const statuses of histories) {
      const records = new Records({ ...statuses });
      assert.deepEqual((await records.settle("update")).removed, []);
      assert.deepEqual(records.statuses, statuses);
      assert.equal(records.pauses, 0);
    }
  });

  it("knows a release that is to be updated and that somebody deleted", async () => {
    assert.equal((await new Records({}).settle("update")).lost, true);
    assert.equal((await new Records({ 1: "failed" }).settle("update")).lost, false);
    assert.equal((await new Records({}).settle("create")).lost, false);
  });

  it("asks for this release's records only", async () => {
    const records = new Records({});
    await records.settle("create");
    assert.deepEqual(records.asked, [`${SECRETS}?labelSelector=owner%3Dhelm%2Cname%3Dparse-server`]);
  });

  it("removes the record of an installation that was cut off, when nobody can be at it any more", async () => {
    const records = new Records({ 1: "pending-install" });
    assert.deepEqual((await records.settle("create")).removed, ["revision 1 (pending-install)"]);
    assert.deepEqual(records.statuses, {});
    assert.equal(records.pauses, 10);
    assert.deepEqual(records.told, [10]);
  });

  it("goes on at once when the cut-off installation ends by itself, and takes it over", async () => {
    const records = new Records({ 1: "pending-install" }, (self) => {
      self.statuses[1] = "deployed";
    });
    assert.deepEqual((await records.settle("create")).removed, ["revision 1 (deployed)"]);
    assert.equal(records.pauses, 1);
  });

  it("removes only the pending revision before an update, so that Helm can roll back to the one before", async () => {
    for (const status of ["pending-upgrade", "pending-rollback"]) {
      const records = new Records({ 9: "superseded", 10: "deployed", 11: status });
      assert.deepEqual((await records.settle("update")).removed, [`revision 11 (${status})`]);
      assert.deepEqual(records.statuses, { 9: "superseded", 10: "deployed" });
    }
  });

  it("leaves an upgrade alone that ends by itself", async () => {
    const records = new Records({ 1: "deployed", 2: "pending-upgrade" }, (self) => {
      self.statuses[1] = "superseded";
      self.statuses[2] = "deployed";
    });
    assert.deepEqual((await records.settle("update")).removed, []);
    assert.deepEqual(records.statuses, { 1: "superseded", 2: "deployed" });
  });
});
