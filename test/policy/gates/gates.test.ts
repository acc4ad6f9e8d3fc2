import assert from "node:assert/strict";
import type { GateOverride, Versions } from "../../../components/platform/versions";
import { evaluateResource, messageOf } from "../../../policy/evaluate";
import { evaluateGates, gates } from "../../../policy/gates";
import type { VersionChange } from "../../../policy/gates/definition";
import { STRICTEST } from "../../../policy/run-settings";
import { asSeen, resource, withUnknown } from "../../support/policy/policy-case";

const AT = "2026-11-25T09:00:00.000Z";
const FRESH = { name: "drill-7", completedAt: "2026-11-25T02:30:00.000Z" };

const deployed: Versions = {
  kubernetes: "1.34",
  rancher: "2.14.4",
  parse: "9.10.0",
  mongodb: "8.0.26",
  velero: "1.18.3",
  flux: "2.9.5",
};

function change(to: Partial<Versions>, more: Partial<VersionChange> = {}): VersionChange {
  const whole = { from: deployed, to: { ...deployed, ...to }, at: new Date(AT), maximumBackupAgeHours: 26 };
  return { ...whole, production: true, backup: FRESH, ...more };
}

const refusals = (given: VersionChange) => evaluateGates(given).map(({ gate }) => gate);

interface GateCase {
  allowed: Record<string, VersionChange>;
  refused: Record<string, { change: VersionChange; problem: RegExp; wayOut: RegExp }>;
}

const first = (to: Partial<Versions>) => ({ ...change(to), from: undefined, backup: undefined });
const from = (before: Partial<Versions>, to: Partial<Versions>) => change(to, { from: { ...deployed, ...before } });

const CASES: Record<string, GateCase> = {
  "kubernetes-minor-skipped": {
    allowed: {
      "a first deployment": first({}),
      "the next minor": change({ kubernetes: "1.35" }),
      "a cluster whose version the platform does not set": change({ kubernetes: undefined }),
    },
    refused: {
      "two minors at once": {
        change: from({ kubernetes: "1.33" }, { kubernetes: "1.35" }),
        problem: /is 1\.35, the cluster has 1\.33/,
        wayOut: /kubernetesVersion to "1\.34" and run that first/,
      },
      "a step back": {
        change: from({ kubernetes: "1.35" }, { kubernetes: "1.34" }),
        problem: /is 1\.34, the cluster has 1\.35/,
        wayOut: /keep 1\.35/,
      },
    },
  },
  "rancher-kubernetes-pair": {
    allowed: {
      "a pair of the matrix": first({}),
      "no Rancher at all": change({ rancher: undefined, kubernetes: "1.35" }),
    },
    refused: {
      "a minor that this Rancher does not manage yet": {
        change: from({ kubernetes: "1.35" }, { kubernetes: "1.36" }),
        problem: /is 1\.36, and Rancher 2\.14\.4 manages 1\.33, 1\.34, 1\.35/,
        wayOut: /onprem:rancher\.version to 2\.15\.0 first/,
      },
      "a bad pair at the first deployment": {
        change: first({ rancher: "2.15.0", kubernetes: "1.33" }),
        problem: /Rancher 2\.15\.0 manages 1\.34/,
        wayOut: /2\.14\.4/,
      },
      "a Rancher that nobody has looked at": {
        change: change({ rancher: "3.0.0" }),
        problem: /does not know \(known: 2\.15/,
        wayOut: /onprem:rancher\.version/,
      },
    },
  },
  "mongodb-major": {
    allowed: {
      "a first deployment": first({}),
      "a patch": change({ mongodb: "8.0.30" }),
      "the next major": from({ mongodb: "7.0.16" }, { mongodb: "8.0.26" }),
      "a change of digest": change({ mongodb: "8.0.26@sha256:0" }),
    },
    refused: {
      "a skipped major": {
        change: from({ mongodb: "6.0.20" }, { mongodb: "8.0.26" }),
        problem: /is 8\.0\.26, the database has 6\.0\.20/,
        wayOut: /release of major 7 and run that first/,
      },
      "a lowered minor": {
        change: from({ mongodb: "8.2.1" }, { mongodb: "8.0.26" }),
        problem: /the database has 8\.2\.1/,
        wayOut: /keep 8\.2\.1/,
      },
      "a major that Parse Server does not run on": {
        change: first({ mongodb: "7.0.16" }),
        problem: /Parse Server runs on majors 8/,
        wayOut: /parse\.database\.version/,
      },
    },
  },
  "postgresql-major": {
    allowed: {
      "a first deployment": first({ postgresql: "17.6" }),
      "a patch": from({ postgresql: "15.14" }, { postgresql: "15.15" }),
      "a stack without it": change({}),
    },
    refused: {
      "the next major": {
        change: from({ postgresql: "15.14" }, { postgresql: "16.10" }),
        problem: /is 16\.10, the database has 15\.14, whose files it does not open/,
        wayOut: /keep major 15, or dump the data/,
      },
      "a lowered major": {
        change: from({ postgresql: "16.10" }, { postgresql: "15.14" }),
        problem: /the database has 16\.10/,
        wayOut: /keep major 16/,
      },
      "a major that Parse Server does not run on": {
        change: first({ postgresql: "13.22" }),
        problem: /Parse Server runs on majors 15, 16, 17, 18/,
        wayOut: /parse\.database\.version/,
      },
    },
  },
  "parse-major-skipped": {
    allowed: {
      "a first deployment": first({}),
      "a minor": change({ parse: "9.11.0" }),
      "the next major": change({ parse: "10.0.0" }),
    },
    refused: {
      "a skipped major": {
        change: from({ parse: "7.5.0" }, {}),
        problem: /is 9\.10\.0, the stack has 7\.5\.0/,
        wayOut: /release of major 8/,
      },
      "a step back": { change: change({ parse: "8.6.0" }), problem: /has 9\.10\.0/, wayOut: /keep 9\.10\.0/ },
    },
  },
  "flux-minor-lowered": {
    allowed: {
      "a first deployment": first({}),
      "a patch, back too": change({ flux: "2.9.2" }),
      "the next minor": change({ flux: "2.10.0" }),
      "no Flux any more": change({ flux: undefined }),
    },
    refused: {
      "a step back by a minor": {
        change: change({ flux: "2.8.3" }),
        problem: /is 2\.8\.3, the cluster has 2\.9\.5/,
        wayOut: /keep 2\.9\.5/,
      },
      "another major": { change: change({ flux: "3.0.0" }), problem: /is 3\.0\.0/, wayOut: /knows the new major/ },
    },
  },
  "end-of-life": {
    allowed: {
      "a release with fixes": change({ kubernetes: "1.35" }),
      "another part's upgrade beside an old release": change({ parse: "9.11.0" }),
    },
    refused: {
      "a first deployment of an old release": {
        change: first({}),
        problem:
          /is 1\.34, which got its last fix on 2026-10-27 \(https:\/\/kubernetes\.io\/releases\/, read 2026-11\)/,
        wayOut: /choose one of 1\.35, 1\.36/,
      },
      "a Rancher of which the publisher has named the last day": {
        change: change({ rancher: "2.12.13" }, { at: new Date("2027-03-01T09:00:00Z") }),
        problem: /is 2\.12\.13, which got its last fix on 2027-02-28/,
        wayOut: /choose one of 2\.13, 2\.14, 2\.15/,
      },
      "a move to an old release": {
        change: from({ kubernetes: "1.33" }, {}),
        problem: /2026-10-27/,
        wayOut: /1\.35/,
      },
    },
  },
  "backup-verified": {
    allowed: {
      "a first deployment": first({ kubernetes: "1.35" }),
      "an upgrade with a fresh backup": change({ parse: "9.11.0" }),
      "a run without a change": change({}, { backup: undefined }),
      "a small site that is not production": change({ parse: "9.11.0" }, { backup: undefined, production: false }),
      "a clock that is a little ahead": change(
        { parse: "9.11.0" },
        { backup: { name: "b", completedAt: "2026-11-25T09:40:00.000Z" } },
      ),
    },
    refused: {
      "no verified backup": {
        change: change({ parse: "9.11.0" }, { backup: undefined }),
        problem: /is missing: no drill has verified one \(parse 9\.10\.0 → 9\.11\.0\)/,
        wayOut: /run the restore drill/,
      },
      "an old one": {
        change: change({ parse: "9.11.0" }, { backup: { name: "drill-1", completedAt: "2026-11-23T09:00:00.000Z" } }),
        problem: /drill-1 is 48 hours old, allowed are 26/,
        wayOut: /run the restore drill/,
      },
      "one from the future": {
        change: change({ parse: "9.11.0" }, { backup: { name: "b", completedAt: "2026-11-27T09:00:00.000Z" } }),
        problem: /lies in the future/,
        wayOut: /drill/,
      },
    },
  },
};

const record = (given: VersionChange, overrides: GateOverride[] = []) =>
  resource("onprem:platform:VersionRecord", JSON.parse(JSON.stringify({ ...given, changedAt: given.at, overrides })));

for (const gate of gates) {
  describe(`gate ${gate.name}`, () => {
    const { allowed, refused } = CASES[gate.name] as GateCase;

    for (const [name, given] of Object.entries(allowed)) {
      it(`lets ${name} pass`, () => assert.ok(!refusals(given).includes(gate.name)));
    }

    for (const [name, { change: given, problem, wayOut }] of Object.entries(refused)) {
      it(`refuses ${name} and says the way out`, () => {
        const { violations } = evaluateResource(gate, record(given), STRICTEST);
        assert.equal(violations.length, 1);
        const message = messageOf(violations[0] as (typeof violations)[0]);
        assert.match(message, problem);
        assert.match(message, wayOut);
        assert.match(message, /or open the gate: onprem:policy\.overrides/);
      });
    }

    const [closed] = Object.values(refused);
    const override = (expires: string) => [{ gate: gate.name, reason: "Decided by J. Doe, ticket 4711", expires }];

    it("is opened by an override until its last day, and by no other", () => {
      const given = (closed as (typeof refused)[string]).change;
      const judge = (overrides: GateOverride[]) =>
        evaluateResource(gate, record(given, overrides), STRICTEST).violations;
      assert.deepEqual(judge(override("2026-11-25")), []);
      assert.match(judge(override("2026-11-24"))[0]?.fix ?? "", /its override expired on 2026-11-24/);
      assert.equal(judge([{ ...override("2026-12-31")[0], gate: "other" } as GateOverride]).length, 1);
    });

    it("is undecided, not open, while the versions are not known", () => {
      const given = [record((closed as (typeof refused)[string]).change)];
      const [seen] = asSeen(withUnknown(given, "to"));
      const { undecided, violations } = evaluateResource(gate, seen as (typeof given)[0], STRICTEST);
      assert.deepEqual(violations, []);
      assert.match(String(undecided), /can't be known during preview/);
    });
  });
}

describe("the gates together", () => {
  it("say what an override opened", () => {
    const overrides = [{ gate: "end-of-life", reason: "Decided by J. Doe, ticket 4711", expires: "2026-12-01" }];
    const decisions = evaluateGates(first({}), overrides);
    assert.deepEqual(
      decisions.map(({ gate, override }) => [gate, override?.expires]),
      [["end-of-life", "2026-12-01"]],
    );
  });

  it("have a case each", () => {
    assert.deepEqual(Object.keys(CASES).sort(), gates.map(({ name }) => name).sort());
  });
});
