import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { changesOf, type PreviewDigest, versionSteps } from "../../../../ops/preview/digest";
import { EventLogError, findingsOf, type PolicyFinding } from "../../../../ops/preview/findings";
import { summaryOf } from "../../../../ops/preview/summary";

// What `pulumi preview --json --event-log` wrote, on a stack of stand-ins; states are left out of it.
const RECORDED = join(__dirname, "../../../../../test/unit/ops/preview/recorded");
const digest = JSON.parse(readFileSync(join(RECORDED, "digest.json"), "utf8")) as PreviewDigest;
const log = readFileSync(join(RECORDED, "events.jsonl"), "utf8");

const summary = () => summaryOf({ stack: "acme", digest, findings: findingsOf(log), exitCode: 1 });

describe("changes of a preview", () => {
  it("come by resource, replaced and deleted ones first", () => {
    assert.deepEqual(
      changesOf(digest).map(({ operation, name }) => [operation, name]),
      [
        ["replace", "database-password"],
        ["delete", "monitoring"],
        ["create", "outside"],
        ["create", "suffix"],
        ["update", "inside"],
        ["update", "versions"],
      ],
    );
  });

  it("name the properties that make a replacement necessary", () => {
    assert.deepEqual(changesOf(digest)[0]?.properties, ["length"]);
  });

  it("count the three steps of a replacement as one", () => {
    const urn = "urn:pulumi:acme::p::random:index/randomPassword:RandomPassword::one";
    const steps = ["create-replacement", "replace", "delete-replaced"].map((op) => ({ op, urn }));
    assert.equal(changesOf({ steps }).length, 1);
  });
});

describe("versions of a preview", () => {
  it("say from what to what the stack goes", () => {
    assert.deepEqual(versionSteps(digest), [
      { part: "kubernetes", from: "1.34", to: "1.36" },
      { part: "parse", from: "9.10.0", to: "9.11.0" },
    ]);
  });

  it("are none where the record stays as it is, though it remembers an earlier change", () => {
    const steps = (digest.steps ?? []).map((step) => ({ ...step, op: "same" }));
    assert.deepEqual(versionSteps({ steps }), []);
  });
});

describe("findings of policies in the engine's event log", () => {
  it("come mandatory ones first, and undecided ones apart", () => {
    const levels = findingsOf(log).map(({ level }) => level);
    assert.deepEqual([...new Set(levels)], ["mandatory", "undecided"]);
    assert.equal(levels.filter((level) => level === "undecided").length, 1);
  });

  it("are refused where the log is none", () => {
    assert.throws(() => findingsOf("{}\nnot JSON\n"), EventLogError);
  });
});

describe("the summary of a preview", () => {
  it("begins with the mark of its stack, by which the next run finds it", () => {
    assert.match(summary(), /^<!-- onprem-preview: acme -->\n/);
  });

  it("says the verdict, the versions, the findings with their fix, and the changes, in this order", () => {
    const places = [
      "Refused by 7 findings of mandatory policies.",
      "| kubernetes | 1.34 | 1.36 |",
      "| **refused** | `kubernetes-minor-skipped` |",
      "Fix: set onprem:cluster.kubernetesVersion",
      "1 not decided yet",
      "| **replace** | `random:index/randomPassword:RandomPassword` | database-password | `length` |",
      "| create | `gcp:storage/bucket:Bucket` | outside |",
    ].map((text) => summary().indexOf(text));
    assert.ok(
      places.every((place) => place >= 0),
      summary(),
    );
    assert.deepEqual(
      places,
      places.toSorted((one, other) => one - other),
    );
  });

  it("says how many resources are replaced or deleted where nothing is refused", () => {
    const text = summaryOf({ stack: "acme", digest, findings: [], exitCode: 0 });
    assert.match(text, /6 resources change, \*\*2 of them replaced or deleted\*\*\./);
    assert.match(text, /No policy has anything to say\./);
  });

  it("says that nothing changes", () => {
    assert.match(summaryOf({ stack: "acme", digest: {}, findings: [], exitCode: 0 }), /\n\nNothing changes\.\n/);
  });

  it("shows the engine's error where the preview failed", () => {
    const failed = { diagnostics: [{ message: "onprem:customer is missing", severity: "error" }] };
    const text = summaryOf({ stack: "acme", digest: failed, findings: [], exitCode: 255 });
    assert.match(text, /The preview failed\./);
    assert.match(text, /onprem:customer is missing/);
  });

  it("stays below the longest comment that GitHub takes, whatever changes and whatever policies say", () => {
    const steps = Array.from({ length: 5000 }, (_, index) => ({
      op: "update",
      urn: `urn:pulumi:acme::p::kubernetes:core/v1:ConfigMap::some-name-of-a-resource-${index}`,
      diffReasons: Array.from({ length: 40 }, (_, property) => `property${property}`),
    }));
    const diagnostics = [{ severity: "error", message: "long ".repeat(20_000) }];
    const findings = Array.from({ length: 1000 }, (_, index): PolicyFinding => {
      const level = index % 2 ? "mandatory" : "undecided";
      return { level, policy: "images-pinned", type: "a:b:C", name: `one-${index}`, message: "wrong ".repeat(60) };
    });
    const text = summaryOf({ stack: "acme", digest: { steps, diagnostics }, findings, exitCode: 1 });
    assert.ok(text.length < 65_536, String(text.length));
    const shortened = [
      /\| update .*\n\n… and \d{4} more, in the job's log\.\n/,
      /\| \*\*refused\*\* .*\n\n… and \d+ more/,
      /- `images-pinned` on one-0, one-2, one-4, one-6, one-8, and 495 more\n/,
    ];
    for (const part of shortened) assert.ok(part.test(text), String(part));
  });

  it("lets no name break its tables", () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        const steps = [{ op: "create", urn: `urn:pulumi:acme::p::a:b:C::${name}` }];
        const text = summaryOf({ stack: "acme", digest: { steps }, findings: [], exitCode: 0 });
        const row = text.split("\n").find((line) => line.startsWith("| create"));
        assert.equal(row?.replaceAll("\\|", "").split("|").length, 6);
      }),
    );
  });
});
