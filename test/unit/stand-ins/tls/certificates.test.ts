import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type PropertyMap, secret } from "../../../../stand-ins/plugin/property-values";
import { tlsProvider } from "../../../../stand-ins/tls/plugin";
import { ProviderClient } from "../../../support/plugins/provider-client";

const KEY = "tls:index/privateKey:PrivateKey";
const SELF_SIGNED = "tls:index/selfSignedCert:SelfSignedCert";
const REQUEST = "tls:index/certRequest:CertRequest";
const LOCALLY_SIGNED = "tls:index/locallySignedCert:LocallySignedCert";

const AUTHORITY = {
  allowedUses: ["cert_signing", "crl_signing"],
  isCaCertificate: true,
  subject: { commonName: "Customer CA", country: "DE", organization: "Größe & Söhne", emailAddress: "ca@example.com" },
  validityPeriodHours: 48,
};
const SERVER = {
  dnsNames: ["parse.example.com", "*.example.com"],
  ipAddresses: ["10.1.2.3", "fd00::17"],
  subject: { commonName: "parse.example.com", streetAddresses: ["1 Main St", "Floor 2"] },
  uris: ["spiffe://example.com/parse"],
};

describe("certificates of the lab's tls plugin", () => {
  let provider: ProviderClient;
  let folder: string;
  after(() => {
    provider.close();
    rmSync(folder, { recursive: true });
  });

  const create = async (token: string, inputs: PropertyMap): Promise<{ [name: string]: string }> =>
    (await provider.create(token, inputs)).properties as { [name: string]: string };
  const file = (name: string, content: string | undefined): string => {
    const path = join(folder, name);
    writeFileSync(path, content ?? "", { mode: 0o600 });
    return path;
  };
  const command = (program: string, ...args: string[]): string =>
    execFileSync(program, args, { encoding: "utf8", stdio: "pipe" });

  let authorityKey: string;
  let serverKey: string;
  let authority: PropertyMap;
  let request: string;
  before(async () => {
    provider = await ProviderClient.connect(tlsProvider);
    folder = mkdtempSync(join(tmpdir(), "tls-plugin-"));
    authorityKey = (await create(KEY, { algorithm: "ECDSA", ecdsaCurve: "P384" })).privateKeyPem as string;
    serverKey = (await create(KEY, { algorithm: "RSA" })).privateKeyPem as string;
    authority = (await provider.create(SELF_SIGNED, { ...AUTHORITY, maxPathLength: 0, privateKeyPem: authorityKey }))
      .properties;
    request = (await create(REQUEST, { ...SERVER, privateKeyPem: serverKey })).certRequestPem as string;
  });
  const signed = (more: PropertyMap = {}): PropertyMap => ({
    allowedUses: ["digital_signature", "key_encipherment", "server_auth", "client_auth"],
    caCertPem: authority.certPem as string,
    caPrivateKeyPem: authorityKey,
    certRequestPem: request,
    validityPeriodHours: 24,
    ...more,
  });

  it("signs a request whose certificate OpenSSL verifies for every name it asked for", async () => {
    const { certPem } = await create(LOCALLY_SIGNED, signed());
    const ca = file("ca.pem", authority.certPem as string);
    const path = file("server.pem", certPem);
    const verify = (...args: string[]): string =>
      command("openssl", "verify", "-x509_strict", "-CAfile", ca, ...args, path);
    assert.match(verify("-purpose", "sslserver", "-verify_hostname", "parse.example.com"), /: OK\n$/);
    assert.match(verify("-verify_ip", "10.1.2.3"), /: OK\n$/);
    assert.match(verify("-verify_ip", "fd00::17"), /: OK\n$/);
    assert.throws(() => verify("-verify_hostname", "other.test"), /hostname mismatch/);
    assert.ok(new X509Certificate(certPem as string).checkPrivateKey(createPrivateKey(serverKey)));
  });

  it("says in the certificate what was asked for", async () => {
    const { certPem } = await create(LOCALLY_SIGNED, signed({ setSubjectKeyId: true }));
    const text = command(
      "openssl",
      "x509",
      "-noout",
      "-text",
      "-nameopt",
      "utf8,sep_comma_plus",
      "-in",
      file("server.pem", certPem),
    );
    const expected = [
      /Issuer: C=DE,O=Größe & Söhne,CN=Customer CA,emailAddress=ca@example.com/,
      /Subject: street=1 Main St\+street=Floor 2,CN=parse.example.com/,
      /Key Usage: critical\n\s+Digital Signature, Key Encipherment\n/,
      /Extended Key Usage: \n\s+TLS Web Server Authentication, TLS Web Client Authentication\n/,
      /Basic Constraints: critical\n\s+CA:FALSE\n/,
      /DNS:parse.example.com, DNS:\*.example.com, IP Address:10.1.2.3, IP Address:FD00:0:0:0:0:0:0:17, URI:spiffe:\/\/example.com\/parse/,
      /Signature Algorithm: ecdsa-with-SHA384/,
      /X509v3 Subject Key Identifier/,
      /X509v3 Authority Key Identifier/,
    ];
    for (const pattern of expected) assert.match(text, pattern);
  });

  it("limits an authority's path length, zero included", () => {
    const text = command("openssl", "x509", "-noout", "-text", "-in", file("ca.pem", authority.certPem as string));
    assert.match(text, /Basic Constraints: critical\n\s+CA:TRUE, pathlen:0\n/);
  });

  it("encodes every key usage as OpenSSL reads it", async () => {
    const allowedUses = [
      "digital_signature",
      "crl_signing",
      "encipher_only",
      "decipher_only",
      "timestamping",
      "any_extended",
    ];
    const { certPem } = await create(SELF_SIGNED, { ...AUTHORITY, allowedUses, privateKeyPem: authorityKey });
    const text = command("openssl", "x509", "-noout", "-text", "-in", file("uses.pem", certPem));
    assert.match(text, /Key Usage: critical\n\s+Digital Signature, CRL Sign, Encipher Only, Decipher Only\n/);
    assert.match(text, /Extended Key Usage: \n\s+Time Stamping, Any Extended Key Usage\n/);
  });

  it("writes a request that OpenSSL verifies, also without any name", async () => {
    const { certRequestPem } = await create(REQUEST, { privateKeyPem: serverKey });
    for (const pem of [request, certRequestPem]) {
      command("openssl", "req", "-noout", "-verify", "-in", file("server.csr", pem));
    }
    assert.match(
      command("openssl", "req", "-noout", "-text", "-in", file("server.csr", request)),
      /DNS:parse.example.com/,
    );
  });

  it("is valid from now for the asked hours, in state and certificate", async () => {
    const { certPem, validityStartTime, validityEndTime } = await create(LOCALLY_SIGNED, signed());
    const certificate = new X509Certificate(certPem as string);
    const seconds = (text = ""): number => Math.floor(Date.parse(text) / 1000);
    assert.equal(seconds(validityEndTime) - seconds(validityStartTime), 24 * 3600);
    assert.equal(seconds(certificate.validFrom), seconds(validityStartTime));
    assert.equal(seconds(certificate.validTo), seconds(validityEndTime));
  });

  it("keeps the authority's key secret", async () => {
    const { wire } = await provider.create(LOCALLY_SIGNED, signed());
    assert.deepEqual(wire.caPrivateKeyPem, secret(authorityKey));
  });

  it("is replaced when its time for renewal has come, and says so when it is read", async () => {
    const { id, properties } = await provider.create(LOCALLY_SIGNED, signed());
    const early = signed({ earlyRenewalHours: 24 });
    assert.deepEqual(await provider.diff(LOCALLY_SIGNED, properties, signed()), { changed: [], replaces: [] });
    assert.deepEqual((await provider.diff(LOCALLY_SIGNED, properties, early)).replaces, ["readyForRenewal"]);
    assert.equal((await provider.read(LOCALLY_SIGNED, id, properties)).properties.readyForRenewal, false);
    const read = await provider.read(LOCALLY_SIGNED, id, { ...properties, earlyRenewalHours: 24 });
    assert.equal(read.properties.readyForRenewal, true);
  });

  it("stays the same certificate when only the time of its renewal is set", async () => {
    const { properties } = await provider.create(LOCALLY_SIGNED, signed());
    const news = signed({ earlyRenewalHours: 2 });
    const change = await provider.diff(LOCALLY_SIGNED, properties, news);
    assert.deepEqual(change, { changed: ["earlyRenewalHours"], replaces: [] });
    const updated = await provider.update(LOCALLY_SIGNED, properties, news);
    assert.deepEqual(updated, { ...properties, earlyRenewalHours: 2 });
  });

  it("refuses a key that is not the authority's, and inputs that cannot be read", async () => {
    await assert.rejects(
      create(LOCALLY_SIGNED, signed({ caPrivateKeyPem: serverKey })),
      /not the private key of the certificate/,
    );
    await assert.rejects(
      create(LOCALLY_SIGNED, signed({ caCertPem: "x" })),
      /caCertPem cannot be read: it holds no PEM block/,
    );
    await assert.rejects(create(REQUEST, { privateKeyPem: "x" }), /privateKeyPem cannot be read as a private key/);
  });

  it("refuses names, uses and subjects that a certificate cannot hold", async () => {
    const bad = async (more: PropertyMap): Promise<string[]> => {
      const news = { ...AUTHORITY, privateKeyPem: authorityKey, ...more };
      return (await provider.check(SELF_SIGNED, news)).failures.map(({ property, reason }) => `${property}: ${reason}`);
    };
    assert.deepEqual(await bad({}), []);
    assert.deepEqual(await bad({ ipAddresses: ["10.0.0.300"] }), ['ipAddresses: "10.0.0.300" is not an IP address']);
    assert.deepEqual(await bad({ uris: ["parse"] }), ['uris: "parse" is not an absolute URI']);
    assert.match(
      (await bad({ allowedUses: ["signing"] })).join(),
      /^allowedUses: must be a list of any_extended, .*, not \["signing"\]$/,
    );
    assert.match((await bad({ subject: { name: "x" } })).join(), /^subject.name: is not a part of a subject/);
    assert.match((await bad({ subject: {} })).join(), /^subject: must have at least one part/);
  });

  it("signs with the public key of the request, not the authority's", async () => {
    const { certPem } = await create(LOCALLY_SIGNED, signed());
    const expected = createPublicKey(serverKey).export({ type: "spki", format: "pem" });
    assert.equal(new X509Certificate(certPem as string).publicKey.export({ type: "spki", format: "pem" }), expected);
  });
});
