import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createPrivateKey } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type PropertyMap, secret } from "../../../../stand-ins/plugin/property-values";
import { tlsProvider } from "../../../../stand-ins/tls/plugin";
import { ProviderClient } from "../../../support/plugins/provider-client";

const KEY = "tls:index/privateKey:PrivateKey";
const SELF_SIGNED = "tls:index/selfSignedCert:SelfSignedCert";

/** Every kind of key: what it is asked by, and what OpenSSH calls it (nothing for the curve that it lacks). */
const KEYS: [name: string, inputs: PropertyMap, ssh: string][] = [
  ["RSA", { algorithm: "RSA" }, "ssh-rsa"],
  ["ECDSA P224", { algorithm: "ECDSA" }, ""],
  ["ECDSA P256", { algorithm: "ECDSA", ecdsaCurve: "P256" }, "ecdsa-sha2-nistp256"],
  ["ECDSA P384", { algorithm: "ECDSA", ecdsaCurve: "P384" }, "ecdsa-sha2-nistp384"],
  ["ECDSA P521", { algorithm: "ECDSA", ecdsaCurve: "P521" }, "ecdsa-sha2-nistp521"],
  ["ED25519", { algorithm: "ED25519" }, "ssh-ed25519"],
];

const AUTHORITY = {
  allowedUses: ["cert_signing", "crl_signing"],
  isCaCertificate: true,
  subject: { commonName: "Customer CA", country: "DE", organization: "Größe & Söhne", emailAddress: "ca@example.com" },
  validityPeriodHours: 48,
};
describe("private keys of the lab's tls plugin", () => {
  let provider: ProviderClient;
  let folder: string;
  before(async () => {
    provider = await ProviderClient.connect(tlsProvider);
    folder = mkdtempSync(join(tmpdir(), "tls-plugin-"));
  });
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

  for (const [name, inputs, ssh] of KEYS) {
    describe(`PrivateKey ${name}`, () => {
      let key: { [name: string]: string };
      before(async () => {
        key = await create(KEY, inputs);
      });

      it("is one key in all its formats, by OpenSSL", () => {
        const expected = key.publicKeyPem;
        assert.equal(command("openssl", "pkey", "-in", file("key.pem", key.privateKeyPem), "-pubout"), expected);
        assert.equal(command("openssl", "pkey", "-in", file("key.p8", key.privateKeyPemPkcs8), "-pubout"), expected);
        assert.equal(createPrivateKey(key.privateKeyPem as string).type, "private");
      });

      it(ssh ? "is the same key for OpenSSH" : "has no OpenSSH format, as OpenSSH does not know the curve", () => {
        if (!ssh) {
          const outputs = [
            key.privateKeyOpenssh,
            key.publicKeyOpenssh,
            key.publicKeyFingerprintMd5,
            key.publicKeyFingerprintSha256,
          ];
          assert.deepEqual(outputs, ["", "", "", ""]);
          return;
        }
        const path = file("id", key.privateKeyOpenssh);
        const [type, blob] = command("ssh-keygen", "-y", "-f", path).split(/\s/);
        assert.equal(type, ssh);
        assert.equal(key.publicKeyOpenssh, `${type} ${blob}\n`);
        assert.equal(command("ssh-keygen", "-l", "-f", path).split(" ")[1], key.publicKeyFingerprintSha256);
        assert.equal(
          command("ssh-keygen", "-l", "-E", "md5", "-f", path).split(" ")[1],
          `MD5:${key.publicKeyFingerprintMd5}`,
        );
      });

      it("gives getPublicKey the same public half from either format", async () => {
        const fromPem = await provider.invoke("tls:index/getPublicKey:getPublicKey", {
          privateKeyPem: key.privateKeyPem as string,
        });
        assert.equal(fromPem.publicKeyPem, key.publicKeyPem);
        assert.equal(fromPem.publicKeyOpenssh, key.publicKeyOpenssh);
        assert.equal(fromPem.algorithm, inputs.algorithm);
        if (!ssh) return;
        const { privateKeyOpenssh } = key as { privateKeyOpenssh: string };
        const fromSsh = await provider.invoke("tls:index/getPublicKey:getPublicKey", { privateKeyOpenssh });
        assert.equal(fromSsh.publicKeyPem, key.publicKeyPem);
      });

      it("signs a certificate that OpenSSL accepts as an authority's", async () => {
        const { certPem } = await create(SELF_SIGNED, { ...AUTHORITY, privateKeyPem: key.privateKeyPem as string });
        const path = file("ca.pem", certPem);
        assert.match(command("openssl", "verify", "-x509_strict", "-check_ss_sig", "-CAfile", path, path), /: OK\n$/);
        assert.equal(command("openssl", "x509", "-in", path, "-noout", "-pubkey"), key.publicKeyPem);
      });
    });
  }

  it("marks every form of a private key as secret", async () => {
    const { wire, properties } = await provider.create(KEY, { algorithm: "ED25519" });
    for (const name of ["privateKeyOpenssh", "privateKeyPem", "privateKeyPemPkcs8"]) {
      assert.deepEqual(wire[name], secret(properties[name] as string));
    }
    assert.equal(wire.publicKeyPem, properties.publicKeyPem);
  });

  it("makes a new key when an input changes, none when a default is written out", async () => {
    const { properties } = await provider.create(KEY, { algorithm: "ED25519" });
    assert.deepEqual((await provider.diff(KEY, properties, { algorithm: "ED25519", rsaBits: 2048 })).replaces, []);
    assert.deepEqual((await provider.diff(KEY, properties, { algorithm: "RSA" })).replaces, ["algorithm"]);
  });

  it("refuses an unknown algorithm with those it knows", async () => {
    const { failures } = await provider.check(KEY, { algorithm: "DSA" });
    assert.deepEqual(failures, [{ property: "algorithm", reason: 'must be one of RSA, ECDSA, ED25519, not "DSA"' }]);
  });

  it("imports neither keys nor certificates, as the real provider", async () => {
    await assert.rejects(provider.read(KEY, "abc"), /cannot be imported/);
  });
});
