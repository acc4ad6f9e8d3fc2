import assert from "node:assert/strict";
import { redactionOf } from "../../../components/kubernetes/redaction";

const encoded = (value: string) => Buffer.from(value).toString("base64");
const redact = (values: Record<string, string>, text: string, type = "Opaque") =>
  redactionOf([
    { type, data: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, encoded(value)])) },
  ])(text);

describe("redaction of what is shown of a release", () => {
  const PASSWORD = 'p&ss/w"rd+ü';
  const forms = {
    "as it is": PASSWORD,
    "in base64": encoded(PASSWORD),
    "in base64 of URLs": Buffer.from(PASSWORD).toString("base64url"),
    "in a URL": encodeURIComponent(PASSWORD),
    "in JSON": JSON.stringify(PASSWORD).slice(1, -1),
  };
  for (const [what, form] of Object.entries(forms)) {
    it(`removes a value ${what}`, () => {
      assert.equal(redact({ password: PASSWORD }, `before ${form} after`).replace(/=+ /, " "), "before [secret] after");
    });
  }

  it("removes the password within the address of a database, by itself and decoded", () => {
    const values = { uri: "mongodb://parse:s%40cret-word@db.example.com/parse?tls=true" };
    assert.equal(redact(values, "password s%40cret-word, s@cret-word"), "password [secret], [secret]");
    assert.equal(redact(values, `cannot reach ${values.uri}`), "cannot reach [secret]");
  });

  it("removes single lines of a key, and strings within a file of JSON", () => {
    const key = "-----BEGIN KEY-----\nMIIBVAIBADANBgkqh\nkiG9w0BAQEFAASC\n-----END KEY-----\n";
    assert.equal(redact({ key }, "kiG9w0BAQEFAASC"), "[secret]");
    assert.equal(redact({ "keys.json": '{"push":{"token":"aB3dE6gH"}}' }, "token aB3dE6gH"), "token [secret]");
  });

  it("removes a value within another whole", () => {
    assert.equal(redact({ a: "abcdef", b: "xabcdefx" }, "xabcdefx abcdef"), "[secret] [secret]");
  });

  it("leaves names, short words and Helm's records", () => {
    const text = "role parse_owner of parse, abcdef";
    assert.equal(redact({ username: "parse_owner", word: "parse" }, text), text);
    assert.equal(redact({ release: "abcdef" }, text, "helm.sh/release.v1"), text);
  });
});
