import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { alternativeNames, distinguishedName } from "../../../stand-ins/tls/names";
import { issueCertificate } from "../../../stand-ins/tls/x509";

/** A certificate, who signed it, and its key, as PEM. */
export interface CustomersCertificate {
  readonly certificate: string;
  readonly caCertificate: string;
  readonly privateKey: string;
}

const DAY = 24 * 60 * 60 * 1000;

/**
 * A server's certificate as a customer's own CA would sign it.
 * @param names of the server. Default: Rancher's host name
 */
export function customersCertificate(
  names: Parameters<typeof alternativeNames>[0] = { dnsNames: ["rancher.acme.example.com"] },
): CustomersCertificate {
  const [ca, server] = [0, 1].map(() => generateKeyPairSync("ec", { namedCurve: "P-256" }));
  assert.ok(ca && server);
  const authority = { name: distinguishedName({ commonName: "Acme CA" }), privateKey: ca.privateKey };
  const validity = { notBefore: new Date(Date.now() - DAY), notAfter: new Date(Date.now() + 90 * DAY) };
  const [caCertificate, certificate] = [
    issueCertificate(
      {
        ...{ ...validity, subject: authority.name, alternativeNames: [], allowedUses: ["cert_signing"] },
        ...{ isAuthority: true, withSubjectKeyId: true, publicKey: ca.publicKey },
      },
      authority,
    ),
    issueCertificate(
      {
        ...{ ...validity, subject: distinguishedName({ commonName: "server" }), allowedUses: ["server_auth"] },
        ...{ isAuthority: false, withSubjectKeyId: true, publicKey: server.publicKey },
        alternativeNames: alternativeNames(names),
      },
      authority,
    ),
  ].map(({ pem }) => pem);
  assert.ok(caCertificate && certificate);
  const privateKey = server.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  return { certificate, caCertificate, privateKey };
}
