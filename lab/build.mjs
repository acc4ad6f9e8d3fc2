#!/usr/bin/env node
// Compiles every TypeScript source into dist/, keeping the tree; besides, the program and the policy pack into one file each,
// and the programs that run inside the cluster into one text each.
// Types are checked apart from this, by `npm run typecheck`.
// What runs from dist/ meanwhile finds each file whole: all is compiled into a folder beside, whose files then take their
// places, and the mark of what dist/ was made from comes last. Whoever starts this holds the checkout's lock (lab/bootstrap).
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { clientBundle, clientSource } from "./client-bundle.mjs";
import { IN_CLUSTER_TEXTS, inClusterTexts, programBundle } from "./program-bundle.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, "dist");
// Beside dist/, so that source maps lead to the same places.
const draft = `${dist}.draft-${process.pid}`;
const mark = join(dist, ".built-from");
const folders = ["components", "program", "policy", "ops", "stand-ins", "lab", "test"].filter((folder) =>
  existsSync(join(root, folder)),
);
const sources = folders.flatMap((folder) => filesIn(join(root, folder)).filter((file) => /(?<!\.d)\.ts$/.test(file)));

/** @returns every file below a folder, sorted. */
function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** What the compiled files depend on: sources, packages, the scripts that compile them, the compiler's Node.js. */
function sourcesKey() {
  const hash = createHash("sha256").update(process.version);
  const scripts = readdirSync(join(root, "lab"))
    .filter((name) => name.endsWith(".mjs"))
    .map((name) => join(root, "lab", name));
  const read = [...scripts, join(root, "package-lock.json"), join(root, "index.ts"), ...sources];
  for (const file of read) {
    const content = existsSync(file) ? readFileSync(file) : "";
    hash.update(`${relative(root, file)} ${content.length} `).update(content);
  }
  return hash.digest("hex");
}

const options = {
  absWorkingDir: root,
  platform: "node",
  format: "cjs",
  target: "node22",
  sourcemap: true,
  logLevel: "warning",
};

/** Gives the policy SDK what it needs of `@pulumi/pulumi`, and no more. */
const sdkParts = { "@pulumi/pulumi": "pulumi", "@pulumi/pulumi/runtime/rpc": "signatures" };
const lightSdk = {
  name: "light-sdk",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@pulumi\/pulumi(\/runtime\/rpc)?$/ }, ({ path }) => ({ path, namespace: "light-sdk" }));
    onLoad({ filter: /./, namespace: "light-sdk" }, ({ path }) => ({
      contents: `module.exports = require("./sdk-parts").${sdkParts[path]};`,
      resolveDir: join(root, "policy"),
    }));
  },
};

async function compile() {
  const { build } = await import("esbuild");
  // To the end of each, also of those beside one that fails: nothing is written after that.
  const builds = await Promise.allSettled([
    build({
      ...options,
      entryPoints: [join(root, "index.ts"), ...sources.filter((file) => file !== join(root, clientSource))],
      outdir: draft,
      outbase: root,
    }),
    // The engine waits for the pack before it starts the program: one file is read in half the time of some 240.
    build({
      ...options,
      entryPoints: [join(root, "policy", "index.ts")],
      outfile: join(draft, "policy", "onprem-policies.js"),
      bundle: true,
      plugins: [lightSdk],
    }),
    build({ ...options, ...clientBundle(root, draft) }),
    bundleProgram(build),
  ]);
  for (const { reason } of builds) if (reason) throw reason;
}

/** The program, with the texts of those that run inside the cluster; the files compiled one by one read them from theirs. */
async function bundleProgram(build) {
  const texts = await inClusterTexts(build, root);
  const file = join(draft, IN_CLUSTER_TEXTS);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(texts));
  const named = sources.filter((source) => source.startsWith(join(root, "components")));
  await build({ ...options, ...programBundle(root, draft, named, texts) });
}

/** Moves the compiled files to their places, and removes those of sources that are gone. */
function takePlaces() {
  const made = new Set(filesIn(draft).map((file) => relative(draft, file)));
  for (const file of made) {
    const place = join(dist, file);
    mkdirSync(dirname(place), { recursive: true });
    renameSync(join(draft, file), place);
  }
  for (const folder of folders.filter((name) => existsSync(join(dist, name))))
    for (const file of filesIn(join(dist, folder))) if (!made.has(relative(dist, file))) unlinkSync(file);
}

const key = sourcesKey();
if (!existsSync(mark) || readFileSync(mark, "utf8") !== key) {
  // What builds left that were killed.
  for (const name of readdirSync(root)) {
    if (/^dist\.draft-\d+$/.test(name)) rmSync(join(root, name), { recursive: true, force: true });
  }
  rmSync(mark, { force: true });
  try {
    await compile();
    takePlaces();
    writeFileSync(mark, key);
  } catch (error) {
    // The compiler has said what is wrong with which line.
    if (!Array.isArray(error?.errors)) throw error;
    if (error.errors.some(({ text }) => /^Could not resolve "[^."]/.test(text)))
      process.stderr.write("A package is missing in node_modules: run npm install --ignore-scripts, and this again.\n");
    process.exitCode = 1;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}
