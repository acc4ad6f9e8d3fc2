import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { cacheRoot } from "./layout";

/** A short name for exactly this content. */
export function keyOf(...parts: readonly (string | Buffer)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return hash.digest("hex").slice(0, 16);
}

/** Where an entry of the cache lies, whether or not it is there. */
export function cachePath(kind: string, key: string): string {
  return join(cacheRoot, kind, key);
}

/** Whether an entry is whole: entries appear by one rename, so a killed build leaves none. */
export function isCached(kind: string, key: string): boolean {
  return existsSync(cachePath(kind, key));
}

/**
 * The folder of an entry, made first if it is not there.
 * @param kind the group of entries; all but the newest few of a kind are removed
 * @param key what pins the content, see {@link keyOf}
 * @param produce fills the folder that it is given
 * @param kept how many entries of the kind stay
 */
export function cached(
  kind: string,
  key: string,
  produce: (folder: string) => Promise<void>,
  kept = 8,
): Promise<string> {
  const entry = cachePath(kind, key);
  const making = inTheMaking.get(entry) ?? make(entry, kind, produce, kept).finally(() => inTheMaking.delete(entry));
  inTheMaking.set(entry, making);
  return making;
}

/** Notes that an entry was used; those that were not used for the longest go first. */
export function markUsed(kind: string, key: string): void {
  touch(cachePath(kind, key));
}

function touch(entry: string): void {
  const now = new Date();
  utimesSync(entry, now, now);
}

/** What is made at this moment: who asks for it again waits for the same. */
const inTheMaking = new Map<string, Promise<string>>();

async function make(
  entry: string,
  kind: string,
  produce: (folder: string) => Promise<void>,
  kept: number,
): Promise<string> {
  if (existsSync(entry)) {
    touch(entry);
    return entry;
  }
  const draft = `${entry}.draft-${process.pid}`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true });
  try {
    await produce(draft);
    renameSync(draft, entry);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  removeOld(kind, kept);
  return entry;
}

/** Keeps the entries of a kind that were used last, and no draft that is older than a day. */
function removeOld(kind: string, kept: number): void {
  const day = 24 * 60 * 60 * 1000;
  const entries = readdirSync(join(cacheRoot, kind))
    .map((name) => ({ name, used: statSync(join(cacheRoot, kind, name)).mtimeMs }))
    .sort((a, b) => b.used - a.used);
  const drafts = entries.filter(({ name, used }) => name.includes(".draft-") && Date.now() - used > day);
  const old = entries.filter(({ name }) => !name.includes(".draft-")).slice(kept);
  for (const { name } of [...drafts, ...old]) rmSync(join(cacheRoot, kind, name), { recursive: true, force: true });
}
