#!/usr/bin/env node
// Compiles every TypeScript source into dist/, keeping the tree. Types are checked apart from this, by `npm run typecheck`.
import { existsSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folders = ["components", "policy", "ops", "lab", "test"].filter((folder) => existsSync(join(root, folder)));
const sources = folders.flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /(?<!\.d)\.ts$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name)),
);

for (const folder of folders) rmSync(join(root, "dist", folder), { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: [join(root, "index.ts"), ...sources],
  outdir: join(root, "dist"),
  outbase: root,
  platform: "node",
  format: "cjs",
  target: "node20",
  sourcemap: true,
  logLevel: "warning",
});
