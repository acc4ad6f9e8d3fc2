import assert from "node:assert/strict";
import {
  type Placement,
  ProtectedReplacementError,
  placementOf,
  requirePlacement,
} from "../../../components/platform/placement";
import { parseSettings } from "../../../components/settings";
import { changed } from "../../support/engine/changed-settings";
import { REFUSED_SETTINGS, SETTING_EFFECTS, standing } from "../../support/engine/setting-effects";
import { gke, rancher, smallest } from "../../support/settings/valid-settings";

function placed(sections: Record<string, unknown>): Placement {
  return placementOf(parseSettings({ customer: "acme", ...sections }));
}

/** What is said of a change, with what it needs to be valid besides; nothing where it is let pass. */
function refusal(before: Record<string, unknown>, after: Record<string, unknown>): string | undefined {
  try {
    requirePlacement(placed(after), placed(before));
    return undefined;
  } catch (error) {
    assert.ok(error instanceof ProtectedReplacementError);
    return error.message;
  }
}

/** What must change along for the settings to be valid. */
const ALONG: Record<string, Record<string, unknown>> = {
  "cluster.availability": { "cluster.zones": ["europe-west3-a"] },
  rancher: { access: undefined },
};

function withAll(settings: Record<string, unknown>, changes: Record<string, unknown>): Record<string, unknown> {
  return Object.entries(changes).reduce((all, [setting, value]) => changed(all, setting, value), settings);
}

describe("a change of what is protected", () => {
  for (const { setting, value, part } of REFUSED_SETTINGS) {
    const after = withAll(standing, { ...ALONG[setting], [setting]: value });
    it(`is refused with the way out: onprem:${setting}`, () => {
      const message = refusal(standing, after) ?? "";
      assert.match(message, /nothing was changed/);
      assert.ok(message.includes(`onprem:${setting}`), message);
      assert.match(message, /to keep it: /);
      assert.ok(message.includes(`set onprem:${part}.deletionProtection to false and run \`pulumi up\``), message);
    });

    it(`is let pass once the protection is off: onprem:${setting}`, () => {
      const off = { "cluster.deletionProtection": false, "rancher.deletionProtection": false };
      const [before, then] = [withAll(standing, off), setting === "rancher" ? after : withAll(after, off)];
      assert.equal(refusal(before, then), undefined);
    });
  }

  it("is refused in the run that takes the protection off too: Google goes by the last run", () => {
    const after = withAll(standing, { "rancher.zone": "europe-west3-b", "rancher.deletionProtection": false });
    assert.match(refusal(standing, after) ?? "", /rancher\.zone: europe-west3-a → europe-west3-b/);
  });

  it("is refused in the run that puts it on: the settings say that it is to stay", () => {
    const before = withAll(standing, { "rancher.deletionProtection": false });
    assert.match(refusal(before, changed(standing, "rancher.zone", "europe-west3-b")) ?? "", /rancher\.zone/);
  });

  it("is refused for every setting at once, part by part", () => {
    const after = withAll(standing, { "cluster.region": "europe-west4", "rancher.zone": "europe-west3-b" });
    const message = refusal(standing, after) ?? "";
    assert.ok(message.indexOf("cluster.region: europe-west3 → europe-west4") > 0);
    assert.ok(message.indexOf("rancher.zone: ") > message.indexOf("cluster.region: "));
  });

  it("is refused where a zonal cluster would move to another zone, and where another kind of cluster is asked for", () => {
    const zonal = (zone: string) => ({ cluster: gke({ availability: "zonal", zones: [zone] }) });
    assert.match(refusal(zonal("europe-west3-a"), zonal("europe-west3-b")) ?? "", /cluster\.zones\[0\]/);
    assert.match(refusal({ cluster: gke() }, smallest()) ?? "", /onprem:cluster asks for it no longer/);
    assert.match(refusal({ cluster: gke() }, { cluster: gke(), customer: "other" }) ?? "", /customer: acme → other/);
  });
});

/** The placement that a release with the setting `cluster.createdBy` recorded of the cluster. */
function recorded(createdBy: string, deletionProtection = true): Placement {
  const { cluster } = placed(standing);
  assert.ok(cluster);
  const settings = { ...cluster.settings, "onprem:cluster.createdBy": createdBy };
  return { ...placed(standing), cluster: { deletionProtection, settings } };
}

describe("a cluster that Rancher created, on record from an earlier release", () => {
  for (const protection of [true, false])
    it(`is not touched, and the way to another one is said, with its protection ${protection ? "on" : "off"}`, () => {
      for (const next of [standing, changed(standing, "cluster.deletionProtection", protection), smallest()])
        assert.throws(() => requirePlacement(placed(next), recorded("rancher", protection)), {
          code: "PROTECTED_REPLACEMENT",
          message: /nothing was changed.*created by Rancher.*docs\/rancher\.md, "A cluster that Rancher created"/s,
        });
    });
});

describe("a change that what is protected can take", () => {
  for (const { setting, value } of SETTING_EFFECTS) {
    it(`is let pass: onprem:${setting}`, () => {
      assert.equal(refusal(standing, changed(standing, setting, value)), undefined);
    });
  }

  it("is none to a GKE cluster on record from a release in which the settings said who made it", () => {
    assert.deepEqual(requirePlacement(placed(standing), recorded("platform")), placed(standing));
  });

  it("is any on the first run, and any where nothing is protected", () => {
    assert.deepEqual(requirePlacement(placed(standing)), placed(standing));
    const own = { ...smallest(), rancher: rancher({ project: "acme-platform", deletionProtection: false }) };
    assert.equal(refusal(own, changed(own, "rancher.zone", "europe-west3-b")), undefined);
    assert.deepEqual(placed(smallest()), {});
  });
});
