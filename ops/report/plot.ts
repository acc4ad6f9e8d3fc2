/** Plots as SVG. Pure. */
import { type Plot, type Unit, written } from "./report";

const WIDTH = 480;
const HEIGHT = 190;
const LEFT = 66;
const BOTTOM = 24;
const TOP = 10;
const GRID_LINES = 4;
const TIME_MARKS = 4;
/** Lines are told apart by CSS classes, so that light and dark have colours of their own. */
const COLOURS = 6;

/** Text in HTML and SVG. */
export function html(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

/** The least "round" number that is no less; of bytes, round in their own units. */
function roundUp(value: number, unit: Unit): number {
  if (value <= 0) return 1;
  if (unit === "bytes" && value >= 1024) {
    const whole = 1024 ** Math.floor(Math.log2(value) / 10);
    return whole * 2 ** Math.ceil(Math.log2(value / whole));
  }
  const power = 10 ** Math.floor(Math.log10(value));
  return (([1, 2, 2.5, 5].find((digit) => digit * power >= value) ?? 10) as number) * power;
}

/** The value at the upper edge of a plot; of counts, one that the grid's lines part into whole numbers. */
function topOf(highest: number, unit: Unit): number {
  if (unit === "share") return Math.max(1, highest);
  return unit === "count" ? GRID_LINES * Math.ceil(roundUp(highest, unit) / GRID_LINES) : roundUp(highest, unit);
}

/**
 * A plot.
 * @param from beginning of its time, seconds since 1970
 * @param to end of its time
 */
export function svgOf({ lines, title, unit }: Plot, from: number, to: number): string {
  const highest = Math.max(...lines.flatMap(({ points }) => points.map(([, value]) => value)));
  const top = topOf(highest, unit);
  const x = (at: number) => LEFT + ((at - from) / (to - from)) * (WIDTH - LEFT - 4);
  const y = (value: number) => TOP + (1 - Math.max(0, value) / top) * (HEIGHT - TOP - BOTTOM);
  const grid = Array.from({ length: GRID_LINES + 1 }, (_, index) => {
    const value = (top * index) / GRID_LINES;
    const at = y(value).toFixed(1);
    return `<line class="grid" x1="${LEFT}" x2="${WIDTH}" y1="${at}" y2="${at}"/><text class="axis" x="${LEFT - 6}" y="${at}" dy="0.35em" text-anchor="end">${written(value, unit)}</text>`;
  });
  const times = Array.from({ length: TIME_MARKS + 1 }, (_, index) => {
    const at = from + ((to - from) * index) / TIME_MARKS;
    const anchor = index === 0 ? "start" : index === TIME_MARKS ? "end" : "middle";
    return `<text class="axis" x="${x(at).toFixed(1)}" y="${HEIGHT - 6}" text-anchor="${anchor}">${timeOf(at, to - from)}</text>`;
  });
  const paths = lines.map(({ points }, index) => {
    const path = points.map(
      ([at, value], first) => `${first === 0 ? "M" : "L"}${x(at).toFixed(1)},${y(value).toFixed(1)}`,
    );
    // The last stroke makes a single point a dot.
    return `<path class="line c${index % COLOURS}" d="${path.join("")}h0"/>`;
  });
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${html(title)}">${[...grid, ...times, ...paths].join("")}</svg>`;
}

function timeOf(seconds: number, span: number): string {
  const text = new Date(seconds * 1000).toISOString();
  return span > 172_800 ? text.slice(5, 10) : text.slice(11, 16);
}

/** Names of a plot's lines with their colours and last values. */
export function legendOf({ lines, unit }: Plot): string {
  const entries = lines.map(({ name, points }, index) => {
    const last = written(points.at(-1)?.[1], unit);
    return `<li><i class="c${index % COLOURS}"></i>${html(name)} <b>${last}</b></li>`;
  });
  return `<ul class="legend">${entries.join("")}</ul>`;
}
