import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A Node.js that takes itself for another. */
export interface FakedNode {
  /** Such as `20.20.2`. */
  readonly version: string;
  /** As `process.platform`. Default: this machine's. */
  readonly platform?: string;
}

/**
 * Puts a program `node` into a folder: this process's Node.js, which says that it is another.
 * @returns the program's path
 */
export function placeFakedNode(folder: string, { version, platform }: FakedNode): string {
  mkdirSync(folder, { recursive: true });
  const preload = join(folder, "faked.cjs");
  const lines = [
    `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${version}" } });`,
    `Object.defineProperty(process, "version", { value: "v${version}" });`,
    ...(platform ? [`Object.defineProperty(process, "platform", { value: "${platform}" });`] : []),
  ];
  writeFileSync(preload, lines.join("\n"));
  const path = join(folder, "node");
  // What asks for the version alone is answered before any script is read.
  const answer = `case "$1" in --version) echo "v${version}"; exit ;; esac`;
  writeFileSync(path, `#!/bin/sh\n${answer}\nexec '${process.execPath}' --require '${preload}' "$@"\n`);
  chmodSync(path, 0o755);
  return path;
}
