import { cellsOf } from "./release-support";
import { type Report, written } from "./report";

const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll(/\s+/g, " ");

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line), ""];
}

/** A report for people who read text. Pure. */
export function markdownOf({ alerts, events, figures, from, plots, stack, support, to, versions }: Report): string {
  const lasts = plots.map(({ lines, title, unit }) => {
    const values = lines.flatMap(({ points }) => points.map(([, value]) => value));
    const [least, most] = [Math.min(...values), Math.max(...values)];
    return [title, written(least, unit), written(most, unit)];
  });
  const state = (good: boolean | undefined) => (good === undefined ? "" : good ? "ok" : "LOOK");
  return [
    `# ${stack}, ${from.slice(0, 16)} to ${to.slice(0, 16)} UTC`,
    "",
    ...table(
      ["", "", ""],
      figures.map(({ good, title, unit, value }) => [title, written(value, unit), state(good)]),
    ),
    "## Over the time",
    "",
    ...table(["", "least", "most"], lasts),
    "## Alerts",
    "",
    ...(alerts.length === 0
      ? ["None fired.", ""]
      : table(
          ["alert", "severity", "about", "for"],
          alerts.map(({ about, name, seconds, severity }) => [name, severity, about, written(seconds, "seconds")]),
        )),
    "## Warnings that Kubernetes recorded in the last hour",
    "",
    ...(events.length === 0
      ? ["None.", ""]
      : table(
          ["reason", "object", "times", ""],
          events.map(({ count, message, object, reason }) => [reason, object, String(count), message]),
        )),
    "## Ends of life",
    "",
    ...table(["", "version", "last fix", "", ""], support.map(cellsOf)),
    "## Versions",
    "",
    ...table(["", ""], Object.entries(versions)),
  ].join("\n");
}
