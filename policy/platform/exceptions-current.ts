import { type ResourcePolicy, resourcePolicy } from "../definition";
import { ours } from "../frameworks";
import { PLATFORM_TYPE, runSettingsOf } from "../run-settings";
import { knownFirst } from "../unknowns";

/**
 * An exception ends on its day, and means a policy that exists.
 * @param names names of every policy
 */
export function exceptionsCurrent(names: () => readonly string[]): ResourcePolicy {
  return resourcePolicy({
    name: "exceptions-current",
    description: "Exceptions in the settings have not expired, and name policies that exist.",
    level: "mandatory",
    severity: "high",
    framework: ours("Exceptions end"),
    link: "https://www.pulumi.com/docs/iac/crossguard/",
    remedy: "Take the exception out of onprem:policy.exceptions, or renew it with a new reason.",
    types: [PLATFORM_TYPE],
    *check({ props }, { now }) {
      const today = now.toISOString().slice(0, 10);
      for (const [exception, index] of knownFirst(runSettingsOf(props).exceptions)) {
        const property = `policy.exceptions[${index}]`;
        const what = `${exception.policy} on ${exception.resource}`;
        if (!names().includes(exception.policy)) {
          yield { property, problem: `names no policy of this pack: ${what}`, fix: "see docs/policies.md" };
        } else if (exception.expires < today) {
          const problem = `expired on ${exception.expires}: ${what} (${exception.reason})`;
          yield { property, problem, fix: "fix the resource and take it out, or decide anew and renew it" };
        }
      }
    },
  });
}
