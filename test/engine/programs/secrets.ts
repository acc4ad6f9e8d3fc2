/** Every kind of secret that the platform generates: passwords, keys and certificates. */
import { Config } from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import * as tls from "@pulumi/tls";

const generation = new Config().get("generation") ?? "1";

const databasePassword = new random.RandomPassword("database", {
  length: 24,
  minNumeric: 2,
  special: false,
  keepers: { generation },
});
const masterKey = new random.RandomPassword("master-key", { length: 72 });
const instance = new random.RandomUuid("instance");

const authorityKey = new tls.PrivateKey("authority", { algorithm: "ECDSA", ecdsaCurve: "P256" });
const authority = new tls.SelfSignedCert("authority", {
  privateKeyPem: authorityKey.privateKeyPem,
  isCaCertificate: true,
  subject: { commonName: "engine test authority", organization: "customer" },
  validityPeriodHours: 24 * 365,
  allowedUses: ["cert_signing", "crl_signing"],
});
const serverKey = new tls.PrivateKey("server", { algorithm: "ED25519" });
const request = new tls.CertRequest("server", {
  privateKeyPem: serverKey.privateKeyPem,
  dnsNames: ["parse.example.com"],
  subject: { commonName: "parse.example.com" },
});
const server = new tls.LocallySignedCert("server", {
  certRequestPem: request.certRequestPem,
  caPrivateKeyPem: authorityKey.privateKeyPem,
  caCertPem: authority.certPem,
  validityPeriodHours: 24 * 90,
  earlyRenewalHours: 24 * 30,
  allowedUses: ["digital_signature", "server_auth"],
});
const publicKey = tls.getPublicKeyOutput({ privateKeyOpenssh: serverKey.privateKeyOpenssh });

export const secrets = {
  databasePassword: databasePassword.result,
  databasePasswordHash: databasePassword.bcryptHash,
  masterKey: masterKey.result,
  authorityKey: authorityKey.privateKeyPem,
  serverKey: serverKey.privateKeyPemPkcs8,
  serverKeyOpenssh: serverKey.privateKeyOpenssh,
};
export const open = {
  authorityCertificate: authority.certPem,
  instance: instance.result,
  publicKey: publicKey.publicKeyPem,
  serverCertificate: server.certPem,
  serverPublicKey: serverKey.publicKeyPem,
};
