import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { lastHistory } from "../../../components/platform/last-outputs";
import { platformVersion } from "../../../components/platform/platform-version";
import { record } from "../../../components/platform/versions";
import { projectRoot } from "../../../lab/layout";

const readProject = (file: string) => readFileSync(join(projectRoot, file), "utf8");

describe("the release of the program", () => {
  it("is the version in package.json", () => {
    assert.equal(platformVersion(), (JSON.parse(readProject("package.json")) as { version: string }).version);
  });

  it("has a section of the changelog, after what is not released yet", () => {
    const sections = readProject("CHANGELOG.md").match(/^## .*$/gm) ?? [];
    const [newest = ""] = sections.filter((section) => section !== "## Unreleased");
    assert.ok(newest.startsWith(`## ${platformVersion()} `), `the newest section is "${newest}"`);
  });

  it("is no part of the record of versions: another release alone leaves that as it was", () => {
    const history = { current: { parse: "9.10.0" }, changedAt: "2026-11-25T09:00:00.000Z", overrides: [] };
    const known = lastHistory({ versions: { ...history, platform: "0.1.9" } });
    assert.deepEqual(known, history);
    assert.deepEqual(record({ parse: "9.10.0" }, known, { now: new Date(), overrides: [] }), history);
    assert.equal(lastHistory({}), undefined);
  });
});
