import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import type { CertificateOrigin } from "./cloud-config";

/** How Rancher gets its certificate. */
export type CertificateSource =
  | { readonly kind: "letsencrypt" }
  | {
      readonly kind: "provided";
      /** PEM of the certificate, followed by its intermediates. */
      readonly certificate: string;
      /** PEM of its key. */
      readonly privateKey: pulumi.Input<string>;
      /** PEM of the private CA that signed it. Absent: a public CA signed it. */
      readonly caCertificate: string | undefined;
    }
  | {
      readonly kind: "selfSigned";
      /** How long the certificate is valid, days. */
      readonly validityDays: number;
    };

/** Arguments of {@link RancherCertificate}. */
export interface RancherCertificateArgs {
  /** Customer's name. */
  readonly customer: string;
  /** Name that the certificate is for. */
  readonly hostname: string;
  /** How it comes about. */
  readonly source: CertificateSource;
}

const CA_VALIDITY_DAYS = 3650;
/** A certificate is made anew by the first `pulumi up` within this time of its end. */
const RENEWAL_DAYS = 30;
const HOURS = 24;

/** The certificate of Rancher's address: given by the customer, made here, or left to Let's Encrypt. */
export class RancherCertificate extends pulumi.ComponentResource {
  /** How it comes about. */
  readonly origin: CertificateOrigin;
  /** The CA that clients have to be told of; `undefined` where they know it. */
  readonly caCertificate: pulumi.Output<string> | undefined;
  /** Certificate, key and CA for the VM, as JSON (secret); `undefined` with Let's Encrypt. */
  readonly bundle: pulumi.Output<string> | undefined;

  constructor(
    name: string,
    private readonly args: RancherCertificateArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("onprem:rancher:RancherCertificate", name, {}, opts);
    const { source } = args;
    if (source.kind === "letsencrypt") {
      this.origin = "letsencrypt";
    } else if (source.kind === "provided") {
      this.origin = source.caCertificate === undefined ? "publicAuthority" : "privateAuthority";
      this.caCertificate = source.caCertificate === undefined ? undefined : pulumi.output(source.caCertificate);
      this.bundle = bundle(source.certificate, source.privateKey, source.caCertificate);
    } else {
      this.origin = "privateAuthority";
      const made = this.selfSigned(source.validityDays);
      this.caCertificate = made.caCertificate;
      this.bundle = bundle(made.certificate, made.privateKey, made.caCertificate);
    }
    this.registerOutputs({ caCertificate: this.caCertificate });
  }

  private selfSigned(validityDays: number) {
    const parent = { parent: this };
    const caKey = new tls.PrivateKey("ca-key", { algorithm: "ECDSA", ecdsaCurve: "P256" }, parent);
    const ca = new tls.SelfSignedCert(
      "ca",
      {
        privateKeyPem: caKey.privateKeyPem,
        subject: { commonName: `Rancher CA of ${this.args.customer}`, organization: this.args.customer },
        isCaCertificate: true,
        validityPeriodHours: CA_VALIDITY_DAYS * HOURS,
        allowedUses: ["cert_signing", "crl_signing"],
      },
      parent,
    );
    const key = new tls.PrivateKey("key", { algorithm: "ECDSA", ecdsaCurve: "P256" }, parent);
    const request = new tls.CertRequest(
      "request",
      {
        privateKeyPem: key.privateKeyPem,
        subject: { commonName: this.args.hostname, organization: this.args.customer },
        dnsNames: [this.args.hostname],
      },
      parent,
    );
    const certificate = new tls.LocallySignedCert(
      "certificate",
      {
        certRequestPem: request.certRequestPem,
        caPrivateKeyPem: caKey.privateKeyPem,
        caCertPem: ca.certPem,
        validityPeriodHours: validityDays * HOURS,
        earlyRenewalHours: Math.min(RENEWAL_DAYS, validityDays / 3) * HOURS,
        allowedUses: ["digital_signature", "key_encipherment", "server_auth"],
      },
      parent,
    );
    return { certificate: certificate.certPem, privateKey: key.privateKeyPem, caCertificate: ca.certPem };
  }
}

function bundle(
  certificate: pulumi.Input<string>,
  privateKey: pulumi.Input<string>,
  caCertificate: pulumi.Input<string> | undefined,
): pulumi.Output<string> {
  return pulumi.secret(
    pulumi.output({ certificate, privateKey, caCertificate }).apply((parts) => JSON.stringify(parts)),
  );
}
