import assert from "node:assert/strict";
import { mergeSettings } from "../../../lab/stack-settings";

describe("the settings of the lab's stack, made of the checked-in file and of what commands changed", () => {
  const last = { parse: { replicas: 1, drain: 5 }, customer: "dev" };

  for (const [name, copy, checkedIn, merged] of [
    ["takes an edit of the file", last, { ...last, customer: "acme" }, { ...last, customer: "acme" }],
    [
      "keeps what a command set, while other settings of the same section are edited",
      { ...last, parse: { replicas: 2, drain: 5 } },
      { ...last, parse: { replicas: 1, drain: 15 } },
      { ...last, parse: { replicas: 2, drain: 15 } },
    ],
    [
      "takes an edit of a setting that a command had set before",
      { ...last, parse: { replicas: 2, drain: 5 } },
      { ...last, parse: { replicas: 3, drain: 5 } },
      { ...last, parse: { replicas: 3, drain: 5 } },
    ],
    ["keeps a section that a command added", { ...last, site: { a: 1 } }, last, { ...last, site: { a: 1 } }],
    ["keeps out what a command removed", { customer: "dev" }, last, { customer: "dev" }],
    [
      "takes out what was removed from the file",
      { ...last, site: { a: 1 } },
      { parse: last.parse },
      { parse: last.parse, site: { a: 1 } },
    ],
    [
      "takes a secret for one value",
      { ...last, customer: { secure: "v1:abc" } },
      { ...last, parse: { replicas: 4, drain: 5 } },
      { customer: { secure: "v1:abc" }, parse: { replicas: 4, drain: 5 } },
    ],
    [
      "takes a list for one value",
      { ...last, parse: { replicas: 1, drain: 5, ranges: ["a"] } },
      last,
      { ...last, parse: { replicas: 1, drain: 5, ranges: ["a"] } },
    ],
  ] as const) {
    it(name, () => assert.deepEqual(mergeSettings(last, copy, checkedIn), merged));
  }
});
