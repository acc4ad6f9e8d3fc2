import type { Properties, ResourceFacts } from "../../../policy/definition";
import type { PolicyRunSettings } from "../../../policy/run-settings";
import { guarded, UNKNOWN_TEXT } from "../../../policy/unknowns";

/** What a policy is tested with. */
export interface PolicyCase {
  /** Resources without a fault; a policy on whole stacks sees them together. */
  compliant: readonly ResourceFacts[];
  /** Changes of the compliant resources, each of which it must find. */
  violating: readonly Mutation[];
  /** A property of the first resource that a preview may not know, as a path. */
  unknown: string;
  /** Whether the policy passes over what it does not know, since the update looks again. Default: it is undecided. */
  unknownIsPassedOver?: boolean;
  /** What the stack says of itself. Default: production of the customer acme. */
  settings?: Partial<PolicyRunSettings>;
}

/** One changed value, and where the policy must see it. */
export interface Mutation {
  /** Path in the first resource's properties; with `@` in front in what else is known of it. */
  set: string;
  /** `undefined` takes the property out. */
  to: unknown;
  /** Which resource. Default: the first. */
  of?: number;
  /** The property in the finding, or those in several. Default: the path. */
  found?: string | readonly string[];
  settings?: Partial<PolicyRunSettings>;
}

/** A resource as the engine would hand it over. */
export function resource(type: string, props: Properties, more: Partial<ResourceFacts> = {}): ResourceFacts {
  const name: string = more.name ?? props.metadata?.name ?? "one";
  const urn = `urn:pulumi:test::onprem-platform::${type}::${name}`;
  return { type, name, urn, props, protect: false, parent: "", ...more };
}

/** Resources with one value changed. */
export function mutated(resources: readonly ResourceFacts[], { set, to, of = 0 }: Mutation): ResourceFacts[] {
  return resources.map((original, index) => {
    const copy = structuredClone(original);
    if (index === of)
      assign(set.startsWith("@") ? (copy as unknown as Properties) : copy.props, set.replace("@", ""), to);
    return copy;
  });
}

/** Resources with one value that is not known. */
export function withUnknown(resources: readonly ResourceFacts[], path: string): ResourceFacts[] {
  return mutated(resources, { set: path, to: UNKNOWN_TEXT });
}

/** Resources in the view that the SDK hands to policies. */
export function asSeen(resources: readonly ResourceFacts[]): ResourceFacts[] {
  return resources.map((one) => ({ ...one, props: guarded(one.props) }));
}

function assign(target: Properties, path: string, value: unknown): void {
  const steps = [...path.matchAll(/\["([^"]+)"\]|\[(\d+)\]|([^.[\]]+)/g)].map(
    ([, quoted, index, word]) => quoted ?? index ?? word ?? "",
  );
  const last = steps.pop() ?? "";
  let node = target;
  for (const step of steps) {
    node[step] ??= {};
    node = node[step];
  }
  if (value === undefined) delete node[last];
  else node[last] = value;
}
