import { z } from "zod";
import { dnsLabel, hostName } from "../fields";

/**
 * A public way in, HTTPS only.
 * @param name what it leads to, for the examples
 */
export function ingress(name: string) {
  return z.strictObject({
    host: hostName(`${name}.example.com`).describe("Public host name."),
    className: dnsLabel("nginx").optional().describe("Ingress class; the cluster's default when absent."),
    annotations: z.record(z.string(), z.string()).describe("Annotations for the ingress controller.").default({}),
    tls: z
      .strictObject({
        secretName: dnsLabel(`${name}-tls`)
          .optional()
          .describe("Secret with the certificate, made by the customer. Give this or `clusterIssuer`."),
        clusterIssuer: dnsLabel("letsencrypt")
          .optional()
          .describe("cert-manager ClusterIssuer that makes the certificate. Give this or `secretName`."),
      })
      .describe("Certificate of the host; plain HTTP is not offered."),
  });
}
