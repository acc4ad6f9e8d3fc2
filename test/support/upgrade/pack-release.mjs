#!/usr/bin/env node
// Packs the program of a release into one archive, from this repository's history:
//   node test/support/upgrade/pack-release.mjs COMMIT VERSION
// README.md beside this says what is in it and what it is for. Needs git and npm; the build is the commit's own.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const project = join(here, "..", "..", "..");
const [commit, version] = process.argv.slice(2);
if (!commit || !version) {
  process.stderr.write("Say which commit is packed, and as which version: pack-release.mjs 335fdb1 0.1.0\n");
  process.exit(2);
}

/** As files of the release, whatever the commit. */
const COPIED = [
  ...["package.json", "Pulumi.yaml", "Pulumi.dev.yaml", "Pulumi.prod.yaml", "lab/every-part.yaml", "charts"],
  ...["policy/onprem-policies", "dist/policy/onprem-policies.js"],
];

const work = mkdtempSync(join(tmpdir(), "pack-release-"));
const [tree, packed] = [join(work, "tree"), join(work, "packed")];
const run = (command, ...args) => execFileSync(command, args, { cwd: tree, stdio: ["ignore", "inherit", "inherit"] });

/** The commit's sources and packages, built as it builds itself. */
function buildTree() {
  mkdirSync(tree);
  const sources = join(work, "sources.tar");
  execFileSync("git", ["archive", "--output", sources, commit], { cwd: project });
  run("tar", "-xf", sources);
  run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error");
  run(process.execPath, "lab/build.mjs");
}

/**
 * The program as one file, with what it uses of the clouds' packages. `@pulumi/pulumi` stays outside: the engine's script
 * that runs the program has loaded it, and both must use the same.
 * @returns where it is, below `dist`
 */
async function bundle() {
  const made = "components/platform/bundle.js";
  if (existsSync(join(tree, "dist", made))) return made;
  // 0.1.0 ran from some 1,600 files. Its programs for the cluster are found from `components/`.
  const outfile = "components/bundle.js";
  const { programBundle } = await import("../../../lab/program-bundle.mjs");
  const { build } = await import("esbuild");
  mkdirSync(join(tree, "program"));
  cpSync(join(project, "program", "sdk-parts.ts"), join(tree, "program", "sdk-parts.ts"));
  const sources = filesIn(join(tree, "components")).filter((file) => file.endsWith(".ts"));
  await build({
    ...{ absWorkingDir: tree, platform: "node", format: "cjs", target: "node22", logLevel: "warning" },
    ...programBundle(tree, join(tree, "dist"), sources),
    outfile: join(tree, "dist", outfile),
    legalComments: "none",
    minifySyntax: true,
    minifyWhitespace: true,
    sourcemap: false,
  });
  return outfile;
}

function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function copy(path) {
  mkdirSync(dirname(join(packed, path)), { recursive: true });
  cpSync(join(tree, path), join(packed, path), { recursive: true });
}

/** Every time the same bytes for the same files. */
function archive() {
  const file = join(here, `platform-${version}.tar.gz`);
  const tar = join(work, "packed.tar");
  const order = ["--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner", "--format=ustar"];
  execFileSync("tar", [...order, "-cf", tar, "-C", packed, "."]);
  writeFileSync(file, execFileSync("gzip", ["-9", "-n", "-c", tar], { maxBuffer: 1 << 28 }));
  return file;
}

try {
  buildTree();
  const program = await bundle();
  const inCluster = readdirSync(join(tree, "dist/components"), { recursive: true, encoding: "utf8" })
    .filter((path) => /(^|\/)in-cluster\/[^/]+\.js$/.test(path))
    .map((path) => join("dist/components", path));
  for (const path of [...COPIED, ...inCluster, join("dist", program)]) copy(path);
  writeFileSync(join(packed, "dist/index.js"), `module.exports = require("./${program}");\n`);
  const settings = readFileSync(join(packed, "Pulumi.yaml"), "utf8");
  writeFileSync(join(packed, "Pulumi.yaml"), settings.replace(/^main: .*$/m, "main: dist/index.js"));
  process.stdout.write(`${archive()}\n`);
} finally {
  rmSync(work, { recursive: true, force: true });
}
