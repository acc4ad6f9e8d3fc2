import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { alternativeNames, distinguishedName } from "../../stand-ins/tls/names";
import { type Issuer, issueCertificate, subjectKeyId } from "../../stand-ins/tls/x509";
import { network, nodeName, paths, ports } from "../layout";

/** A file of the certificates' folder. */
export const certificateFile = (name: string): string => join(paths.certificates, name);

const oneMinute = 60_000;
const tenYears = 10 * 365 * 24 * 60 * oneMinute;

/** What one certificate of the cluster says. */
interface CertificateSettings {
  /** Names its files: NAME.key, NAME.crt. */
  readonly name: string;
  readonly subject: { readonly commonName: string; readonly organization?: string };
  readonly allowedUses: string[];
  readonly dnsNames?: string[];
  readonly ipAddresses?: string[];
}

/** Makes a key and a certificate for it, signed by the issuer or by itself; returns who it would sign as. */
function issue(settings: CertificateSettings, issuer?: Issuer): Issuer {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const name = distinguishedName({ ...settings.subject });
  const { pem } = issueCertificate(
    {
      subject: name,
      alternativeNames: alternativeNames({
        dnsNames: settings.dnsNames ?? [],
        ipAddresses: settings.ipAddresses ?? [],
      }),
      allowedUses: settings.allowedUses,
      isAuthority: issuer === undefined,
      withSubjectKeyId: true,
      publicKey,
      notBefore: new Date(Date.now() - oneMinute),
      notAfter: new Date(Date.now() + tenYears),
    },
    issuer ?? { name, privateKey },
  );
  writePrivateKey(settings.name, privateKey);
  writeFileSync(certificateFile(`${settings.name}.crt`), pem);
  return { name, privateKey, keyId: subjectKeyId(publicKey) };
}

function writePrivateKey(name: string, key: KeyObject): void {
  const pem = key.export({ type: "pkcs8", format: "pem" });
  writeFileSync(certificateFile(`${name}.key`), pem, { mode: 0o600 });
}

/** Makes the cluster's certificates and the administrator's kubeconfig, once; they live as long as the cluster. */
export function ensureCertificates(): void {
  if (existsSync(paths.kubeconfig)) return;
  mkdirSync(paths.certificates, { recursive: true });
  const authority = issue({
    name: "ca",
    subject: { commonName: "onprem-lab" },
    allowedUses: ["cert_signing", "crl_signing"],
  });
  for (const settings of clusterCertificates) issue(settings, authority);
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  writePrivateKey("service-account", privateKey);
  writeFileSync(certificateFile("service-account.pub"), publicKey.export({ type: "spki", format: "pem" }));
  writeKubeconfig();
}

const clusterCertificates: readonly CertificateSettings[] = [
  {
    name: "apiserver",
    subject: { commonName: "kube-apiserver" },
    allowedUses: ["digital_signature", "server_auth"],
    dnsNames: ["localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc"],
    ipAddresses: ["127.0.0.1", network.nodeAddress, network.kubernetesService],
  },
  {
    name: "kubelet",
    subject: { commonName: nodeName },
    allowedUses: ["digital_signature", "server_auth"],
    dnsNames: [nodeName],
    ipAddresses: [network.nodeAddress],
  },
  {
    name: "admin",
    subject: { commonName: "admin", organization: "system:masters" },
    allowedUses: ["digital_signature", "client_auth"],
  },
];

function writeKubeconfig(): void {
  const base64 = (name: string) => readFileSync(certificateFile(name)).toString("base64");
  const server = `https://${network.nodeAddress}:${ports.apiserver}`;
  const kubeconfig = {
    apiVersion: "v1",
    kind: "Config",
    // All of it stays on this machine: to compress it would cost more than to send it.
    clusters: [
      { name: "lab", cluster: { server, "certificate-authority-data": base64("ca.crt"), "disable-compression": true } },
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
