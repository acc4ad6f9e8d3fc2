import * as fc from "fast-check";

/** Texts that a grammar may meet: what it takes, and what is nearly so. */

const cronNumber = (first: number, last: number) =>
  fc.oneof(
    { weight: 12, arbitrary: fc.integer({ min: first, max: last }).map(String) },
    { weight: 1, arbitrary: fc.constantFrom(`${last + 1}`, `${last + 9}`, `0${first}`, `+${first}`, "-1", "", "FOO") },
    { weight: 1, arbitrary: fc.constantFrom("99999999999999999999", "1.5", "0x5", "H", "L", "W", "5L", "?", "*") },
  );

function cronField(first: number, last: number, names: readonly string[] = []) {
  const value = fc.oneof(
    { weight: 4, arbitrary: cronNumber(first, last) },
    { weight: names.length > 0 ? 2 : 0, arbitrary: fc.constantFrom(...names, "never") },
  );
  const step = fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: 1, max: last }).map(String) },
    { weight: 1, arbitrary: fc.constantFrom("0", "", `${last + 1}`, "-1", "+2", "x", "007") },
  );
  const part = fc.oneof(
    { weight: 6, arbitrary: value },
    { weight: 5, arbitrary: fc.tuple(value, value).map(([low, high]) => `${low}-${high}`) },
    { weight: 3, arbitrary: step.map((every) => `*/${every}`) },
    { weight: 2, arbitrary: fc.tuple(value, step).map(([low, every]) => `${low}/${every}`) },
    { weight: 3, arbitrary: fc.tuple(value, value, step).map(([low, high, every]) => `${low}-${high}/${every}`) },
    { weight: 1, arbitrary: fc.constantFrom("1-2-3", "1/2/3", "*-5", "?-9/2", "MON#2", "*-#", "*-L", "61-5", "70/9") },
  );
  return fc.oneof(
    { weight: 4, arbitrary: fc.constant("*") },
    { weight: 8, arbitrary: part },
    { weight: 2, arbitrary: fc.array(part, { minLength: 2, maxLength: 4 }).map((parts) => parts.join(",")) },
    { weight: 1, arbitrary: fc.constantFrom(",", "1,", "?", "") },
  );
}

const MONTHS = ["JAN", "feb", "Mar", "DEC"];
const WEEKDAYS = ["SUN", "mon", "Wed", "sat"];
const space = fc.constantFrom(" ", " ", " ", "  ", "\t", "\u00a0", "\u2003", "\u0085");
const fields = fc
  .tuple(
    cronField(0, 59),
    cronField(0, 23),
    cronField(1, 31),
    cronField(1, 12, MONTHS),
    cronField(0, 6, WEEKDAYS),
    space,
  )
  .map(([minute, hour, day, month, weekday, gap]) => [minute, hour, day, month, weekday].join(gap));
const descriptor = fc.oneof(
  fc.constantFrom("@yearly", "@daily", "@hourly", "@Daily", "@every", "@weekly ", "@manual", "@none", "@reboot"),
  fc.constantFrom("1h", "90s", "0.5s", "-1h", "1d", "1h30m", "").map((every) => `@every ${every}`),
);
const zone = fc.constantFrom(
  "TZ=UTC ",
  "CRON_TZ=Europe/Berlin ",
  "TZ=Asia/Kolkata ",
  "TZ='America/New_York' ",
  "TZ=europe/berlin ",
  "TZ=Nowhere ",
  "TZ= ",
  "TZ=UTC",
);

/** Lines of cron, most of them nearly right. */
export const cronLines = fc.oneof(
  { weight: 20, arbitrary: fields },
  { weight: 1, arbitrary: fc.tuple(fields, fc.constantFrom(" *", "\n0", "  ")).map((two) => two.join("")) },
  { weight: 2, arbitrary: descriptor },
  { weight: 2, arbitrary: fc.tuple(zone, fc.oneof(fields, descriptor)).map((two) => two.join("")) },
);

const number = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 999 }).map(String) },
  { weight: 1, arbitrary: fc.bigInt({ min: 0n, max: 1n << 66n }).map(String) },
  { weight: 1, arbitrary: fc.constantFrom("", "00", "007", "9223372036854775807", "9223372036854775808") },
);
const decimal = fc.oneof(
  { weight: 5, arbitrary: number },
  { weight: 2, arbitrary: fc.tuple(number, number).map((two) => two.join(".")) },
);
const durationPart = fc
  .tuple(decimal, fc.constantFrom("ns", "us", "\u00b5s", "\u03bcs", "ms", "s", "m", "h", "d", "w", "y", "", " s", "H"))
  .map((two) => two.join(""));

/** Lengths of time, for Go and for Prometheus. */
export const durations = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(fc.constantFrom("", "", "", "", "-", "+"), fc.array(durationPart, { minLength: 1, maxLength: 4 }))
      .map(([sign, parts]) => sign + parts.join("")),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(...["y", "w", "d", "h", "m", "s", "ms"].map((unit) => fc.option(fc.nat(400).map((n) => `${n}${unit}`))))
      .map((parts) => parts.join("")),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom("", "0", "-0", "+0", "-", ".s", "1.s", ".5h", "-9223372036854775808ns", "1"),
  },
);

/** Amounts as Kubernetes has them. */
export const quantities = fc.oneof(
  {
    weight: 10,
    arbitrary: fc
      .tuple(
        fc.constantFrom("", "", "", "", "+", "-"),
        decimal,
        fc.constantFrom(
          "",
          "n",
          "u",
          "m",
          "k",
          "K",
          "M",
          "G",
          "T",
          "P",
          "E",
          "Ki",
          "Mi",
          "Gi",
          "Ti",
          "Pi",
          "Ei",
          "ki",
          "mi",
        ),
      )
      .map((parts) => parts.join("")),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(decimal, fc.constantFrom("e", "E"), fc.constantFrom("", "+", "-"), fc.nat(12).map(String))
      .map((parts) => parts.join("")),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom("", ".", "-", "+-5", "1 Gi", "1Gi5", "1e", "1e5x", "\u0661", "1_000", "1,5", "0x1"),
  },
);

/** Sizes for Prometheus' own flag. */
export const byteSizes = fc
  .tuple(
    fc.constantFrom("", "", "", "-", "+"),
    fc.array(
      fc
        .tuple(
          decimal,
          fc.constantFrom("", "B", "K", "KB", "KiB", "kB", "MB", "MiB", "GB", "GiB", "TB", "EB", "Gi", "gb"),
        )
        .map((two) => two.join("")),
      { minLength: 1, maxLength: 3 },
    ),
  )
  .map(([sign, parts]) => sign + parts.join(""));
