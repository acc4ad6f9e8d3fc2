import { existsSync } from "node:fs";
import { join } from "node:path";
import { nodePackages, unpackedPackages } from "../debian";
import { LabError } from "../errors";

/** Where a program of the unpacked Debian packages lies. */
export function nodeProgram(name: string): string {
  const { folder } = unpackedPackages(nodePackages);
  for (const place of ["usr/bin", "usr/sbin", "bin", "sbin"]) {
    const file = join(folder, place, name);
    if (existsSync(file)) return file;
  }
  throw new LabError("missing-program", `${name} is not in the cache (${folder}). Run: npm run lab -- up`);
}

/** The folder of the container network plugins. */
export const networkPlugins = (): string => join(unpackedPackages(nodePackages).folder, "usr/lib/cni");

/** The environment in which programs of the unpacked packages find their libraries and each other. */
export function nodeProgramEnvironment(): { readonly env: Readonly<Record<string, string>> } {
  const { folder } = unpackedPackages(nodePackages);
  const under = (...places: string[]) => places.map((place) => join(folder, place)).join(":");
  return {
    env: {
      LD_LIBRARY_PATH: under("usr/lib/x86_64-linux-gnu", "lib/x86_64-linux-gnu"),
      PATH: `${under("usr/bin", "usr/sbin", "bin", "sbin")}:${process.env.PATH}`,
    },
  };
}
