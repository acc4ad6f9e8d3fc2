import {
  type PolicyConfigSchema,
  type PolicyResource,
  type ReportViolation,
  type ResourceValidation,
  type ResourceValidationArgs,
  type ResourceValidationPolicy,
  type StackValidationPolicy,
  validateResourceOfType,
} from "@pulumi/policy";
import type { PolicyDefinition, ResourceFacts } from "./definition";
import { appliesTo, type Evaluation, evaluateResource, evaluateStack, messageOf } from "./evaluate";
import { PLATFORM_TYPE, type PolicyRunSettings, runSettingsOf, STRICTEST } from "./run-settings";

/** What a run of the engine has told the pack so far. */
export interface PackRun {
  settings: PolicyRunSettings;
  /** Resources with their inputs, by URN. */
  resources: Map<string, ResourceFacts>;
}

/** A run of which nothing is known yet. */
export function newRun(): PackRun {
  return { settings: STRICTEST, resources: new Map() };
}

/** Takes note of a resource. The platform is registered before anything in it: from then on its settings hold. */
export function remember(run: PackRun, resource: ResourceFacts): void {
  run.resources.set(resource.urn, resource);
  if (resource.type === PLATFORM_TYPE) run.settings = runSettingsOf(resource.props);
}

/** What the run was told of a resource, inputs, which a preview knows; else what the SDK shows. */
function factsIn(run: PackRun, view: PolicyView): ResourceFacts {
  return run.resources.get(view.urn) ?? factsOf(view);
}

type PolicyView = Pick<ResourceValidationArgs | PolicyResource, "type" | "name" | "urn" | "props" | "opts">;

function factsOf({ type, name, urn, props, opts }: PolicyView): ResourceFacts {
  return { type, name, urn, props, protect: opts.protect, parent: opts.parent ?? "" };
}

/** Reports what was found, then throws what is undecided, which the SDK turns into an advice. */
function report({ violations, undecided }: Evaluation, reportViolation: ReportViolation): void {
  for (const violation of violations) {
    reportViolation(messageOf(violation), violation.resource?.urn || undefined);
  }
  if (undecided) throw undecided;
}

function described(policy: PolicyDefinition) {
  return {
    name: policy.name,
    description: policy.description,
    enforcementLevel: policy.level,
    severity: policy.severity,
    framework: policy.framework,
    url: policy.link,
    remediationSteps: policy.remedy,
    ...(policy.thresholds ? { configSchema: { properties: policy.thresholds } as PolicyConfigSchema } : {}),
  };
}

/** A policy in the form in which the engine takes it. @param run shared by all policies of one pack. */
export function toCrossGuard(policy: PolicyDefinition, run: PackRun): ResourceValidationPolicy | StackValidationPolicy {
  if (policy.looksAt === "stack") {
    return {
      ...described(policy),
      validateStack({ resources, getConfig }, reportViolation) {
        const facts = resources.map((resource) => factsIn(run, resource));
        report(evaluateStack(policy, facts, run.settings, getConfig()), reportViolation);
      },
    };
  }
  const validate: ResourceValidation = (args, reportViolation) => {
    const facts = factsOf(args);
    // Policies on all types see every resource: what stack policies are to know of it is noted by whichever comes first.
    remember(run, facts);
    if (!appliesTo(policy, args.type)) return;
    report(evaluateResource(policy, facts, run.settings, args.getConfig()), reportViolation);
  };
  return { ...described(policy), validateResource: narrowed(policy, validate) };
}

/**
 * A policy on one type says so to the SDK, which then asks it about no other. The SDK decodes a resource anew for each
 * policy that it asks.
 */
function narrowed(policy: PolicyDefinition, validate: ResourceValidation): ResourceValidation {
  const [type, ...others] = policy.looksAt === "resource" && typeof policy.types !== "function" ? policy.types : [];
  if (type === undefined || others.length > 0) return validate;
  // All that the SDK reads of the class is its type.
  const ofType = class {} as unknown as Parameters<typeof validateResourceOfType>[0];
  Object.assign(ofType, { __pulumiType: type });
  return validateResourceOfType(ofType, (_props, args, reportViolation) => validate(args, reportViolation));
}
