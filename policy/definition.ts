import type { Framework } from "./frameworks";
import type { Properties } from "./properties";
import type { PolicyRunSettings } from "./run-settings";

export type { Properties } from "./properties";

/** What a policy may know of a resource. */
export interface ResourceFacts {
  /** Type token, e.g. `gcp:storage/bucket:Bucket`. */
  type: string;
  /** Name in the program. */
  name: string;
  /** URN; empty where there is none. */
  urn: string;
  /** Inputs, secrets in clear: never put a value of one into a finding. */
  props: Properties;
  /** Whether the engine refuses to delete or replace it. */
  protect: boolean;
  /** URN of the parent; empty for the stack. */
  parent: string;
}

/** A Kubernetes object, from a resource or out of a rendered chart. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  /** Name as a person knows it; may be generated, then it is the resource's. */
  name: string;
  /** Namespace; empty where there is none or it is the provider's default. */
  namespace: string;
  /** The whole object. */
  object: Properties;
  /** The resource that it comes from. */
  resource: ResourceFacts;
}

/** What is wrong, where, and how it is fixed. */
export interface Finding {
  /** Path of the property. */
  property: string;
  /** What is wrong with it; completes "PROPERTY …". */
  problem: string;
  /** What to do, as an imperative. */
  fix: string;
  /** The object inside the resource, where the resource holds several. */
  object?: string;
  /** URN of the resource, where the policy looks at several. */
  urn?: string;
}

/** A finding with the resource that it is on. */
export interface Violation extends Finding {
  /** The resource. */
  resource: ResourceFacts | undefined;
}

/** JSON schemas of a policy's thresholds, each with its default. */
export type Thresholds<T> = { [Key in keyof T]: ThresholdSchema<T[Key]> };

/** JSON schema of one threshold. */
export interface ThresholdSchema<T> {
  type: "integer" | "array" | "boolean" | "string";
  description: string;
  default: T;
  items?: { type: "string" | "integer" };
  minimum?: number;
}

/** What a policy may know besides the resource. */
export interface PolicyContext<T> {
  /** The customer, the policy settings and what else the stack says of itself. */
  settings: PolicyRunSettings;
  /** Thresholds with their defaults filled in. */
  thresholds: T;
  /** The present. */
  now: Date;
}

/** What is said of every policy. */
export interface PolicyDescription<T> {
  /** Kebab-case name, unique. */
  name: string;
  /** What must hold, one sentence. */
  description: string;
  /** `mandatory` fails the run; `advisory` warns. */
  level: "mandatory" | "advisory";
  severity: "low" | "medium" | "high" | "critical";
  framework: Framework;
  /** Page that explains why. */
  link: string;
  /** How a violation is fixed in general. */
  remedy: string;
  /** Configuration, each with a default. Default: none. */
  thresholds?: Thresholds<T>;
}

/** Looks at one resource at a time, before it is changed. */
export interface ResourcePolicy<T = object> extends PolicyDescription<T> {
  readonly looksAt: "resource";
  /** Type tokens that it looks at, or a test of them. */
  types: readonly string[] | ((type: string) => boolean);
  check(resource: ResourceFacts, context: PolicyContext<T>): Iterable<Finding>;
}

/** Looks at one Kubernetes object at a time, in resources and in our rendered charts. */
export interface ManifestPolicy<T = object> extends PolicyDescription<T> {
  readonly looksAt: "manifest";
  /** Kinds that it looks at. */
  kinds: readonly string[];
  check(manifest: Manifest, context: PolicyContext<T>): Iterable<Finding>;
}

/** Looks at the whole stack at the end of a run. */
export interface StackPolicy<T = object> extends PolicyDescription<T> {
  readonly looksAt: "stack";
  check(stack: StackFacts, context: PolicyContext<T>): Iterable<Finding>;
}

/** What a stack policy sees. */
export interface StackFacts {
  resources: readonly ResourceFacts[];
  /** Every Kubernetes object, those of our rendered charts too. */
  manifests: readonly Manifest[];
}

/** Any policy. Thresholds differ from one to the next, hence the loose type. */
// biome-ignore lint/suspicious/noExplicitAny: the list of policies holds every type of thresholds
export type PolicyDefinition = ResourcePolicy<any> | ManifestPolicy<any> | StackPolicy<any>;

type Described<Policy> = Omit<Policy, "looksAt">;

/** Defines a policy on single resources. */
export function resourcePolicy<T = object>(definition: Described<ResourcePolicy<T>>): ResourcePolicy<T> {
  return { looksAt: "resource", ...definition };
}

/** Defines a policy on single Kubernetes objects. */
export function manifestPolicy<T = object>(definition: Described<ManifestPolicy<T>>): ManifestPolicy<T> {
  return { looksAt: "manifest", ...definition };
}

/** Defines a policy on whole stacks. */
export function stackPolicy<T = object>(definition: Described<StackPolicy<T>>): StackPolicy<T> {
  return { looksAt: "stack", ...definition };
}
