import type { Properties } from "./properties";

/** An exception as it stands in the settings. */
export interface PolicyException {
  policy: string;
  /** Name of the resource or of the object in it, or `TYPE::*`. */
  resource: string;
  reason: string;
  /** Last day, `YYYY-MM-DD`, UTC. */
  expires: string;
}

/**
 * What the stack says of itself to the policies. It arrives as the inputs of the component that holds everything,
 * which the engine registers, and hands to the policies, before anything in it.
 */
export interface PolicyRunSettings {
  /** The customer; absent in a stack that is not one of this program's. */
  customer?: string;
  /** Whether the rules for production hold. Default true. */
  production: boolean;
  /** Namespace of the application, which has to be backed up. */
  applicationNamespace?: string;
  /** Registry mirror of the site. */
  imageMirror?: string;
  allowedRegistries: readonly string[];
  allowedRegions: readonly string[];
  exceptions: readonly PolicyException[];
}

/** Type of the component whose inputs carry the policy settings. */
export const PLATFORM_TYPE = "onprem:platform:CustomerPlatform";

/** What holds for a stack that says nothing of itself: everything, for production, without exceptions. */
export const STRICTEST: PolicyRunSettings = {
  production: true,
  allowedRegistries: [],
  allowedRegions: [],
  exceptions: [],
};

/** Reads the policy settings from the platform component's inputs. */
export function runSettingsOf(inputs: Properties): PolicyRunSettings {
  const policy = inputs.policy ?? {};
  return {
    ...STRICTEST,
    ...(inputs.customer ? { customer: inputs.customer } : {}),
    ...(inputs.applicationNamespace ? { applicationNamespace: inputs.applicationNamespace } : {}),
    ...(inputs.imageMirror ? { imageMirror: inputs.imageMirror } : {}),
    production: policy.production ?? STRICTEST.production,
    allowedRegistries: policy.allowedRegistries ?? [],
    allowedRegions: policy.allowedRegions ?? [],
    exceptions: policy.exceptions ?? [],
  };
}
