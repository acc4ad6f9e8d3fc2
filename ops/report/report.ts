/** What a report holds: plain data, from which each of its forms is made. */

import type { ReleaseSupport } from "./release-support";

/** How a number is written. */
export type Unit = "share" | "bytes" | "seconds" | "count" | "rate";

/** One number, for now or for the whole time. */
export interface Figure {
  readonly title: string;
  readonly unit: Unit;
  /** Absent where Prometheus has no answer. */
  readonly value?: number;
  /** Whether it is as it should be; absent where a number is neither. */
  readonly good?: boolean;
}

/** One line of a plot: seconds since 1970, and values. */
export interface Line {
  readonly name: string;
  readonly points: readonly (readonly [number, number])[];
}

/** Values over the time of the report. */
export interface Plot {
  readonly title: string;
  readonly unit: Unit;
  readonly lines: readonly Line[];
}

/** An alert that fired. */
export interface FiredAlert {
  readonly name: string;
  readonly severity: string;
  /** What it was about: namespace, node, schedule … */
  readonly about: string;
  /** For how long in all, seconds. */
  readonly seconds: number;
}

/** Warnings of one kind that Kubernetes recorded; it keeps them for an hour. */
export interface WarningEvents {
  readonly reason: string;
  readonly object: string;
  readonly count: number;
  readonly message: string;
}

/** One stack's report. */
export interface Report {
  readonly stack: string;
  /** ISO 8601. */
  readonly from: string;
  readonly to: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly figures: readonly Figure[];
  readonly plots: readonly Plot[];
  readonly alerts: readonly FiredAlert[];
  readonly events: readonly WarningEvents[];
  /** Until when that which runs gets fixes. */
  readonly support: readonly ReleaseSupport[];
}

const BYTES = ["B", "KiB", "MiB", "GiB", "TiB"];

/** A number as people read it. */
export function written(value: number | undefined, unit: Unit): string {
  if (value === undefined || !Number.isFinite(value)) return "–";
  if (unit === "share") return `${(value * 100).toFixed(1)} %`;
  if (unit === "rate") return `${digits(value)}/s`;
  if (unit === "count") return String(Math.round(value));
  if (unit === "seconds") return duration(value);
  const power = Math.min(BYTES.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, value)) / 10)));
  return `${digits(value / 1024 ** power)} ${BYTES[power]}`;
}

function digits(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function duration(seconds: number): string {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 120) return `${digits(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${(seconds / 3600).toFixed(1)} h` : `${(seconds / 86_400).toFixed(1)} days`;
}
