/** Until when that which a stack runs gets fixes. Pure. */
import {
  isOver,
  type ProductName,
  type SupportLine,
  supportedProducts,
  supportLineOf,
} from "../../components/releases/ends-of-life";

/** Days before the end of life from which a report marks a release. */
export const NOTICE_DAYS = 90;

const MILLISECONDS_A_DAY = 86_400_000;

/** Products that no cluster runs: what this project itself is built with and runs on. All lines that are pinned count. */
const TOOLS = ["node", "pulumi", "helm", "go", "debian"] as const satisfies readonly ProductName[];

/** What was found to run. */
export interface RunningReleases {
  /** The stack's versions on record, by part. */
  readonly versions: Readonly<Record<string, string>>;
  /** Full names of the images of running containers. */
  readonly images: readonly string[];
  /** Versions of the nodes' kubelets. */
  readonly kubelets: readonly string[];
}

/** A release that runs, and until when it gets fixes. */
export interface ReleaseSupport {
  readonly product: string;
  readonly version: string;
  /**
   * `ended`: it gets no fixes any more. `ending`: not for longer than {@link NOTICE_DAYS}. `unknown`: of a line that this
   * program has no entry for. `not named`: its publisher has named no day.
   */
  readonly state: "ended" | "ending" | "unknown" | "supported" | "not named";
  /** Last day with fixes, `YYYY-MM-DD`; absent where none is known. */
  readonly endOfLife?: string;
  /** What to do, or what the publisher says in place of a day. */
  readonly note: string;
}

const ORDER: readonly ReleaseSupport["state"][] = ["ended", "ending", "unknown", "supported", "not named"];

const dayOf = (date: Date) => date.toISOString().slice(0, 10);

/** Everything that runs and is in the table of ends of life, what needs a look first. */
export function releaseSupport(running: RunningReleases, now: Date): ReleaseSupport[] {
  const found = new Map<string, ReleaseSupport>();
  for (const [product, version] of [...runningVersions(running), ...pinnedTools()]) {
    const line = supportLineOf(product, version);
    const key = `${product} ${line?.line ?? version}`;
    if (!found.has(key)) found.set(key, supportOf(product, version, line, now));
  }
  return [...found.values()].sort((one, other) => ORDER.indexOf(one.state) - ORDER.indexOf(other.state));
}

function runningVersions({ images, kubelets, versions }: RunningReleases): [ProductName, string][] {
  const recorded = Object.entries(versions).filter(([part]) => part in supportedProducts) as [ProductName, string][];
  const nodes = kubelets.map((version): [ProductName, string] => ["kubernetes", version]);
  return [...recorded, ...nodes, ...images.flatMap(productOf)];
}

function pinnedTools(): [ProductName, string][] {
  return TOOLS.flatMap((tool) => supportedProducts[tool].lines.map(({ line }): [ProductName, string] => [tool, line]));
}

/** The product whose image this is, with the tag; nothing for others' images, and those without a tag. */
function productOf(image: string): [ProductName, string][] {
  const [, path, tag] = /^([^@]+):([^/:@]+)(?:@.*)?$/.exec(image) ?? [];
  if (!path || !tag) return [];
  const names = Object.keys(supportedProducts) as ProductName[];
  return names
    .filter((name) => supportedProducts[name].images?.some((known) => `/${path}`.endsWith(`/${known}`)))
    .map((name) => [name, tag]);
}

function supportOf(product: ProductName, version: string, line: SupportLine | undefined, now: Date): ReleaseSupport {
  const { lines, name } = supportedProducts[product];
  const soon = dayOf(new Date(now.getTime() + (NOTICE_DAYS + 1) * MILLISECONDS_A_DAY));
  const lasting = lines.filter((other) => !isOver(other, soon)).map((other) => other.line);
  const wayOut =
    lasting.length > 0
      ? `take ${lasting.join(" or ")}`
      : "no other line is pinned here: leave it out, or pin a newer one";
  const plain = { product: name, version };
  if (!line) return { ...plain, state: "unknown", note: `known here: ${lines.map((other) => other.line).join(", ")}` };
  if (line.endOfLife === "not named") return { ...plain, state: "not named", note: line.note ?? "" };
  const known = { ...plain, endOfLife: line.endOfLife };
  if (isOver(line, dayOf(now))) return { ...known, state: "ended", note: wayOut };
  if (isOver(line, soon)) return { ...known, state: "ending", note: wayOut };
  return { ...known, state: "supported", note: line.note ?? "" };
}

/** The cells of a release in a table: product, version, last day with fixes, state, note. */
export function cellsOf({ endOfLife, note, product, state, version }: ReleaseSupport): string[] {
  const look = state === "ended" || state === "ending" || state === "unknown";
  return [product, version, endOfLife ?? "–", look ? `LOOK: ${state}` : state === "supported" ? "ok" : "", note];
}
