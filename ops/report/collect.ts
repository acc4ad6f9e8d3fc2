import type { ClusterReader, Series } from "./prometheus";
import { ALERTS, FIGURES, type FigureQuestion, IMAGES, KUBELETS, PLOTS, type PlotQuestion } from "./questions";
import { releaseSupport } from "./release-support";
import type { Figure, FiredAlert, Line, Plot, Report, WarningEvents } from "./report";
import type { ReportTarget } from "./target";

/** Points of a plot: enough for a wide screen. */
const POINTS = 240;
const SHORTEST_STEP_SECONDS = 60;
const MOST_EVENTS = 15;
/** As many as there are colours. */
const MOST_LINES = 6;
const PARALLEL = 4;

/**
 * Asks a stack's Prometheus and cluster.
 * @param hours length of the report
 */
export async function collect(target: ReportTarget, reader: ClusterReader, hours: number): Promise<Report> {
  const to = Math.floor(Date.now() / 1000);
  const from = to - hours * 3600;
  const step = Math.max(SHORTEST_STEP_SECONDS, Math.round((hours * 3600) / POINTS));
  const timed = (expr: string) => expr.replaceAll("$span", `${hours * 60}m`).replaceAll("$step", `${2 * step}s`);
  const figure = async (question: FigureQuestion) => figureOf(question, await reader.query(timed(question.expr)));
  const plot = async (question: PlotQuestion) =>
    plotOf(question, await reader.queryRange(timed(question.expr), from, to, step));
  const events = await reader.get("/api/v1/events?fieldSelector=type%3DWarning");
  return {
    stack: target.stack,
    from: new Date(from * 1000).toISOString(),
    to: new Date(to * 1000).toISOString(),
    versions: target.versions,
    figures: await fewAtATime(FIGURES, figure),
    plots: (await fewAtATime(PLOTS, plot)).filter(({ lines }) => lines.length > 0),
    alerts: alertsOf(await reader.query(timed(ALERTS))),
    events: eventsOf(events as EventList),
    support: releaseSupport(
      {
        versions: target.versions,
        images: labelsOf(await reader.query(IMAGES), "image_spec"),
        kubelets: labelsOf(await reader.query(KUBELETS), "kubelet_version"),
      },
      new Date(to * 1000),
    ),
  };
}

const labelsOf = (answer: readonly Series[], label: string) => answer.flatMap(({ metric }) => metric[label] ?? []);

async function fewAtATime<From, To>(list: readonly From[], work: (one: From) => Promise<To>): Promise<To[]> {
  const done: To[] = [];
  for (let start = 0; start < list.length; start += PARALLEL)
    done.push(...(await Promise.all(list.slice(start, start + PARALLEL).map(work))));
  return done;
}

/** A figure from Prometheus' answer. Pure. */
export function figureOf({ good, title, unit }: FigureQuestion, [series]: readonly Series[]): Figure {
  const value = Number(series?.value?.[1] ?? Number.NaN);
  if (!Number.isFinite(value)) return { title, unit };
  return { title, unit, value, ...(good ? { good: good(value) } : {}) };
}

/** A plot from Prometheus' answer: its highest lines. Pure. */
export function plotOf({ name, otherwise = name, title, unit }: PlotQuestion, answer: readonly Series[]): Plot {
  const lines = answer.map(({ metric, values = [] }) => ({
    name: metric[name] ?? otherwise,
    points: values.map(([at, value]) => [at, Number(value)] as const).filter(([, value]) => Number.isFinite(value)),
  }));
  const highest = (line: Line) => Math.max(...line.points.map(([, value]) => value));
  const drawn = lines.filter(({ points }) => points.length > 0);
  const chosen = [...drawn].sort((one, other) => highest(other) - highest(one)).slice(0, MOST_LINES);
  return { title, unit, lines: drawn.filter((line) => chosen.includes(line)) };
}

const ABOUT = ["namespace", "node", "pod", "schedule", "backup_location_name", "persistentvolumeclaim", "job"];

/** Alerts that fired, the longest first. Pure. */
export function alertsOf(answer: readonly Series[]): FiredAlert[] {
  return answer
    .map(({ metric, value }) => ({
      name: metric.alertname ?? "",
      severity: metric.severity ?? "",
      about: ABOUT.flatMap((label) => metric[label] ?? []).join(" "),
      seconds: Number(value?.[1] ?? 0),
    }))
    .sort((one, other) => other.seconds - one.seconds);
}

interface EventList {
  items: {
    reason?: string;
    message?: string;
    count?: number;
    involvedObject: { kind: string; namespace?: string; name: string };
  }[];
}

/** Warnings by reason and object, the most frequent first. Pure. */
export function eventsOf({ items }: EventList): WarningEvents[] {
  const found = new Map<string, WarningEvents>();
  for (const { count = 1, involvedObject, message = "", reason = "" } of items) {
    const { kind, name, namespace } = involvedObject;
    const object = `${kind} ${namespace ? `${namespace}/` : ""}${name}`;
    const known = found.get(`${reason} ${object}`);
    found.set(`${reason} ${object}`, { reason, object, message, count: count + (known?.count ?? 0) });
  }
  return [...found.values()].sort((one, other) => other.count - one.count).slice(0, MOST_EVENTS);
}
