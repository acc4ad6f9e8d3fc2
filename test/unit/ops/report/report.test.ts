import assert from "node:assert/strict";
import { alertsOf, eventsOf, figureOf, plotOf } from "../../../../ops/report/collect";
import { markdownOf } from "../../../../ops/report/markdown";
import { pageOf } from "../../../../ops/report/page";
import { svgOf } from "../../../../ops/report/plot";
import { FIGURES } from "../../../../ops/report/questions";
import { type Unit, written } from "../../../../ops/report/report";
import { targetOf } from "../../../../ops/report/target";
import { sample } from "./sample-report";

describe("a report", () => {
  for (const [value, unit, text] of [
    [0.1234, "share", "12.3 %"],
    [1536, "bytes", "1.5 KiB"],
    [0, "bytes", "0 B"],
    [0.25, "seconds", "250 ms"],
    [90, "seconds", "90 s"],
    [5400, "seconds", "90 min"],
    [200_000, "seconds", "2.3 days"],
    [12345, "count", "12345"],
    [4.004, "count", "4"],
    [0.5, "rate", "0.5/s"],
    [Number.NaN, "count", "–"],
    [undefined, "share", "–"],
  ] as const satisfies readonly (readonly [number | undefined, Unit, string])[]) {
    it(`writes ${value} as ${unit}: ${text}`, () => assert.equal(written(value, unit), text));
  }

  it("has no number where Prometheus has none, and judges those that it has", () => {
    const question = { title: "t", unit: "count", expr: "x", good: (value: number) => value < 2 } as const;
    assert.deepEqual(figureOf(question, []), { title: "t", unit: "count" });
    assert.deepEqual(figureOf(question, [{ metric: {}, value: [0, "NaN"] }]), { title: "t", unit: "count" });
    assert.equal(figureOf(question, [{ metric: {}, value: [0, "1"] }]).good, true);
    assert.equal(figureOf(question, [{ metric: {}, value: [0, "3"] }]).good, false);
  });

  it("leaves gaps out of lines, and lines without a point out of plots", () => {
    const plot = plotOf({ title: "t", unit: "count", expr: "x", name: "node" }, [
      {
        metric: { node: "one" },
        values: [
          [1, "1"],
          [2, "NaN"],
        ],
      },
      { metric: { node: "two" }, values: [[1, "NaN"]] },
      { metric: {}, values: [[1, "5"]] },
    ]);
    assert.deepEqual(plot.lines, [
      { name: "one", points: [[1, 1]] },
      { name: "node", points: [[1, 5]] },
    ]);
  });

  it("puts the longest alert and the most frequent warning first", () => {
    const alerts = alertsOf([
      { metric: { alertname: "A", severity: "warning", namespace: "parse" }, value: [0, "60"] },
      { metric: { alertname: "B", severity: "critical", node: "one" }, value: [0, "120"] },
    ]);
    assert.deepEqual(
      alerts.map(({ about, name }) => [name, about]),
      [
        ["B", "one"],
        ["A", "parse"],
      ],
    );
    const event = (name: string, count?: number) => ({
      reason: "BackOff",
      count,
      involvedObject: { kind: "Pod", namespace: "parse", name },
    });
    const events = eventsOf({ items: [event("a"), event("b", 3), event("a", 4)] });
    assert.deepEqual(
      events.map(({ count, object }) => [object, count]),
      [
        ["Pod parse/a", 5],
        ["Pod parse/b", 3],
      ],
    );
  });

  it("says what to do for a stack without monitoring", () => {
    assert.throws(() => targetOf("acme", { monitoring: null }), {
      code: "REPORT",
      message: /give it onprem:monitoring/,
    });
  });

  it("as Markdown has a line for each number, alert and warning, each in its table", () => {
    const text = markdownOf(sample);
    for (const line of [
      "| Parse answered | 98.0 % | LOOK |",
      "| Nodes not ready | 0 | ok |",
      "| ParseDown | critical | parse | 3 min |",
      "| MinIO | RELEASE.2025-09-07 | 2026-02-12 | LOOK: ended | leave it out |",
      "| PostgreSQL | 17.11 | 2029-11-08 | ok |  |",
    ])
      assert.ok(text.includes(line), line);
    assert.match(text, /\| BackOff \| Pod parse\/a \| 7 \| restarting \\\| /);
  });

  it("as a page asks nobody for anything, and takes no word for markup", () => {
    const page = pageOf(sample);
    assert.doesNotMatch(page, /https?:\/\/|src=|@import|url\(/);
    assert.match(page, /Content-Security-Policy" content="default-src 'none'/);
    assert.doesNotMatch(page, /<script/);
    assert.match(page, /Requests &lt;by&gt; outcome/);
  });

  it("as a page marks what gets no fixes any more", () => {
    assert.match(
      pageOf(sample),
      /<td>MinIO<\/td><td>RELEASE\.2025-09-07<\/td><td>2026-02-12<\/td><td>LOOK: ended<\/td>/,
    );
  });

  it("asks for whole numbers where it counts what happened, of which Prometheus' increase() gives parts", () => {
    for (const { expr, title } of FIGURES.filter(({ unit }) => unit === "count"))
      assert.doesNotMatch(expr, /^(?!round\().*increase\(/, title);
  });

  it("has whole numbers on the axis of counts", () => {
    const lines = [{ name: "Running", points: [[0, 6] as const, [60, 7] as const] }];
    const svg = svgOf({ title: "Pods", unit: "count", lines }, 0, 60);
    const axis = [...svg.matchAll(/class="axis" x="60"[^>]*>([^<]*)</g)].map(([, mark]) => mark);
    assert.deepEqual(axis, ["0", "3", "6", "9", "12"]);
  });

  it("draws every point inside its frame, the largest value highest", () => {
    const [plot] = sample.plots;
    assert.ok(plot);
    const svg = svgOf(plot, Date.parse(sample.from) / 1000, Date.parse(sample.to) / 1000);
    const points = [...svg.matchAll(/[ML]([\d.]+),([\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)] as const);
    assert.equal(points.length, 4);
    for (const [x, y] of points) assert.ok(x >= 0 && x <= 480 && y >= 0 && y <= 190, `${x},${y}`);
    assert.equal(Math.min(...points.map(([, y]) => y)), points[1]?.[1]);
  });
});
