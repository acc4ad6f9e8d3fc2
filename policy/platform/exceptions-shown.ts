import { resourcePolicy } from "../definition";
import { ours } from "../frameworks";
import { PLATFORM_TYPE, runSettingsOf } from "../run-settings";
import { knownFirst } from "../unknowns";

/** An exception that nobody sees lasts for ever. */
export const exceptionsShown = resourcePolicy({
  name: "exceptions-shown",
  description: "Exceptions in force are shown at every run.",
  level: "advisory",
  severity: "low",
  framework: ours("Exceptions end"),
  link: "https://www.pulumi.com/docs/iac/crossguard/",
  remedy: "Nothing needs to be done before the day on which it expires.",
  types: [PLATFORM_TYPE],
  *check({ props }, { now }) {
    const today = now.toISOString().slice(0, 10);
    for (const [exception, index] of knownFirst(runSettingsOf(props).exceptions)) {
      if (exception.expires < today) continue;
      yield {
        property: `policy.exceptions[${index}]`,
        problem: `lets ${exception.resource} deviate from ${exception.policy}: ${exception.reason}`,
        fix: `fix the resource before ${exception.expires}`,
      };
    }
  },
});
