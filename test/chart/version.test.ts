import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectChart } from "../../components/parse/chart";
import { helm, render, renderValues } from "../support/chart/render";
import { settings } from "../support/chart/settings";

describe("the chart at a version that Flux has added a commit to", () => {
  const folder = mkdtempSync(join(tmpdir(), "onprem-chart-"));
  after(() => rmSync(folder, { recursive: true }));

  it("has labels that a cluster takes, and pods that are not replaced for the version's sake", () => {
    const version = `1.0.0+${"0123456789abcdef".repeat(4)}`;
    const args = ["package", projectChart("parse-server"), "--version", version, "--destination", folder];
    execFileSync(helm, args, { stdio: "pipe" });
    const manifests = renderValues(settings.default, join(folder, `parse-server-${version}.tgz`));
    for (const { kind, metadata } of manifests)
      for (const [label, value] of Object.entries(metadata.labels ?? {}))
        assert.match(value, /^(?=.{0,63}$)([A-Za-z0-9]([-\w.]*[A-Za-z0-9])?)?$/, `${kind} ${metadata.name}: ${label}`);
    const podsOf = (list: typeof manifests) => list.flatMap(({ spec }) => spec?.template ?? []);
    assert.deepEqual(podsOf(manifests), podsOf(render("default")));
  });
});
