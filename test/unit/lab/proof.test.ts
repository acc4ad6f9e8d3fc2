import assert from "node:assert/strict";
import { LabError } from "../../../lab/errors";
import { type Caller, callFromHere, proveParse, waitForParse } from "../../../lab/proof";
import { closedAddress } from "../../support/closed-address";

const address = { url: "http://parse/parse", applicationId: "app", masterKey: "master" };

/** What a Parse Server that is well answers. */
const healthy: Caller = async (method, url, headers) => {
  const path = url.slice(address.url.length);
  if (path === "/health") return { status: 200, body: { status: "ok" } };
  if (!headers["X-Parse-Application-Id"]) return { status: 403, body: {} };
  if (path === "/schemas") return { status: headers["X-Parse-Master-Key"] === "master" ? 200 : 403, body: {} };
  if (method === "POST" && path !== "/batch") return { status: 201, body: { objectId: "id", sessionToken: "token" } };
  return { status: 200, body: { results: [{}], sessionToken: "token", objectId: "id" } };
};

describe("the proof that Parse Server serves", () => {
  it("makes every promised call", async () => {
    const calls = await proveParse(address, healthy);
    assert.equal(calls.length, 9);
  });

  it("fails with the call, what was expected and what came", async () => {
    const sick: Caller = async (method, url, headers, body) =>
      url.endsWith("/batch") ? { status: 500, body: { error: "router" } } : healthy(method, url, headers, body);
    await assert.rejects(proveParse(address, sick), (error: LabError) => {
      assert.ok(error instanceof LabError);
      assert.equal(error.code, "proof-failed");
      assert.match(error.message, /batch: POST \/batch was to answer 200; it answered 500 .*router/);
      return true;
    });
  });

  it("gives pods beside the one that made a class the time in which they may not know it, and no more", async () => {
    const unknownFor = (milliseconds: number): Caller => {
      const knownAt = Date.now() + milliseconds;
      return async (method, url, headers, body) =>
        url.includes("/classes/Note?") && Date.now() < knownAt
          ? { status: 400, body: { code: 119, error: "Permission denied" } }
          : healthy(method, url, headers, body);
    };
    assert.equal((await proveParse(address, unknownFor(700))).length, 9);
    await assert.rejects(proveParse(address, unknownFor(60_000)), /query: .* it answered 400 .*Permission denied/);
  });

  it("is not content with a right status and a wrong body", async () => {
    const forgetful: Caller = async (method, url, headers, body) =>
      url.includes("/classes/Note?") ? { status: 200, body: { results: [] } } : healthy(method, url, headers, body);
    await assert.rejects(proveParse(address, forgetful), /query/);
  });
});

describe("the wait for Parse Server, whose pods start anew with a node that was stopped", () => {
  it("ends with the first healthy answer, after none and after unhealthy ones", async () => {
    const answers = [undefined, undefined, 503, 200];
    const starting: Caller = async () => {
      const status = answers.shift();
      if (status === undefined) throw new LabError("proof-failed", "ECONNREFUSED");
      return { status, body: {} };
    };
    await waitForParse(address, starting);
    assert.deepEqual(answers, []);
  });

  it("is given up with what came last", async () => {
    const sick: Caller = async () => ({ status: 503, body: {} });
    await assert.rejects(
      waitForParse(address, sick, 0),
      /^LabError: Parse Server is healthy: not after 0 s\. GET http:\/\/parse\/parse\/health was answered 503\. See: npm run lab logs$/,
    );
    const refused = waitForParse({ ...address, url: await closedAddress() }, callFromHere, 0);
    await assert.rejects(refused, /GET http:\/\/127\.0\.0\.1:\d+\/health has no answer: ECONNREFUSED/);
  });
});
