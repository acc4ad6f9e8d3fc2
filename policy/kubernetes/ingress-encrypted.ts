import { manifestPolicy } from "../definition";
import { ours } from "../frameworks";

interface Tls {
  hosts?: string[];
}

/** What is public is encrypted. */
export const ingressEncrypted = manifestPolicy({
  name: "ingress-encrypted",
  description: "Every host of an Ingress has a certificate.",
  level: "mandatory",
  severity: "critical",
  framework: ours("TLS on everything public"),
  link: "https://kubernetes.io/docs/concepts/services-networking/ingress/#tls",
  remedy: "Name the host under spec.tls.",
  kinds: ["Ingress"],
  *check({ object }) {
    const entries: Tls[] = object.spec?.tls ?? [];
    const encrypted = new Set(entries.flatMap(({ hosts }) => hosts ?? []));
    for (const [index, rule] of (object.spec?.rules ?? []).entries()) {
      const host: string = rule.host ?? "*";
      const wildcard = host.replace(/^[^.]+/, "*");
      if (encrypted.has(host) || encrypted.has(wildcard)) continue;
      yield {
        property: `spec.rules[${index}].host`,
        problem: `${host} has no certificate`,
        fix: "add it to spec.tls",
      };
    }
    if (object.spec?.defaultBackend && entries.length === 0) {
      yield { property: "spec.defaultBackend", problem: "is served without TLS", fix: "add spec.tls" };
    }
  },
});
