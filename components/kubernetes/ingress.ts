/** A public way in, HTTPS only. */
export interface Ingress {
  /** Public host name. */
  readonly host: string;
  /** Ingress class. Absent: the cluster's default. */
  readonly className: string | undefined;
  /** Annotations for the ingress controller. */
  readonly annotations: Readonly<Record<string, string>>;
  /** Certificate of the host: one of the two is given. */
  readonly tls: {
    /** A Secret of the customer's with the certificate. */
    readonly secretName: string | undefined;
    /** cert-manager's ClusterIssuer that makes the certificate. */
    readonly clusterIssuer: string | undefined;
  };
}

/** Annotations by which cert-manager makes the host's certificate; none where the customer gives a Secret. Pure. */
export function issuerAnnotations({ tls }: Pick<Ingress, "tls">): Record<string, string> {
  return tls.clusterIssuer === undefined ? {} : { "cert-manager.io/cluster-issuer": tls.clusterIssuer };
}

/**
 * Name of the Secret with the host's certificate. Pure.
 * @param owner what the ingress leads to: a certificate that cert-manager makes is named after it
 */
export function certificateSecret({ tls }: Pick<Ingress, "tls">, owner: string): string {
  return tls.secretName ?? `${owner}-tls`;
}
