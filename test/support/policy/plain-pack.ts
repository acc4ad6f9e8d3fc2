/**
 * The policy pack as the SDK alone serves it, without policy/narrowing.ts: each policy is asked about each resource, which
 * the SDK decodes anew each time. For tests that findings are the same either way.
 */
import type { ResourceValidationPolicy } from "@pulumi/policy";
import { onpremPack, startPack } from "../../../policy/onprem-pack";
import { factsOf } from "../../../policy/pack";

const pack = onpremPack();

/** Policies are asked in their order: this one, before the others, takes note of each resource. It finds nothing. */
const witness: ResourceValidationPolicy = {
  name: "witness",
  description: "Every resource is taken note of.",
  enforcementLevel: "advisory",
  validateResource: (resource) => pack.remember(factsOf(resource)),
};

startPack([witness, ...pack.served]);
