import assert from "node:assert/strict";
import { parseSettings } from "../../../components/settings";
import { formatWarning, warningsOf } from "../../../components/settings/warnings";
import { smallest } from "../../support/settings/valid-settings";

const warnings = (more: Record<string, unknown>) =>
  warningsOf(parseSettings({ ...smallest(), ...more })).map(formatWarning);
const scheduled = (cron: string, retention = "720h") => ({
  backup: { schedules: [{ name: "daily", cron, retention }] },
});

describe("warnings", () => {
  it("there are none of the defaults", () => {
    assert.deepEqual(warnings({ backup: {}, monitoring: {} }), []);
  });

  it("of a schedule whose days Velero reads otherwise since 1.18.3, and how seldom it comes", () => {
    const [warning, ...others] = warnings(scheduled("0 3 1 * 0", "10300h"));
    assert.deepEqual(others, []);
    assert.match(
      warning ?? "",
      /^onprem:backup\.schedules\[0\]\.cron makes backups on other days .* up to 10248 hours apart/,
    );
    assert.match(warnings(scheduled("0 3 * * 1/2"))[0] ?? "", /comes to Sunday/);
  });

  it("of backups that are over before the next one is made, with the day from which that is refused", () => {
    const [warning] = warnings(scheduled("0 3 * * *", "23h59m"));
    assert.match(
      warning ?? "",
      /schedules\[0\]\.retention is over .* more than 24h\. From 2027-06-01 on it is refused\.$/,
    );
    assert.deepEqual(warnings(scheduled("0 3 * * *", "24h")), []);
  });

  it("of the namespace that nobody can delete", () => {
    assert.match(warnings({ parse: { namespace: "default" } })[0] ?? "", /^onprem:parse\.namespace is the namespace/);
  });
});
