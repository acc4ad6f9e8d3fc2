import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * The release of this program, such as `0.2.0`: the version in its package.json, the nearest one above this file, compiled
 * or bundled.
 * @throws Error where there is none, or it has no version
 */
export function platformVersion(): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    const file = join(folder, "package.json");
    if (existsSync(file)) {
      const { version } = JSON.parse(readFileSync(file, "utf8")) as { version?: string };
      if (version === undefined) throw new Error(`${file} has no version: it belongs to no release of the platform.`);
      return version;
    }
    if (folder === dirname(folder)) throw new Error(`There is no package.json above ${__dirname}.`);
  }
}
