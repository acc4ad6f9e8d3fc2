import { accepted } from "./accepted";
import type { Manifest, PolicyDefinition, ResourceFacts, StackFacts, Thresholds, Violation } from "./definition";
import { kindOf, manifestsOf, RELEASE_TYPE } from "./manifests";
import type { PolicyException, PolicyRunSettings } from "./run-settings";
import { isUndecided } from "./unknowns";

/** What came of a policy. */
export interface Evaluation {
  violations: Violation[];
  /** The error that says which value is not known yet; the engine reports it as an advice. */
  undecided?: Error;
}

/** Thresholds: the schema's defaults, overridden by the engine's configuration of the policy. */
export function thresholdsOf<T extends object>(schema: Thresholds<T> | undefined, configured: Partial<T> = {}): T {
  const defaults = Object.entries<{ default: unknown }>(schema ?? {}).map(([name, value]) => [name, value.default]);
  return { ...Object.fromEntries(defaults), ...configured } as T;
}

/** Whether a policy has anything to say about resources of a type. */
export function appliesTo(policy: PolicyDefinition, type: string): boolean {
  if (policy.looksAt === "manifest") return type === RELEASE_TYPE || policy.kinds.includes(kindOf(type));
  if (policy.looksAt === "stack") return false;
  return typeof policy.types === "function" ? policy.types(type) : policy.types.includes(type);
}

/** Runs a policy on one resource. Exceptions that are in force, and deviations that the project accepts, are left out. */
export function evaluateResource(
  policy: PolicyDefinition,
  resource: ResourceFacts,
  settings: PolicyRunSettings,
  configured: object = {},
  now = new Date(),
): Evaluation {
  if (!appliesTo(policy, resource.type)) return { violations: [] };
  const context = { settings, thresholds: thresholdsOf(policy.thresholds, configured), now };
  return collect(policy, settings, now, function* () {
    if (policy.looksAt === "resource") {
      for (const finding of policy.check(resource, context)) yield { ...finding, resource };
    } else if (policy.looksAt === "manifest") {
      for (const manifest of manifestsOf(resource)) {
        if (!policy.kinds.includes(manifest.kind)) continue;
        for (const finding of policy.check(manifest, context)) {
          yield { object: objectName(manifest), ...finding, resource };
        }
      }
    }
  });
}

/** Runs a policy on a whole stack, in an order of its own: the engine hands resources over in one that varies. */
export function evaluateStack(
  policy: PolicyDefinition,
  resources: readonly ResourceFacts[],
  settings: PolicyRunSettings,
  configured: object = {},
  now = new Date(),
): Evaluation {
  if (policy.looksAt !== "stack") return { violations: [] };
  const context = { settings, thresholds: thresholdsOf(policy.thresholds, configured), now };
  return collect(policy, settings, now, function* () {
    const sorted = resources.toSorted((one, other) => (one.urn < other.urn ? -1 : 1));
    const stack: StackFacts = { resources: sorted, manifests: sorted.flatMap((resource) => manifestsOf(resource)) };
    for (const finding of policy.check(stack, context)) {
      yield { ...finding, resource: resources.find(({ urn }) => urn === finding.urn) };
    }
  });
}

function objectName({ kind, name, resource }: Manifest): string | undefined {
  return resource.type.startsWith("kubernetes:helm.sh/") ? `${kind} ${name}` : undefined;
}

function collect(
  policy: PolicyDefinition,
  settings: PolicyRunSettings,
  now: Date,
  findings: () => Iterable<Violation>,
): Evaluation {
  const violations: Violation[] = [];
  try {
    for (const violation of findings()) {
      if (!isAccepted(policy, violation) && !isExcepted(policy, violation, settings.exceptions, now)) {
        violations.push(violation);
      }
    }
  } catch (error) {
    if (!isUndecided(error)) throw error;
    return { violations, undecided: error };
  }
  return { violations };
}

function isAccepted({ name }: PolicyDefinition, violation: Violation): boolean {
  return accepted.some(({ policies, matches }) => policies.includes(name) && matches(violation));
}

function isExcepted(
  { name }: PolicyDefinition,
  violation: Violation,
  exceptions: readonly PolicyException[],
  now: Date,
): boolean {
  const today = now.toISOString().slice(0, 10);
  return exceptions.some(
    (exception) => exception.policy === name && exception.expires >= today && covers(exception, violation),
  );
}

function covers({ resource }: PolicyException, violation: Violation): boolean {
  const object = violation.object?.split(" ").at(-1);
  if (resource === violation.resource?.name || resource === object) return true;
  return violation.resource !== undefined && resource === `${violation.resource.type}::*`;
}

/** A violation as one reads it: where, what, and what to do. */
export function messageOf({ resource, object, property, problem, fix }: Violation): string {
  const where = resource ? `${resource.type} "${resource.name}"` : "the stack";
  return `${where}${object ? `, ${object}` : ""}: ${property} ${problem}.\nFix: ${fix}.`;
}
