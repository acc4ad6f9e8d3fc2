import assert from "node:assert/strict";
import { parseSettings, type SettingsContext, SettingsError } from "../../../../components/settings";
import { formatPath } from "../../../../components/settings/property-path";
import { smallest } from "../../../support/settings/valid-settings";

/** `path: what was given` of each problem. */
export function findings(more: Record<string, unknown>, context: SettingsContext = {}): string[] {
  try {
    parseSettings({ ...smallest(), ...more }, context);
    return [];
  } catch (error) {
    assert.ok(error instanceof SettingsError);
    return error.problems.map(({ path, given }) => `${formatPath(path)}: ${given}`);
  }
}

/** Settings that a rule refuses, each with the one finding it gives. */
export type Refusal = readonly [statement: string, settings: Record<string, unknown>, finding: RegExp];

/** Says of each in a test of its own that it is refused, for that one reason, without its secrets. */
export function refuses(refused: readonly Refusal[]): void {
  for (const [statement, settings, finding] of refused) {
    it(statement, () => {
      const found = findings(settings);
      assert.equal(found.length, 1, found.join("\n"));
      assert.match(found[0] ?? "", finding);
      assert.doesNotMatch(found.join(), /s3cr3t/);
    });
  }
}
