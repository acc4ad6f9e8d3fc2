import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
  type Ask,
  type Claim,
  ClaimError,
  claimPrefix,
  patient,
} from "../../../components/backup/in-cluster/claim-prefix";
import { addressOf, storeClient } from "../../../components/backup/in-cluster/store-client";
import type { Answer } from "../../../components/in-cluster/request";

const claim: Claim = {
  endpoint: "https://s3.example.com",
  region: "eu-central-1",
  bucket: "backups",
  prefix: "acme",
  pathStyle: true,
  stack: "onprem-platform/acme",
  repository: "0123456789abcdef",
};

const notFound: Answer = { status: 404, body: "<Error><Code>NoSuchKey</Code></Error>" };
const emptyList: Answer = { status: 200, body: "<ListBucketResult></ListBucketResult>" };

/** A store that holds objects in memory. */
function store(objects: Record<string, string> = {}, fixed: Record<string, Answer> = {}) {
  const written: Record<string, string> = { ...objects };
  const ask: Ask = async (method, key, query = {}, body = "") => {
    const answer = fixed[`${method} ${key}${"object-lock" in query ? "?object-lock" : ""}`];
    if (answer) return answer;
    if (method === "PUT") {
      written[key] = body;
      return { status: 200, body: "" };
    }
    if (key !== "") return written[key] === undefined ? notFound : { status: 200, body: written[key] };
    const first = Object.keys(written).find((name) => name.startsWith(query.prefix ?? ""));
    return first ? { status: 200, body: `<Contents><Key>${first}</Key></Contents>` } : emptyList;
  };
  return { ask, written };
}

const refusal = (status: number, code: string, message = ""): Answer => ({
  status,
  body: `<Error><Code>${code}</Code>${message && `<Message>${message}</Message>`}</Error>`,
});

const owned = (change: object) =>
  JSON.stringify({ stack: claim.stack, repository: claim.repository, since: "2026-11-01T00:00:00Z", ...change });

describe("claiming a directory of a bucket", () => {
  it("takes an empty directory, and says in it whose it is", async () => {
    const { ask, written } = store({ "other/owner.json": owned({}) });
    assert.match(await claimPrefix(claim, ask), /belongs to stack onprem-platform\/acme from now on/);
    const owner = JSON.parse(written["acme/owner.json"] ?? "");
    assert.equal(owner.stack, "onprem-platform/acme");
    assert.equal(owner.repository, claim.repository);
  });

  it("goes on where the same has claimed before, and writes nothing", async () => {
    const { ask, written } = store({ "acme/owner.json": owned({}) });
    await claimPrefix(claim, ask);
    await claimPrefix({ ...claim, stack: "onprem-platform/acme-new" }, ask);
    assert.equal(written["acme/owner.json"], owned({}));
  });

  const refusals: Record<string, [ReturnType<typeof store>, RegExp, Partial<Claim>?]> = {
    "a directory of another stack": [
      store({ "acme/owner.json": owned({ stack: "onprem-platform/other", repository: "f" }) }),
      /^directory acme of bucket backups at https:\/\/s3\.example\.com belongs to stack onprem-platform\/other, .* choose another onprem:backup\.prefix; or, if this stack takes the other's place, give its password from escrow/,
    ],
    "what an earlier installation left under another password": [
      store({ "acme/owner.json": owned({ repository: "f" }) }),
      /belongs to an earlier installation of this stack, .* to go on with its backups, give its password from escrow/,
    ],
    "objects of nobody known": [
      store({ "acme/backups/old/velero-backup.json": "{}" }),
      /holds objects, and nothing there says whose they are: choose another onprem:backup\.prefix, or empty/,
    ],
    "a bucket that does not exist": [
      store({}, { "GET acme/owner.json": { status: 404, body: "<Code>NoSuchBucket</Code>" } }),
      /^bucket backups does not exist at https:\/\/s3\.example\.com: make it/,
    ],
    "a key that may do nothing": [
      store({}, { "GET acme/owner.json": { status: 403, body: "<Code>AccessDenied</Code>" } }),
      /refuses the access key .*403 AccessDenied.* correct accessKeyId/,
    ],
    "a key that may not write": [
      store({}, { "PUT acme/owner.json": { status: 403, body: "" } }),
      /refuses the access key .*\(403, writing the owner\)/,
    ],
    "a store that is broken": [
      store({}, { "GET acme/owner.json": { status: 503, body: "" } }),
      /answered 503 \(reading the owner\): mend it/,
    ],
    "a bucket without object lock, where one is asked for": [
      store({}, { "GET ?object-lock": { status: 404, body: "<Code>ObjectLockConfigurationNotFoundError</Code>" } }),
      /has object lock for 0 days, and objectLockDays of the location asks for 30 \(store: 404 ObjectLockConfigurationNotFoundError\)/,
      { objectLockDays: 30 },
    ],
    "a bucket without object lock that was claimed before, when one is asked for later": [
      store({ "acme/owner.json": owned({}) }, { "GET ?object-lock": refusal(501, "NotImplemented", "No locks here") }),
      /has object lock for 0 days, and objectLockDays of the location asks for 30 \(store: 501 NotImplemented, No locks here\)/,
      { objectLockDays: 30 },
    ],
    "an object lock that was claimed before and is shorter than what is asked for later": [
      store({ "acme/owner.json": owned({}) }, { "GET ?object-lock": { status: 200, body: "<Days>7</Days>" } }),
      /has object lock for 7 days, and objectLockDays of the location asks for 30:/,
      { objectLockDays: 30 },
    ],
    "a key that is not told of the object lock": [
      store({}, { "GET ?object-lock": refusal(403, "AccessDenied", "Access Denied") }),
      /does not tell this access key of the object lock of bucket backups \(store: 403 AccessDenied, Access Denied\): let it \(s3:GetBucketObjectLockConfiguration\)/,
      { objectLockDays: 30 },
    ],
    "a bucket of another region, which the store names in a header": [
      store(
        {},
        {
          "GET acme/owner.json": {
            ...refusal(301, "PermanentRedirect"),
            headers: { "x-amz-bucket-region": "eu-west-1" },
          },
        },
      ),
      /^bucket backups is not to be had at https:\/\/s3\.example\.com with region eu-central-1: the store says that its region is eu-west-1\. Set region of the location to eu-west-1, .*\(store: 301 PermanentRedirect\)$/,
    ],
    "a bucket of another region, which the store names in its answer": [
      store(
        {},
        {
          "GET acme/owner.json": {
            status: 400,
            body: "<Error><Code>AuthorizationHeaderMalformed</Code><Message>the region 'eu-central-1' is wrong;\n expecting 'us-west-2'</Message><Region>us-west-2</Region></Error>",
          },
        },
      ),
      /its region is us-west-2\. .*\(store: 400 AuthorizationHeaderMalformed, the region 'eu-central-1' is wrong; expecting 'us-west-2'\)$/,
    ],
    "a store that sends elsewhere without a region": [
      store(
        {},
        {
          "GET acme/owner.json": {
            status: 307,
            body: "<Code>TemporaryRedirect</Code><Endpoint>b.s3.example.net</Endpoint>",
          },
        },
      ),
      /the store says that it is at b\.s3\.example\.net\. Correct endpoint and region/,
    ],
  };
  for (const [what, [{ ask, written }, sentence, change]] of Object.entries(refusals)) {
    it(`refuses ${what} with one sentence, and writes nothing`, async () => {
      const before = { ...written };
      await assert.rejects(claimPrefix({ ...claim, ...change }, ask), (error: Error) => {
        assert.ok(error instanceof ClaimError);
        assert.match(error.message, sentence);
        assert.ok(!error.message.includes("\n"));
        return true;
      });
      assert.deepEqual(written, before);
    });
  }

  it("takes a bucket whose object lock is long enough", async () => {
    const lock = { status: 200, body: "<Mode>GOVERNANCE</Mode><Years>1</Years>" };
    const { ask } = store({}, { "GET ?object-lock": lock });
    assert.match(await claimPrefix({ ...claim, objectLockDays: 365 }, ask), /from now on/);
  });

  it("asks again while nobody answers or the store has too much to do, and says so when that never ends", async () => {
    let calls = 0;
    const slowDown = { status: 503, body: "<Code>SlowDown</Code>" };
    const late: Ask = async () => {
      calls += 1;
      if (calls === 1) throw new Error("connect ECONNREFUSED");
      return calls < 4 ? slowDown : notFound;
    };
    assert.deepEqual(await patient(late, claim, 10_000, 1)("GET", "x"), notFound);
    assert.deepEqual(await patient(async () => slowDown, claim, 0, 1)("GET", "x"), slowDown);
    const never: Ask = () => Promise.reject(new Error("connect ECONNREFUSED"));
    await assert.rejects(
      patient(never, claim, 0, 1)("GET", "x"),
      /cannot be reached from the cluster \(connect ECONNREFUSED\)/,
    );
  });
});

/** The signature that Amazon's page asks for: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
function signatureOf({ method, url = "", headers }: IncomingMessage, body: string, secret: string): string {
  const [path, query = ""] = url.split("?");
  const [, scope = "", names = ""] =
    /Credential=[^/]+\/(\S+), SignedHeaders=(\S+),/.exec(headers.authorization ?? "") ?? [];
  const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
  const signed = names.split(";").map((name) => `${name}:${headers[name]}\n`);
  const canonical = [method, path, query, signed.join(""), names, sha256(body)].join("\n");
  const toSign = ["AWS4-HMAC-SHA256", headers["x-amz-date"], scope, sha256(canonical)].join("\n");
  const hmac = (key: Buffer | string, text: string) => createHmac("sha256", key).update(text).digest();
  const key = scope.split("/").reduce<Buffer | string>(hmac, `AWS4${secret}`);
  return createHmac("sha256", key).update(toSign).digest("hex");
}

describe("a request to the store", () => {
  let server: Server;
  let requests: Record<"method" | "url" | "authorization" | "hash" | "signature" | "body", string | undefined>[];

  before((done) => {
    server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk) => {
        body += chunk;
      });
      request.on("end", () => {
        const { method, url, headers } = request;
        const { authorization } = headers;
        const signature = signatureOf(request, body, "the-secret");
        const hash = String(headers["x-amz-content-sha256"]);
        requests.push({ method, url, authorization, hash, signature, body });
        response.end("<ListBucketResult/>");
      });
    }).listen(0, "127.0.0.1", done);
  });
  beforeEach(() => {
    requests = [];
  });
  after(() => {
    server.close();
  });

  const endpoint = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  it("is signed as Amazon's page asks for, its content and its query too", async () => {
    const ask = storeClient({ ...claim, endpoint: endpoint() }, "the-id", "the-secret");
    await ask("GET", "", { prefix: "a b/+&é~", "list-type": "2" });
    await ask("GET", "", { "object-lock": "" });
    await ask("PUT", "acme/owner.json", {}, '{"stack":"é"}');
    assert.deepEqual(
      requests.map(({ method, url, body }) => [method, url, body]),
      [
        ["GET", "/backups/?list-type=2&prefix=a%20b%2F%2B%26%C3%A9~", ""],
        ["GET", "/backups/?object-lock=", ""],
        ["PUT", "/backups/acme/owner.json", '{"stack":"é"}'],
      ],
    );
    for (const { authorization, signature, hash, body } of requests) {
      assert.ok(authorization?.endsWith(`, Signature=${signature}`), authorization);
      assert.match(authorization ?? "", /SignedHeaders=host;x-amz-content-sha256;x-amz-date,/);
      assert.equal(
        hash,
        createHash("sha256")
          .update(body ?? "")
          .digest("hex"),
      );
    }
  });

  it("has the bucket in the host's name where the store wants it there", () => {
    const inHost = { ...claim, endpoint: "https://s3.example.com:9443", pathStyle: false };
    assert.equal(addressOf(inHost, "acme/owner.json", {}).href, "https://backups.s3.example.com:9443/acme/owner.json");
    assert.equal(addressOf({ ...inHost, pathStyle: true }, "", {}).href, "https://s3.example.com:9443/backups/");
  });

  it("has the bucket in its path, is signed, and does not carry the secret", async () => {
    const ask = storeClient({ ...claim, endpoint: endpoint() }, "the-id", "the-secret");
    assert.deepEqual(await ask("GET", "", { prefix: "a b/", "list-type": "2" }), {
      status: 200,
      body: "<ListBucketResult/>",
    });
    const [request] = requests;
    assert.equal(request?.url, "/backups/?list-type=2&prefix=a%20b%2F");
    assert.match(
      request?.authorization ?? "",
      /^AWS4-HMAC-SHA256 Credential=the-id\/\d{8}\/eu-central-1\/s3\/aws4_request, /,
    );
    assert.ok(!JSON.stringify(request).includes("the-secret"));
  });
});
