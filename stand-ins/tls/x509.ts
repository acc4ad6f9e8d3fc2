/** Builds and signs X.509 certificates and requests: the structures by `@peculiar/asn1-x509`, the signature by Node. */
import { createHash, createPublicKey, type KeyObject, randomBytes, sign } from "node:crypto";
import { Attributes, CertificationRequest, CertificationRequestInfo } from "@peculiar/asn1-csr";
import { AsnConvert, OctetString } from "@peculiar/asn1-schema";
import * as x509 from "@peculiar/asn1-x509";

/** PKCS #9's attribute for the extensions that a request asks for (RFC 2985, section 5.4.2). */
const EXTENSION_REQUEST = "1.2.840.113549.1.9.14";

const KEY_USAGES: { readonly [name: string]: x509.KeyUsageFlags } = {
  cert_signing: x509.KeyUsageFlags.keyCertSign,
  content_commitment: x509.KeyUsageFlags.nonRepudiation,
  crl_signing: x509.KeyUsageFlags.cRLSign,
  data_encipherment: x509.KeyUsageFlags.dataEncipherment,
  decipher_only: x509.KeyUsageFlags.decipherOnly,
  digital_signature: x509.KeyUsageFlags.digitalSignature,
  encipher_only: x509.KeyUsageFlags.encipherOnly,
  key_agreement: x509.KeyUsageFlags.keyAgreement,
  key_encipherment: x509.KeyUsageFlags.keyEncipherment,
};
const EXTENDED_KEY_USAGES: { readonly [name: string]: string } = {
  any_extended: x509.anyExtendedKeyUsage,
  client_auth: x509.id_kp_clientAuth,
  code_signing: x509.id_kp_codeSigning,
  email_protection: x509.id_kp_emailProtection,
  ipsec_end_system: "1.3.6.1.5.5.7.3.5",
  ipsec_tunnel: "1.3.6.1.5.5.7.3.6",
  ipsec_user: "1.3.6.1.5.5.7.3.7",
  microsoft_commercial_code_signing: "1.3.6.1.4.1.311.2.1.22",
  microsoft_kernel_code_signing: "1.3.6.1.4.1.311.61.1.1",
  microsoft_server_gated_crypto: "1.3.6.1.4.1.311.10.3.3",
  netscape_server_gated_crypto: "2.16.840.1.113730.4.1",
  ocsp_signing: x509.id_kp_OCSPSigning,
  server_auth: x509.id_kp_serverAuth,
  timestamping: x509.id_kp_timeStamping,
};

/** The values that `allowedUses` may hold. */
export const ALLOWED_USES = [...Object.keys(KEY_USAGES), ...Object.keys(EXTENDED_KEY_USAGES)].sort();

/** What a certificate says, apart from who signs it. */
export interface CertificateContent {
  subject: x509.Name;
  alternativeNames: x509.GeneralName[];
  /** Names of `ALLOWED_USES`. */
  allowedUses: string[];
  isAuthority: boolean;
  /** How many authorities may follow below this one; undefined for any number. Only for an authority. */
  maxPathLength?: number;
  withSubjectKeyId: boolean;
  publicKey: KeyObject;
  notBefore: Date;
  notAfter: Date;
}

/** Who signs a certificate. */
export interface Issuer {
  name: x509.Name;
  privateKey: KeyObject;
  /** The authority's subject key identifier, to be named in the certificate. */
  keyId?: ArrayBuffer;
}

interface SignatureAlgorithm {
  oid: string;
  digest: string | null;
  parameters?: ArrayBuffer | null;
}

/** The algorithm that goes with the key: the digest as strong as the curve, as Go chooses it. */
function signatureAlgorithm(key: KeyObject): SignatureAlgorithm {
  if (key.asymmetricKeyType === "ed25519") return { oid: "1.3.101.112", digest: null };
  // RSA's parameters are an explicit NULL (RFC 4055, section 5), those of the others are absent.
  if (key.asymmetricKeyType === "rsa") return { oid: "1.2.840.113549.1.1.11", digest: "sha256", parameters: null };
  switch (key.asymmetricKeyDetails?.namedCurve) {
    case "secp384r1":
      return { oid: "1.2.840.10045.4.3.3", digest: "sha384" };
    case "secp521r1":
      return { oid: "1.2.840.10045.4.3.4", digest: "sha512" };
    default:
      return { oid: "1.2.840.10045.4.3.2", digest: "sha256" };
  }
}

function algorithmIdentifier({ oid, parameters }: SignatureAlgorithm): x509.AlgorithmIdentifier {
  return new x509.AlgorithmIdentifier({ algorithm: oid, parameters });
}

/** A copy of the bytes in an `ArrayBuffer` of its own, which is what the ASN.1 library takes. */
function arrayBuffer(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}

function publicKeyInfo(publicKey: KeyObject): x509.SubjectPublicKeyInfo {
  return AsnConvert.parse(publicKey.export({ type: "spki", format: "der" }), x509.SubjectPublicKeyInfo);
}

/** SHA-1 of the public key's bits (RFC 5280, section 4.2.1.2, method 1). */
export function subjectKeyId(publicKey: KeyObject): ArrayBuffer {
  const bits = Buffer.from(publicKeyInfo(publicKey).subjectPublicKey);
  return arrayBuffer(createHash("sha1").update(bits).digest());
}

function extension(extnID: string, critical: boolean, value: unknown): x509.Extension {
  return new x509.Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) });
}

function alternativeNamesExtension(names: x509.GeneralName[], subject: x509.Name): x509.Extension {
  // Critical where the subject is empty (RFC 5280, section 4.2.1.6).
  return extension(x509.id_ce_subjectAltName, subject.length === 0, new x509.SubjectAlternativeName(names));
}

function extensions(content: CertificateContent, issuer: Issuer): x509.Extension[] {
  const usage = content.allowedUses.reduce((bits, name) => bits | (KEY_USAGES[name] ?? 0), 0);
  const purposes = content.allowedUses.flatMap((name) => EXTENDED_KEY_USAGES[name] ?? []);
  const constraints = new x509.BasicConstraints({
    cA: content.isAuthority,
    pathLenConstraint: content.isAuthority ? content.maxPathLength : undefined,
  });
  const list = [extension(x509.id_ce_basicConstraints, true, constraints)];
  if (usage) list.unshift(extension(x509.id_ce_keyUsage, true, new x509.KeyUsage(usage)));
  if (purposes.length > 0) list.push(extension(x509.id_ce_extKeyUsage, false, new x509.ExtendedKeyUsage(purposes)));
  if (content.isAuthority || content.withSubjectKeyId) {
    const keyId = new x509.SubjectKeyIdentifier(subjectKeyId(content.publicKey));
    list.push(extension(x509.id_ce_subjectKeyIdentifier, false, keyId));
  }
  if (issuer.keyId) {
    const authority = new x509.AuthorityKeyIdentifier({ keyIdentifier: new x509.KeyIdentifier(issuer.keyId) });
    list.push(extension(x509.id_ce_authorityKeyIdentifier, false, authority));
  }
  if (content.alternativeNames.length > 0) {
    list.push(alternativeNamesExtension(content.alternativeNames, content.subject));
  }
  return list;
}

/** A certificate in PEM, and its serial number in decimal digits. */
export function issueCertificate(content: CertificateContent, issuer: Issuer): { pem: string; serialNumber: string } {
  const algorithm = signatureAlgorithm(issuer.privateKey);
  // 127 random bits: a serial number is positive, and of at most 20 bytes (RFC 5280, section 4.1.2.2).
  const serial = randomBytes(16);
  serial.writeUInt8((serial.readUInt8(0) & 0x7f) | 0x01, 0);
  const toBeSigned = new x509.TBSCertificate({
    version: x509.Version.v3,
    serialNumber: arrayBuffer(serial),
    signature: algorithmIdentifier(algorithm),
    issuer: issuer.name,
    validity: new x509.Validity({ notBefore: content.notBefore, notAfter: content.notAfter }),
    subject: content.subject,
    subjectPublicKeyInfo: publicKeyInfo(content.publicKey),
    extensions: new x509.Extensions(extensions(content, issuer)),
  });
  const certificate = new x509.Certificate({
    tbsCertificate: toBeSigned,
    signatureAlgorithm: algorithmIdentifier(algorithm),
    signatureValue: signature(algorithm, toBeSigned, issuer.privateKey),
  });
  return { pem: toPem("CERTIFICATE", certificate), serialNumber: BigInt(`0x${serial.toString("hex")}`).toString() };
}

function signature(algorithm: SignatureAlgorithm, content: unknown, key: KeyObject): ArrayBuffer {
  return arrayBuffer(sign(algorithm.digest, Buffer.from(AsnConvert.serialize(content)), key));
}

/** A certificate request in PEM, signed with the key that it is for, and its DER bytes. */
export function createRequest(
  subject: x509.Name,
  names: x509.GeneralName[],
  privateKey: KeyObject,
): { pem: string; der: Buffer } {
  const algorithm = signatureAlgorithm(privateKey);
  const wanted = names.length > 0 ? [alternativeNamesExtension(names, subject)] : [];
  const attribute = new x509.Attribute({
    type: EXTENSION_REQUEST,
    values: [AsnConvert.serialize(new x509.Extensions(wanted))],
  });
  const info = new CertificationRequestInfo({
    version: 0,
    subject,
    subjectPKInfo: publicKeyInfo(createPublicKey(privateKey)),
    attributes: new Attributes(wanted.length > 0 ? [attribute] : []),
  });
  const request = new CertificationRequest({
    certificationRequestInfo: info,
    signatureAlgorithm: algorithmIdentifier(algorithm),
    signature: signature(algorithm, info, privateKey),
  });
  return { pem: toPem("CERTIFICATE REQUEST", request), der: Buffer.from(AsnConvert.serialize(request)) };
}

/** What a request asks for: its subject, its DNS names, IP addresses and URIs, and the key it is for. */
export function parseRequest(pem: string): { subject: x509.Name; names: x509.GeneralName[]; publicKey: KeyObject } {
  const { certificationRequestInfo: info } = AsnConvert.parse(
    fromPem("CERTIFICATE REQUEST", pem),
    CertificationRequest,
  );
  const der = Buffer.from(AsnConvert.serialize(info.subjectPKInfo));
  const wanted = info.attributes.find((attribute) => attribute.type === EXTENSION_REQUEST)?.values[0];
  const list = wanted ? AsnConvert.parse(wanted, x509.Extensions) : [];
  const found = list.find((item) => item.extnID === x509.id_ce_subjectAltName);
  const names = found ? [...AsnConvert.parse(found.extnValue.buffer, x509.SubjectAlternativeName)] : [];
  return {
    subject: info.subject,
    names: names.filter((name) => name.dNSName ?? name.iPAddress ?? name.uniformResourceIdentifier),
    publicKey: createPublicKey({ key: der, format: "der", type: "spki" }),
  };
}

/** An authority's name and subject key identifier, from its certificate. */
export function parseAuthority(pem: string): { name: x509.Name; keyId?: ArrayBuffer } {
  const { tbsCertificate } = AsnConvert.parse(fromPem("CERTIFICATE", pem), x509.Certificate);
  const found = tbsCertificate.extensions?.find((item) => item.extnID === x509.id_ce_subjectKeyIdentifier);
  const keyId = found && AsnConvert.parse(found.extnValue.buffer, x509.SubjectKeyIdentifier).buffer;
  return { name: tbsCertificate.subject, keyId };
}

function toPem(label: string, value: unknown): string {
  const lines =
    Buffer.from(AsnConvert.serialize(value))
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}

function fromPem(label: string, pem: string): ArrayBuffer {
  const body = new RegExp(`-----BEGIN ${label}-----([\\s\\S]+?)-----END ${label}-----`).exec(pem)?.[1];
  if (!body) throw new Error(`it holds no PEM block "${label}"`);
  return arrayBuffer(Buffer.from(body, "base64"));
}
