import { z } from "zod";
import { dnsLabel, hostName } from "../fields";
import { chartName } from "../grammar-fields";

/**
 * A public way in, HTTPS only.
 * @param name what it leads to, for the examples
 */
export function ingress(name: string) {
  return z.strictObject({
    host: hostName(`${name}.example.com`).describe("Public host name."),
    className: chartName("nginx").optional().describe("Ingress class; the cluster's default when absent."),
    annotations: z
      .record(
        z
          .string()
          .regex(/^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/)
          .meta({ allowed: "the key of an annotation", example: "nginx.ingress.kubernetes.io/proxy-body-size" }),
        z.string(),
      )
      .describe("Annotations for the ingress controller.")
      .default({}),
    tls: z
      .strictObject({
        secretName: chartName(`${name}-tls`)
          .optional()
          .describe("Secret with the certificate, made by the customer. Give this or `clusterIssuer`."),
        clusterIssuer: dnsLabel("letsencrypt")
          .optional()
          .describe("cert-manager ClusterIssuer that makes the certificate. Give this or `secretName`."),
      })
      .describe("Certificate of the host; plain HTTP is not offered."),
  });
}
