import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { parseSettings, SettingsError } from "../../../../components/settings";
import { formatPath } from "../../../../components/settings/property-path";
import { gke, rancher, smallest } from "../../../support/settings/valid-settings";

/** Made for these tests alone: self-signed, for rancher.acme.example.com, from 2026-11-25 to 2036-11-22. */
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBvzCCAWagAwIBAgIUZ4GlkYE1kTeIXyGQQiKEAfjpo2gwCgYIKoZIzj0EAwIw
IzEhMB8GA1UEAwwYcmFuY2hlci5hY21lLmV4YW1wbGUuY29tMB4XDTI2MTEyNTAy
MDc1NVoXDTM2MTEyMjAyMDc1NVowIzEhMB8GA1UEAwwYcmFuY2hlci5hY21lLmV4
YW1wbGUuY29tMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEh51A6inlaMFWYToe
YViiLx9MiQKVtc6XpBrU+/4EPLTzALuFWsneu7sv+AWa6vfc++CCDJ0yochkVVVI
CY7oBaN4MHYwHQYDVR0OBBYEFFixWSmOYh2BMagtwtnaByaPq/PeMB8GA1UdIwQY
MBaAFFixWSmOYh2BMagtwtnaByaPq/PeMA8GA1UdEwEB/wQFMAMBAf8wIwYDVR0R
BBwwGoIYcmFuY2hlci5hY21lLmV4YW1wbGUuY29tMAoGCCqGSM49BAMCA0cAMEQC
IECii+wrJVwxt1E11r7yBEOv/48reOFWIo5xb/2Zl8y0AiAfhXJWOcoyGzfJB47X
3CpOfALml7wDKVbGAHcBJPYPLw==
-----END CERTIFICATE-----
`;
const PRIVATE_KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgxd9RxiN3j8gAN8uz
aiY/VLCYUHfY0FrOvvfyXaG7/MGhRANCAASHnUDqKeVowVZhOh5hWKIvH0yJApW1
zpekGtT7/gQ8tPMAu4Vayd67uy/4BZrq99z74IIMnTKhyGRVVUgJjugF
-----END PRIVATE KEY-----
`;
const IN_TIME = new Date("2030-01-01T00:00:00Z");

interface Given {
  certificate?: string;
  privateKey?: string;
  hostname?: string;
  now?: Date;
}

function findings({
  certificate = CERTIFICATE,
  privateKey = PRIVATE_KEY,
  hostname = "rancher.acme.example.com",
  now = IN_TIME,
}: Given): string[] {
  const tls = { kind: "provided", certificate, privateKey };
  try {
    parseSettings({ ...smallest(), cluster: gke(), rancher: rancher({ hostname, tls }) }, { now });
    return [];
  } catch (error) {
    assert.ok(error instanceof SettingsError);
    assert.ok(!error.message.includes("BEGIN PRIVATE KEY"));
    return error.problems.map(({ path, given }) => `${formatPath(path)}: ${given}`);
  }
}

describe("a certificate for Rancher", () => {
  it("is accepted when it fits its key, its host name and the day", () => {
    assert.deepEqual(findings({}), []);
  });

  it("is refused when its name is another", () => {
    assert.match(
      findings({ hostname: "rancher.other.example.com" }).join(),
      /^onprem:rancher\.tls\.certificate: a certificate for DNS:rancher\.acme/,
    );
  });

  it("is refused when it has expired or is not valid yet", () => {
    for (const day of ["2040-01-01", "2020-01-01"]) {
      assert.match(
        findings({ now: new Date(day) }).join(),
        /^onprem:rancher\.tls\.certificate: a certificate valid from/,
      );
    }
  });

  it("is refused when the private key is another's", () => {
    const { privateKey } = generateKeyPairSync("ec", {
      namedCurve: "prime256v1",
      privateKeyEncoding: { type: "pkcs8", format: "pem" },
      publicKeyEncoding: { type: "spki", format: "pem" },
    });
    assert.match(
      findings({ privateKey }).join(),
      /^onprem:rancher\.tls\.privateKey: a private key that does not belong/,
    );
  });

  it("is refused when the private key is none", () => {
    assert.match(
      findings({ privateKey: "s3cr3t" }).join(),
      /^onprem:rancher\.tls\.privateKey: a value that is no private key/,
    );
  });

  it("is refused when it cannot be read", () => {
    const certificate = CERTIFICATE.replace("MIIB", "AAAA");
    assert.match(
      findings({ certificate }).join(),
      /^onprem:rancher\.tls\.certificate: a PEM certificate that cannot be read/,
    );
  });
});
