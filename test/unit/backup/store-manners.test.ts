import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type Claim, ClaimError, claimPrefix, patient } from "../../../components/backup/in-cluster/claim-prefix";
import { storeClient } from "../../../components/backup/in-cluster/store-client";
import { S3Proxy } from "../../support/stores/s3-proxy";

const LOCK =
  "<ObjectLockConfiguration><Rule><DefaultRetention><Days>30</Days></DefaultRetention></Rule></ObjectLockConfiguration>";

describe("claiming a directory in stores with other manners, over the network", () => {
  const objects = new Map<string, string>();
  let store: Server;
  let proxy: S3Proxy;

  before(async () => {
    store = createServer((call, answer) => {
      const { pathname, searchParams } = new URL(call.url ?? "", "http://store");
      if (searchParams.has("object-lock")) return answer.end(LOCK);
      if (searchParams.has("list-type")) return answer.end("<ListBucketResult></ListBucketResult>");
      if (call.method !== "PUT") {
        const found = objects.get(pathname);
        return answer.writeHead(found ? 200 : 404).end(found ?? "<Error><Code>NoSuchKey</Code></Error>");
      }
      let body = "";
      call.on("data", (text) => {
        body += text;
      });
      call.on("end", () => answer.end(void objects.set(pathname, body)));
    });
    store.listen(0, "127.0.0.1");
    await once(store, "listening");
    proxy = new S3Proxy(`http://127.0.0.1:${(store.address() as AddressInfo).port}`);
    await proxy.start();
  });
  after(async () => {
    await proxy.stop();
    store.close();
  });
  beforeEach(() => {
    objects.clear();
    proxy.manners = {};
  });

  const claimOf = (change: Partial<Claim> = {}): Claim => ({
    endpoint: proxy.endpoint,
    region: "eu-central-1",
    bucket: "acme",
    prefix: "backups",
    pathStyle: true,
    stack: "onprem-platform/acme",
    repository: "0123456789abcdef",
    ...change,
  });
  const run = (claim: Claim) => claimPrefix(claim, patient(storeClient(claim, "key", "secret"), claim, 2_000, 50));
  const refused = (claim: Claim, sentence: RegExp) =>
    assert.rejects(run(claim), (error: Error) => {
      assert.ok(error instanceof ClaimError, String(error));
      assert.match(error.message, sentence);
      return true;
    });

  it("works where nothing is refused, and where checksums are: the claim sends none", async () => {
    for (const checksums of [undefined, "not implemented"] as const) {
      proxy.manners = { checksums };
      objects.clear();
      assert.match(await run(claimOf({ objectLockDays: 30 })), /from now on$/);
      assert.equal(objects.size, 1);
    }
  });

  for (const status of [301, 400] as const) {
    it(`names the region that the store says with ${status}, and works with it`, async () => {
      proxy.manners = { region: { name: "eu-west-3", status } };
      await refused(
        claimOf(),
        /with region eu-central-1: the store says that its region is eu-west-3\. Set region of the location to eu-west-3/,
      );
      assert.match(await run(claimOf({ region: "eu-west-3" })), /from now on$/);
    });
  }

  it("names the store's reason where a lock is asked for after the directory was claimed, and there is none", async () => {
    await run(claimOf());
    proxy.manners = { objectLock: "not implemented" };
    await refused(
      claimOf({ objectLockDays: 30 }),
      /object lock for 0 days, .* asks for 30 \(store: 501 NotImplemented, This store has no object lock\.\)/,
    );
    assert.match(await run(claimOf()), /belongs to stack onprem-platform\/acme$/);
  });

  it("waits for a store that answers slowly", async () => {
    proxy.manners = { delaySeconds: 0.2 };
    assert.match(await run(claimOf()), /from now on$/);
  });
});
