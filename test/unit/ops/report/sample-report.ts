import type { Report } from "../../../../ops/report/report";

const FROM = Date.parse("2026-11-26T00:00:00Z") / 1000;

/** A day of a stack, with something of everything. */
export const sample: Report = {
  stack: "acme",
  from: "2026-11-26T00:00:00.000Z",
  to: "2026-11-27T00:00:00.000Z",
  versions: { parse: "9.10.0", velero: "1.18.3" },
  figures: [
    { title: "Parse answered", unit: "share", value: 0.98, good: false },
    { title: "Nodes not ready", unit: "count", value: 0, good: true },
    { title: "Requests", unit: "count", value: 12345 },
    { title: "Newest good backup", unit: "seconds" },
  ],
  plots: [
    {
      title: "Requests <by> outcome",
      unit: "rate",
      lines: [
        {
          name: "200",
          points: [
            [FROM, 1],
            [FROM + 3600, 4],
          ],
        },
        {
          name: "500",
          points: [
            [FROM, 0],
            [FROM + 3600, 0.5],
          ],
        },
      ],
    },
  ],
  alerts: [{ name: "ParseDown", severity: "critical", about: "parse", seconds: 180 }],
  support: [
    { product: "MinIO", version: "RELEASE.2025-09-07", state: "ended", endOfLife: "2026-02-12", note: "leave it out" },
    { product: "PostgreSQL", version: "17.11", state: "supported", endOfLife: "2029-11-08", note: "" },
  ],
  events: [{ reason: "BackOff", object: "Pod parse/a", count: 7, message: "restarting | <script>alert(1)</script>" }],
};
