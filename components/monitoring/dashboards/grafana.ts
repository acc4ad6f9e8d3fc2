/** Grafana's JSON of dashboards. Pure. */
import { type Dashboard, DashboardBuilder, RowBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import { DataqueryBuilder } from "@grafana/grafana-foundation-sdk/prometheus";
import { PanelBuilder as StatBuilder } from "@grafana/grafana-foundation-sdk/stat";
import { PanelBuilder as TimeSeriesBuilder } from "@grafana/grafana-foundation-sdk/timeseries";
import type { Board, Panel } from "./board";

/** The data source that the charts make. */
const PROMETHEUS = { type: "prometheus", uid: "prometheus" };
/** Grafana's grid has 24 columns. */
const SIZES = { number: { span: 6, height: 4 }, lines: { span: 12, height: 8 } } as const;
const REFRESH = "1m";

/** Grafana's JSON of a dashboard. */
export function buildBoard({ id, rows, title }: Board): Dashboard {
  const builder = new DashboardBuilder(title)
    .uid(id)
    .tags(["onprem-platform"])
    .refresh(REFRESH)
    .time({ from: "now-6h", to: "now" })
    .timezone("browser")
    .readonly();
  for (const row of rows) {
    builder.withRow(new RowBuilder(row.title));
    for (const panel of row.panels) builder.withPanel(panelBuilder(panel));
  }
  return builder.build();
}

function panelBuilder({ kind, queries, range, title, unit }: Panel) {
  const builder = kind === "number" ? new StatBuilder() : new TimeSeriesBuilder();
  const { height, span } = SIZES[kind];
  builder.title(title).unit(unit).span(span).height(height).datasource(PROMETHEUS);
  if (range) builder.min(range[0]).max(range[1]);
  for (const [index, { expr, legend }] of queries.entries()) {
    const query = new DataqueryBuilder()
      .expr(expr)
      .legendFormat(legend)
      .refId(String.fromCharCode(65 + index));
    builder.withTarget(kind === "number" ? query.instant() : query.range());
  }
  return builder;
}
