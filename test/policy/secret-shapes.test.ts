import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { looksRandom } from "../../components/grammars/credentials";
import { secretsIn } from "../../policy/secret-shapes";

const shapesIn = (value: unknown) => [...secretsIn(value)].map(({ path, shape }) => `${path}: ${shape}`);

describe("places that look as if they held a secret", () => {
  // Put together here, so that no scanner takes this file for a leak.
  const found: Record<string, [unknown, string]> = {
    "a private key": [{ a: `-----BEGIN ${"EC PRIVATE"} KEY-----` }, "a: a private key"],
    "an AWS access key": [{ a: `AKIA${"Z".repeat(16)}` }, "a: an AWS access key"],
    "a GitHub token": [{ a: `ghp_${"x1".repeat(18)}` }, "a: a GitHub token"],
    "a Slack webhook": [{ a: `https://hooks.slack.com/services/T${"0A"}/B${"1C"}/x` }, "a: a Slack token or webhook"],
    "an address with a password": [
      { uri: "postgres://parse:s3cr3t@db:5432/parse" },
      "uri: an address with a password in it",
    ],
    "the value of a telling key": [
      { grafana: { adminPassword: "prom-operator" } },
      "grafana.adminPassword: the value of adminPassword",
    ],
    "a service-account key in a text": [
      { file: JSON.stringify({ type: "service_account", private_key: "abcdefgh" }) },
      "file.private_key: the value of private_key",
    ],
    "what only begins like a place in Secret Manager": [
      { password: "projects/acme/secrets" },
      "password: the value of password",
    ],
    "a password in a list": [{ list: [{ apiKey: "abcdef123" }] }, "list[0].apiKey: the value of apiKey"],
  };
  for (const [name, [value, expected]] of Object.entries(found)) {
    it(`include ${name}`, () => assert.deepEqual(shapesIn(value), [expected]));
  }

  const passed: Record<string, unknown> = {
    "names of Secrets": { passwordSecret: "parse-database-password", existingSecret: "grafana-admin" },
    "names below `secrets`": {
      secrets: { masterKey: "parse-master-key-1", options: { restAPIKey: "parse-rest-key-1" } },
    },
    "places in Secret Manager": {
      secrets: { bootstrapPassword: "projects/acme-platform/secrets/acme-rancher-bootstrap/versions/1" },
      password: "projects/123456789012/secrets/grafana/versions/latest",
    },
    "paths of files": { passwordFile: "/run/secrets/password", POSTGRES_PASSWORD_FILE: "/database-secrets/value" },
    checksums: { chartChecksum: "9f86d081884c7d659a2feaa0c55ad015", "checksum/config": "9f86d081884c7d65" },
    digests: { image: `docker.io/library/mongo@sha256:${"9f86d081884c7d65".repeat(4)}` },
    "host keys": {
      knownHosts: "github.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl",
    },
    "references of shells": { password: "$PASSWORD", token: "$(cat /run/token)" },
    "long names": { host: "parse-server-mongodb-0.parse-server-mongodb.parse.svc.cluster.local" },
    "camel-case identifiers": { text: "persistentVolumeClaimRetentionPolicy allowClientClassCreation" },
  };
  for (const [name, value] of Object.entries(passed)) {
    it(`do not include ${name}`, () => assert.deepEqual(shapesIn(value), []));
  }

  it("never carry the secret itself", () => {
    const secret = "correct-horse-battery";
    assert.ok(!JSON.stringify(shapesIn({ password: secret })).includes(secret));
  });
});

describe("randomness", () => {
  it("is seen in nearly every generated key of 32 bytes", () => {
    const keys = Array.from({ length: 200 }, () => randomBytes(32).toString("base64"));
    assert.ok(keys.filter(looksRandom).length >= 190);
  });

  it("is not seen in words joined by hyphens", () => {
    const word = fc.stringMatching(/^[a-z]{2,9}$/);
    fc.assert(fc.property(fc.array(word, { minLength: 2, maxLength: 8 }), (words) => !looksRandom(words.join("-"))));
  });
});
