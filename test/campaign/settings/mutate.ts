import * as fc from "fast-check";
import { byteSizes, cronLines, durations, quantities } from "../../support/grammars/texts";
import type { Sections } from "./examples";
import type { Random } from "./random";

/** Settings as the engine would hand them over: in clear, and in the stack's file, where some are encrypted. */
export interface Mutated {
  /** Decrypted. */
  readonly clear: Sections;
  /** As they stand in the stack's file. */
  readonly file: Sections;
  /** Sections that have something encrypted. */
  readonly secretSections: readonly string[];
  /** Texts that must never be seen. */
  readonly canaries: readonly string[];
}

type Path = readonly (string | number)[];

const ODD: readonly unknown[] = [
  ...[
    "",
    " ",
    "null",
    "true",
    "0",
    "-",
    "a".repeat(64),
    "a".repeat(5000),
    "ä",
    "\u0000",
    "\n",
    "💥",
    "../../etc/passwd",
  ],
  ...["{{ .Values }}", "$(id)", "0.0.0.0/00", "::0", "1.2.3.4/33", "kube-system", "default", "on", "1P", "1e999"],
  ...[
    "ssh://git@git.example.com:99999/a.git",
    "https://:@",
    "http://[::1",
    "mongodb://",
    "a:b:c",
    "0 0 31 2 *",
    "*/0 * * * *",
  ],
  ...[
    0,
    -1,
    1,
    1.5,
    65_536,
    2 ** 53,
    -(2 ** 31),
    1e308,
    true,
    false,
    null,
    [],
    {},
    [[]],
    [null],
    { kind: "mongodb" },
    { secure: "v1:x" },
  ],
];
const KEYS = ["__proto__", "constructor", "toString", "hasOwnProperty", "kind", "nmae", "", "a b", "-", "secure", "0"];

const sample = (texts: fc.Arbitrary<string>, random: Random): string =>
  fc.sample(texts, { seed: random.below(2 ** 31), numRuns: 1 })[0] ?? "";

/** An example with one to five changes, the same for the same source of numbers. */
export function mutate(example: Sections, random: Random): Mutated {
  const clear = structuredClone(example);
  const canaries: string[] = [];
  const changes = 1 + random.below(random.chance(0.5) ? 1 : 5);
  for (let change = 0; change < changes; change++) mutateOnce(clear, random, canaries);
  return encrypted(clear, random, canaries);
}

/** Every place in the settings, those of single values last. */
function placesIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [...(path.length > 0 ? [path] : []), ...entries.flatMap(([step, inner]) => placesIn(inner, [...path, step]))];
}

function parentOf(root: Sections, path: Path): Record<string | number, unknown> | undefined {
  const parent = path
    .slice(0, -1)
    .reduce<unknown>((node, step) => (node as Record<string | number, unknown>)?.[step], root);
  return typeof parent === "object" && parent !== null ? (parent as Record<string | number, unknown>) : undefined;
}

function mutateOnce(root: Sections, random: Random, canaries: string[]): void {
  const places = placesIn(root).filter((place) => place.length > 0);
  if (places.length === 0) return;
  const path = random.pick(places);
  const parent = parentOf(root, path);
  const last = path.at(-1);
  if (parent === undefined || last === undefined) return;
  const value = parent[last];
  const kind = random.below(10);
  if (kind === 0) delete parent[last];
  else if (kind === 1) set(parent, random.pick(KEYS), random.pick(ODD));
  else if (kind === 2 && Array.isArray(parent))
    parent.push(structuredClone(random.chance(0.7) ? value : random.pick(ODD)));
  else if (kind === 3) parent[last] = planted(random, canaries);
  else if (kind === 4) parent[last] = structuredClone(valueAt(root, random.pick(places)));
  else if (kind <= 6) parent[last] = structuredClone(random.pick(ODD));
  else parent[last] = near(value, random);
}

function set(parent: Record<string | number, unknown>, key: string, value: unknown): void {
  if (Array.isArray(parent)) parent.push(structuredClone(value));
  else
    Object.defineProperty(parent, key, {
      value: structuredClone(value),
      enumerable: true,
      configurable: true,
      writable: true,
    });
}

const valueAt = (root: Sections, path: Path): unknown =>
  path.reduce<unknown>((node, step) => (node as Record<string | number, unknown> | undefined)?.[step], root);

/** A credential inside an address. */
function planted(random: Random, canaries: string[]): string {
  const canary = random.word(24);
  canaries.push(canary);
  return random.pick([
    `https://${canary}@git.example.com/acme/fleet.git`,
    `https://user:${canary}@git.example.com/a`,
    `ssh://git:${canary}@git.example.com:99999/a.git`,
    `https://alerts.example.com/hook?token=${canary}`,
    `ghp_${canary}${canary}`,
    `mongodb://parse:${canary}@db.example.com/parse`,
  ]);
}

/** A value that is nearly the one that was there. */
function near(value: unknown, random: Random): unknown {
  if (typeof value === "number")
    return random.pick([value + 1, value - 1, value * 1000, -value, value + 0.5, String(value)]);
  if (typeof value === "boolean") return random.pick([!value, String(value)]);
  if (typeof value !== "string") return random.pick(ODD);
  const at = random.below(value.length + 1);
  return random.pick([
    () => value.slice(0, at) + value.slice(at + 1),
    () => value.slice(0, at) + random.pick([..."-./:@ 09Za\n*"]) + value.slice(at),
    () => value.toUpperCase(),
    () => value + value,
    () => sample(cronLines, random),
    () => sample(random.pick([durations, quantities, byteSizes]), random),
    () => sample(fc.oneof(fc.ipV4(), fc.ipV6(), fc.webUrl(), fc.emailAddress(), fc.domain()), random),
  ])();
}

/** Names of settings that hold secrets; where they don't, it is one of the mistakes. */
const SECRET =
  /(uri|token|password|secretAccessKey|accessKeyId|webhookUrl|routingKey|kubeconfigContents|initialPassword)$/i;

/** The settings as they stand in the stack's file: secrets encrypted but for a few, and a few values that are none. */
function encrypted(clear: Sections, random: Random, canaries: string[]): Mutated {
  const secretSections = new Set<string>();
  // Most people encrypt what is secret, and nothing else.
  const careless = random.chance(0.3) ? 0.2 : 0;
  const hide = (value: unknown, path: Path): unknown => {
    if (typeof value === "object" && value !== null) {
      if (Array.isArray(value)) return value.map((inner, index) => hide(inner, [...path, index]));
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, hide(inner, [...path, key])]));
    }
    const due = SECRET.test(String(path.at(-1)));
    if (!random.chance(due ? 1 - careless : careless / 4)) return value;
    secretSections.add(String(path[0]));
    // Short words may stand in any message; what is looked for is long enough to be told.
    if (String(value).length >= 12 && !/^[a-z]+$/.test(String(value))) canaries.push(String(value));
    return { secure: "v1:AAAAAAAA:BBBBBBBBBBBB" };
  };
  const file = hide(clear, []) as Sections;
  return { clear, file, secretSections: [...secretSections], canaries };
}
