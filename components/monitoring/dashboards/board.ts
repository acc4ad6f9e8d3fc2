/** Dashboards as data: the queries and the unit of each panel. `grafana.ts` makes Grafana's JSON of them. Pure. */

/** A query to Prometheus. */
export interface Query {
  /** PromQL; `$__rate_interval` is Grafana's. */
  readonly expr: string;
  /** Name of each line, from its labels, such as `{{pod}}`. */
  readonly legend: string;
}

/** One panel. */
export interface Panel {
  readonly title: string;
  /** The present value, or lines over time. */
  readonly kind: "number" | "lines";
  /** Grafana's name of the unit, such as `percentunit`, `bytes`, `Bps`, `reqps`, `s`, `short`. */
  readonly unit: string;
  readonly queries: readonly Query[];
  /** Ends of the scale. Absent: Grafana fits it to the values. */
  readonly range?: readonly [number, number];
}

/** One dashboard. */
export interface Board {
  /** Stable id, part of its address. */
  readonly id: string;
  readonly title: string;
  readonly rows: readonly { readonly title: string; readonly panels: readonly Panel[] }[];
}

/** Lines over time. */
export function lines(title: string, unit: string, ...queries: Query[]): Panel {
  return { title, kind: "lines", unit, queries };
}

/** The present value. */
export function number(title: string, unit: string, expr: string, legend = ""): Panel {
  return { title, kind: "number", unit, queries: [{ expr, legend }] };
}

/** Every query of a dashboard. */
export function queriesOf({ rows }: Board): Query[] {
  return rows.flatMap(({ panels }) => panels.flatMap(({ queries }) => queries));
}
