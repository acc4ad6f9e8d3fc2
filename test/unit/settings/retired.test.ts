import assert from "node:assert/strict";
import { parseSettings } from "../../../components/settings";
import { retiredSettings } from "../../../components/settings/retired";
import { gke, smallest } from "../../support/settings/valid-settings";

const said = (cluster: Record<string, unknown>) => retiredSettings(parseSettings({ customer: "acme", cluster }));

describe("settings that do nothing any more", () => {
  it("are named once each, with the command that takes them out", () => {
    const [sentence, ...others] = said(gke({ createdBy: "platform" }));
    assert.deepEqual(others, []);
    assert.match(sentence ?? "", /^onprem:cluster\.createdBy does nothing any more.*the next release refuses it/);
    assert.match(sentence ?? "", /pulumi config rm --path 'onprem:cluster\.createdBy'$/);
  });

  it("are none of today's", () => {
    for (const cluster of [gke(), smallest().cluster]) assert.deepEqual(said(cluster), []);
  });
});
