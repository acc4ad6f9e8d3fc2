import assert from "node:assert/strict";
import * as fc from "fast-check";
import { readPrometheusBytes } from "../../../components/grammars/prometheus-bytes";
import { readQuantity } from "../../../components/grammars/quantity";
import { byteSizes, quantities } from "../../support/grammars/texts";

const AMOUNTS: ReadonlyArray<readonly [string, number | RegExp]> = [
  ["512Mi", 512 * 2 ** 20],
  ["0.5Gi", 2 ** 29],
  ["1e3", 1000],
  ["1E3", 1000],
  ["1E", 1e18],
  ["100m", 0.1],
  ["1k", 1000],
  ["1P", 1e15],
  ["+2", 2],
  ["-1", -1],
  ["1.", 1],
  [".5", 0.5],
  ["1K", /no unit/],
  ["1mi", /no unit/],
  ["1 Gi", /no unit/],
  ["1GB", /no unit/],
  ["1e", /no unit/],
  ["", /empty/],
  ["Ei", /number is missing/],
];

const SIZES: ReadonlyArray<readonly [string, number | RegExp]> = [
  ["40GiB", 40 * 2 ** 30],
  ["40GB", 40 * 2 ** 30],
  ["512MB", 2 ** 29],
  ["1GB512MB", 1.5 * 2 ** 30],
  ["1.5KB", 1536],
  ["7B", 7],
  ["40Gi", /unit/],
  ["40k", /unit/],
  ["40kB", /unit/],
  ["1GiB1MB", /unit/],
  ["40", /unit/],
  ["", /empty/],
  ["9999999EB", /larger/],
];

describe("Kubernetes' quantities", () => {
  for (const [text, expected] of AMOUNTS) {
    it(`"${text}"`, () => {
      const { value, refusal } = readQuantity(text);
      if (expected instanceof RegExp) assert.match(refusal ?? "taken", expected);
      else assert.equal(value, expected);
    });
  }
});

describe("Prometheus' sizes", () => {
  for (const [text, expected] of SIZES) {
    it(`"${text}"`, () => {
      const { value, refusal } = readPrometheusBytes(text);
      if (expected instanceof RegExp) assert.match(refusal ?? "taken", expected);
      else assert.equal(value, expected);
    });
  }
});

describe("amounts", () => {
  it("are taken or refused, whatever the text is", () => {
    fc.assert(
      fc.property(fc.oneof(quantities, byteSizes, fc.string({ unit: "binary" })), (text) => {
        for (const { value, refusal } of [readQuantity(text), readPrometheusBytes(text)]) {
          assert.notEqual(value === undefined, refusal === undefined);
          assert.ok(value === undefined || !Number.isNaN(value));
        }
      }),
      { numRuns: 1000 },
    );
  });
});
