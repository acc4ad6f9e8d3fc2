/** A report as one page that needs nothing but itself. Pure. */
import { html, legendOf, svgOf } from "./plot";
import { cellsOf } from "./release-support";
import { type Figure, type Report, written } from "./report";

const STYLE = `
:root{color-scheme:light dark;--text:#1c2430;--soft:#5b6675;--page:#f5f6f8;--card:#fff;--rule:#dfe3e8;--good:#1a7f4b;--bad:#b3261e}
@media(prefers-color-scheme:dark){:root{--text:#e6e9ee;--soft:#9aa5b4;--page:#12161c;--card:#1b212a;--rule:#303945;--good:#5fd39a;--bad:#ff8a80}}
*{box-sizing:border-box}body{margin:0;background:var(--page);color:var(--text);font:16px/1.45 system-ui,sans-serif}
main{max-width:1080px;margin:auto;padding:16px}h1{font-size:1.5rem;margin:.2em 0}h2{font-size:1.1rem;margin:1.6em 0 .6em}
p{color:var(--soft);margin:.2em 0}.figures{display:grid;grid-template-columns:repeat(auto-fill,minmax(150px,1fr));gap:10px}
.figures>div,figure,.table{background:var(--card);border:1px solid var(--rule);border-radius:8px;padding:10px 12px;margin:0}
.figures b{display:block;font-size:1.35rem;font-variant-numeric:tabular-nums}.figures span{color:var(--soft);font-size:.85rem}
.good b{color:var(--good)}.bad{border-color:var(--bad)}.bad b{color:var(--bad)}
.plots{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,440px),1fr));gap:12px}figcaption{font-weight:600;font-size:.95rem}
svg{width:100%;height:auto;display:block}.grid{stroke:var(--rule)}.axis{fill:var(--soft);font-size:12px}.line{fill:none;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:2px 14px;margin:4px 0 0;padding:0;font-size:.85rem}.legend i{display:inline-block;width:10px;height:10px;border-radius:2px;margin-right:5px}
.table{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.9rem}td,th{text-align:left;padding:4px 10px 4px 0;border-bottom:1px solid var(--rule);vertical-align:top}
${["#2563eb", "#d97706", "#059669", "#9333ea", "#dc2626", "#0891b2"].map((colour, index) => `path.c${index}{stroke:${colour}}i.c${index}{background:${colour}}`).join("")}
`;

function figureOf({ good, title, unit, value }: Figure): string {
  const state = good === undefined ? "" : good ? "good" : "bad";
  return `<div class="${state}"><span>${html(title)}</span><b>${html(written(value, unit))}</b></div>`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[], none: string): string {
  if (rows.length === 0) return `<p>${none}</p>`;
  const row = (cells: readonly string[], tag: string) =>
    `<tr>${cells.map((cell) => `<${tag}>${html(cell)}</${tag}>`).join("")}</tr>`;
  return `<div class="table"><table>${row(head, "th")}${rows.map((cells) => row(cells, "td")).join("")}</table></div>`;
}

/** The page. */
export function pageOf(report: Report): string {
  const { alerts, events, figures, plots, stack, support, versions } = report;
  const [from, to] = [Date.parse(report.from) / 1000, Date.parse(report.to) / 1000];
  const time = `${report.from.slice(0, 16).replace("T", " ")} to ${report.to.slice(0, 16).replace("T", " ")} UTC`;
  const drawn = plots.map(
    (plot) => `<figure><figcaption>${html(plot.title)}</figcaption>${svgOf(plot, from, to)}${legendOf(plot)}</figure>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,"><title>${html(stack)}: report</title><style>${STYLE}</style></head><body><main>
<h1>${html(stack)}</h1><p>${time}</p>
<h2>At a glance</h2><div class="figures">${figures.map(figureOf).join("")}</div>
<h2>Over the time</h2><div class="plots">${drawn.join("")}</div>
<h2>Alerts</h2>${table(
    ["alert", "severity", "about", "for"],
    alerts.map(({ about, name, seconds, severity }) => [name, severity, about, written(seconds, "seconds")]),
    "None fired.",
  )}
<h2>Warnings that Kubernetes recorded in the last hour</h2>${table(
    ["reason", "object", "times", ""],
    events.map(({ count, message, object, reason }) => [reason, object, String(count), message]),
    "None.",
  )}
<h2>Ends of life</h2>${table(["", "version", "last fix", "", ""], support.map(cellsOf), "Nothing is known.")}
<h2>Versions</h2>${table(["", ""], Object.entries(versions), "None on record.")}
</main></body></html>
`;
}
