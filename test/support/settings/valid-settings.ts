import * as fc from "fast-check";
import { openRanges } from "../../../components/grammars/addresses";

/** Smallest settings that are complete: a customer and a cluster that is there. */
export function smallest(): { customer: string; cluster: Record<string, unknown>; [section: string]: unknown } {
  return { customer: "acme", cluster: { kind: "existing", kubeconfig: "acme.kubeconfig" } };
}

/** A GKE cluster without anything that has a default. */
export function gke(more: Record<string, unknown> = {}): Record<string, unknown> {
  return { kind: "gke", project: "acme-platform", region: "europe-west3", ...more };
}

/** A Rancher server without anything that has a default. */
export function rancher(more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    hostname: "rancher.acme.example.com",
    zone: "europe-west3-a",
    allowedRanges: ["203.0.113.0/24"],
    tls: { kind: "selfSigned" },
    ...more,
  };
}

// A customer is a word that YAML reads as text, which `on` and `y` are not.
const label = fc
  .stringMatching(/^[a-z][a-z0-9]{0,10}$/)
  .filter((text) => !/^(y|n|yes|no|on|off|true|false|null)$/.test(text));
const size = fc
  .tuple(fc.integer({ min: 1, max: 64 }), fc.constantFrom("G", "Gi", "Ti"))
  .map(([n, unit]) => `${n}${unit}`);

const database = fc.oneof(
  fc.record(
    { kind: fc.constant("mongodb"), members: fc.constantFrom(3, 5, 7), storageSize: size },
    { requiredKeys: ["kind"] },
  ),
  fc.record(
    { kind: fc.constant("postgresql"), version: fc.constantFrom("15", "16.4", "17.11", "18") },
    { requiredKeys: ["kind"] },
  ),
);

const scale = fc.oneof(
  fc.record({ replicas: fc.integer({ min: 1, max: 100 }) }),
  fc
    .tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 0, max: 50 }))
    .map(([minReplicas, more]) => ({ autoscaling: { minReplicas, maxReplicas: minReplicas + more } })),
  fc.constant({}),
);

const parse = fc
  .tuple(
    fc.record(
      {
        namespace: label.map((name) => `app-${name}`),
        trustProxy: fc.integer({ min: 0, max: 10 }),
        masterKeyAllowedRanges: fc
          .array(
            fc.oneof(
              fc.ipV4(),
              fc.ipV6(),
              fc.ipV4().map((ip) => `${ip}/24`),
            ),
          )
          .filter((ranges) => openRanges(ranges).length === 0),
        clientKeys: fc.uniqueArray(fc.constantFrom("javascript", "rest", "dotNet", "client")),
        terminationDrainSeconds: fc.integer({ min: 0, max: 300 }),
        database,
      },
      { requiredKeys: [] },
    ),
    scale,
  )
  .map(([fields, scaling]) => ({ ...fields, ...scaling }));

const cluster = fc.oneof(
  fc.constant({ kind: "existing", kubeconfig: "some.kubeconfig" }),
  fc.integer({ min: 1, max: 20 }).map((perZone) => gke({ nodes: perZone * 3 })),
);

/** Any valid settings, with and without optional parts. */
export const validSettings = fc.record({ customer: label, cluster, parse }, { requiredKeys: ["customer", "cluster"] });
