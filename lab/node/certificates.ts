import "reflect-metadata";
import { generateKeyPairSync, type KeyObject, webcrypto } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as x509 from "@peculiar/x509";
import { network, paths, ports } from "../layout.js";

/** A file of the certificates' folder. */
export const certificateFile = (name: string): string => join(paths.certificates, name);

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const tenYears = 10 * 365 * 24 * 60 * 60 * 1000;

interface Authority {
  readonly certificate: x509.X509Certificate;
  readonly keys: CryptoKeyPair;
}

type CryptoKeyPair = webcrypto.CryptoKeyPair;

async function newKeys(name: string): Promise<CryptoKeyPair> {
  const keys = (await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"])) as CryptoKeyPair;
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey)).toString("base64");
  writePrivate(
    `${name}.key`,
    `-----BEGIN PRIVATE KEY-----\n${pkcs8.replace(/.{64}/g, "$&\n")}\n-----END PRIVATE KEY-----\n`,
  );
  return keys;
}

function writePrivate(name: string, content: string): void {
  writeFileSync(certificateFile(name), content, { mode: 0o600 });
}

async function newAuthority(): Promise<Authority> {
  const keys = await newKeys("ca");
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: "01",
    name: "CN=onprem-lab",
    notBefore: new Date(Date.now() - 60_000),
    notAfter: new Date(Date.now() + tenYears),
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  writeFileSync(certificateFile("ca.crt"), certificate.toString("pem"));
  return { certificate, keys };
}

async function issue(
  authority: Authority,
  name: string,
  subject: string,
  usages: x509.ExtendedKeyUsageType[],
  alternativeNames: readonly x509.JsonGeneralName[] = [],
): Promise<void> {
  const keys = await newKeys(name);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: Buffer.from(webcrypto.getRandomValues(new Uint8Array(15)))
      .toString("hex")
      .replace(/^/, "01"),
    subject,
    issuer: authority.certificate.subject,
    notBefore: new Date(Date.now() - 60_000),
    notAfter: new Date(Date.now() + tenYears),
    publicKey: keys.publicKey,
    signingKey: authority.keys.privateKey,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension(usages),
      ...(alternativeNames.length > 0 ? [new x509.SubjectAlternativeNameExtension([...alternativeNames])] : []),
    ],
  });
  writeFileSync(certificateFile(`${name}.crt`), certificate.toString("pem"));
}

function newServiceAccountKey(): void {
  const pair: { privateKey: KeyObject; publicKey: KeyObject } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  writePrivate("service-account.key", pair.privateKey.export({ type: "pkcs1", format: "pem" }).toString());
  writeFileSync(certificateFile("service-account.pub"), pair.publicKey.export({ type: "spki", format: "pem" }));
}

/** Makes the cluster's certificates and the administrator's kubeconfig, once; they live as long as the cluster. */
export async function ensureCertificates(): Promise<void> {
  if (existsSync(paths.kubeconfig)) return;
  mkdirSync(paths.certificates, { recursive: true });
  const authority = await newAuthority();
  const { serverAuth, clientAuth } = x509.ExtendedKeyUsage;
  await issue(
    authority,
    "apiserver",
    "CN=kube-apiserver",
    [serverAuth],
    [
      { type: "ip", value: "127.0.0.1" },
      { type: "ip", value: network.nodeAddress },
      { type: "ip", value: network.kubernetesService },
      ...["localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc"].map(
        (value) => ({ type: "dns", value }) as const,
      ),
    ],
  );
  await issue(
    authority,
    "kubelet",
    "CN=lab",
    [serverAuth],
    [
      { type: "ip", value: network.nodeAddress },
      { type: "dns", value: "lab" },
    ],
  );
  await issue(authority, "admin", "O=system:masters, CN=admin", [clientAuth]);
  newServiceAccountKey();
  writeKubeconfig();
}

function writeKubeconfig(): void {
  const base64 = (name: string) => readFileSync(certificateFile(name)).toString("base64");
  const kubeconfig = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      {
        name: "lab",
        cluster: {
          server: `https://${network.nodeAddress}:${ports.apiserver}`,
          "certificate-authority-data": base64("ca.crt"),
        },
      },
    ],
    users: [
      {
        name: "admin",
        user: { "client-certificate-data": base64("admin.crt"), "client-key-data": base64("admin.key") },
      },
    ],
    contexts: [{ name: "lab", context: { cluster: "lab", user: "admin" } }],
    "current-context": "lab",
  };
  writeFileSync(paths.kubeconfig, `${JSON.stringify(kubeconfig, undefined, 2)}\n`, { mode: 0o600 });
}
