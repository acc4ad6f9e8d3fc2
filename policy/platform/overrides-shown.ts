import { resourcePolicy } from "../definition";
import { ours } from "../frameworks";
import { evaluateGates } from "../gates";
import { changeOf, VERSION_RECORD_TYPE } from "../gates/definition";

/** A gate that was opened says so. */
export const overridesShown = resourcePolicy({
  name: "overrides-shown",
  description: "Upgrade gates that are closed and were opened by the settings are shown.",
  level: "advisory",
  severity: "medium",
  framework: ours("No upgrade goes through a closed gate"),
  link: "https://www.pulumi.com/docs/iac/crossguard/",
  remedy: "Take the override out of the settings after the upgrade; the record keeps it.",
  types: [VERSION_RECORD_TYPE],
  *check({ props }, { settings }) {
    const { change, overrides } = changeOf(props, settings.production);
    for (const { gate, property, problem, override } of evaluateGates(change, overrides)) {
      if (!override) continue;
      yield {
        property,
        problem: `${problem}; the gate ${gate} is open until ${override.expires}: ${override.reason}`,
        fix: "take the override out of the settings after the upgrade",
      };
    }
  },
});
