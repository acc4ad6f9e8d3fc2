/** Traces of errors in the places of the sources, and at a price at which the SDK's many of them can be paid. */
import { existsSync, readFileSync } from "node:fs";
import { SourceMap, type SourceMapPayload } from "node:module";
import { dirname, resolve } from "node:path";

/** How V8 writes a call: `name (file:line:column)`, or the place alone. */
const PLACE = /^(?<before>.*\(|)(?<file>[^()]+):(?<line>\d+):(?<column>\d+)(?<after>\)?)$/;

/**
 * Makes traces name the lines of the TypeScript sources, for compiled files below a folder that have a map beside them;
 * other calls stay as V8 writes them. Takes the place of `source-map-support`, which the SDK's `cmd/run` puts in: the SDK
 * keeps a trace of each of its promises, thousands in a run, and that one looks up each of their calls anew, in the maps of
 * the SDK's own files too, whose sources are not published.
 * @param folder of compiled files
 */
export function traceIntoSources(folder: string): void {
  const known = new Map<string, string>();
  const maps = new Map<string, SourceMap | undefined>();
  const mapOf = (file: string) => {
    if (!maps.has(file)) maps.set(file, readMap(file));
    return maps.get(file);
  };
  Error.prepareStackTrace = (error, calls) => {
    const lines = calls.map((call) => {
      const text = String(call);
      const seen = known.get(text);
      if (seen !== undefined) return seen;
      const line = `\n    at ${text.includes(folder) ? inSources(text, mapOf) : text}`;
      known.set(text, line);
      return line;
    });
    return Error.prototype.toString.call(error) + lines.join("");
  };
}

function inSources(call: string, mapOf: (file: string) => SourceMap | undefined): string {
  const { before = "", file = "", line, column, after = "" } = PLACE.exec(call)?.groups ?? {};
  const entry = mapOf(file)?.findEntry(Number(line) - 1, Number(column) - 1);
  if (!entry || !("originalSource" in entry)) return call;
  const source = resolve(dirname(file), entry.originalSource);
  return `${before}${source}:${entry.originalLine + 1}:${entry.originalColumn + 1}${after}`;
}

function readMap(file: string): SourceMap | undefined {
  const map = `${file}.map`;
  return existsSync(map) ? new SourceMap(JSON.parse(readFileSync(map, "utf8")) as SourceMapPayload) : undefined;
}
