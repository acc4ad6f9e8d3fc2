import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { decodeHelmRelease, findSecrets } from "../../support/lab/secret-scan";

describe("the search for secrets", () => {
  const secret = "s3cr3t-value-of-some-length";

  it("finds a value as it stands, with its place and name", () => {
    assert.deepEqual(findSecrets({ key: secret }, { here: `a${secret}b`, there: "nothing" }), [
      { place: "here", secret: "key" },
    ]);
  });

  it("finds a value inside any base64 text", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 20 }), fc.string({ maxLength: 20 }), (before, after) => {
        const text = Buffer.from(before + secret + after).toString("base64");
        assert.equal(findSecrets({ key: secret }, { text }).length, 1);
      }),
    );
  });

  it("reads what Helm stored", () => {
    const stored = Buffer.from(gzipSync(JSON.stringify({ config: secret })).toString("base64")).toString("base64");
    assert.match(decodeHelmRelease(stored), new RegExp(secret));
  });
});
