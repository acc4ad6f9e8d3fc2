import assert from "node:assert/strict";
import * as fc from "fast-check";
import { readGoDuration } from "../../../components/grammars/go-duration";
import { readPrometheusDuration } from "../../../components/grammars/prometheus-duration";
import { durations } from "../../support/grammars/texts";

const GO: ReadonlyArray<readonly [string, bigint | RegExp]> = [
  ["1h30m", 5_400_000_000_000n],
  ["1.5h", 5_400_000_000_000n],
  ["30s1m", 90_000_000_000n],
  ["-10ms", -10_000_000n],
  ["+1s", 1_000_000_000n],
  ["1µs", 1_000n],
  [".5s", 500_000_000n],
  ["1.s", 1_000_000_000n],
  ["0", 0n],
  ["-9223372036854775808ns", -(2n ** 63n)],
  ["9223372036854775808ns", /292 years/],
  ["2562048h", /292 years/],
  ["1d", /unit/],
  ["10", /unit is missing/],
  ["", /empty/],
  ["-", /empty/],
  [".h", /number is missing/],
  ["1 h", /unit/],
  ["1H", /unit/],
];

const PROMETHEUS: ReadonlyArray<readonly [string, number | RegExp]> = [
  ["30s", 30_000],
  ["1m30s", 90_000],
  ["1d", 86_400_000],
  ["1w", 604_800_000],
  ["1y", 31_536_000_000],
  ["1y2w3d4h5m6s7ms", 33_019_506_007],
  ["0", 0],
  ["0s", 0],
  ["30s1m", /longest to the shortest/],
  ["1m1m", /each once/],
  ["1.5h", /numbers that a unit follows|unit is none/],
  ["-1h", /numbers that a unit follows/],
  ["1us", /unit is none/],
  ["5", /numbers that a unit follows/],
  ["", /empty/],
  ["300y", /292 years/],
];

describe("lengths of time as Go reads them", () => {
  for (const [text, expected] of GO) {
    it(`"${text}"`, () => {
      const { value, refusal } = readGoDuration(text);
      if (expected instanceof RegExp) assert.match(refusal ?? "taken", expected);
      else assert.equal(value, expected);
    });
  }

  it("are the sum of their parts, in any order", () => {
    const part = fc.tuple(
      fc.nat(9999),
      fc.constantFrom<[string, bigint]>(["ms", 10n ** 6n], ["s", 10n ** 9n], ["h", 36n * 10n ** 11n]),
    );
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), (parts) => {
        const sum = parts.reduce((total, [count, [, factor]]) => total + BigInt(count) * factor, 0n);
        assert.equal(readGoDuration(parts.map(([count, [unit]]) => `${count}${unit}`).join("")).value, sum);
      }),
    );
  });
});

describe("lengths of time as Prometheus reads them", () => {
  for (const [text, expected] of PROMETHEUS) {
    it(`"${text}"`, () => {
      const { value, refusal } = readPrometheusDuration(text);
      if (expected instanceof RegExp) assert.match(refusal ?? "taken", expected);
      else assert.equal(value, expected);
    });
  }
});

describe("lengths of time", () => {
  it("are taken or refused, whatever the text is", () => {
    fc.assert(
      fc.property(fc.oneof(durations, fc.string({ unit: "binary" })), (text) => {
        for (const { value, refusal } of [readGoDuration(text), readPrometheusDuration(text)])
          assert.notEqual(value === undefined, refusal === undefined);
      }),
      { numRuns: 1000 },
    );
  });
});
