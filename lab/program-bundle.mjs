// What the build makes one file or one text of: the program, and each program that runs inside the cluster.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** Indexes of packages of which the program uses a few resources out of thousands. */
const providerIndex = /[\\/]@pulumi[\\/](gcp|kubernetes|rancher2|random|tls)[\\/](?:.+[\\/])?index\.js$/;
/** The lines in them that bring classes, and those that bring a folder of them. */
const bringsClasses = /^utilities\.lazyLoad\(exports, (\[.+?\]), /;
const bringsFolder = /^const (\w+) = (?:__importStar\()?require\("\.\/\1"\)\)?;$/;

/** Ends a file of a package: a trace names its own lines, and the map is of our sources alone. */
const withoutMap = `\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(
  JSON.stringify({ version: 3, sources: ["package"], mappings: "AAAA" }),
).toString("base64")}`;

/** Leaves out of an index what none of the words names. */
function shortened(contents, words) {
  const named = (line) => {
    const classes = bringsClasses.exec(line)?.[1];
    if (classes) return JSON.parse(classes).some((name) => words.has(name));
    const folder = bringsFolder.exec(line)?.[1];
    return !folder || words.has(folder);
  };
  const left = contents
    .split("\n")
    .filter((line) => !named(line))
    .map((line) => bringsFolder.exec(line)?.[1]);
  const gone = new Set(left.filter(Boolean).map((folder) => `exports.${folder} = ${folder};`));
  return contents
    .split("\n")
    .filter((line) => named(line) && !gone.has(line))
    .join("\n");
}

function packages(root, words) {
  return {
    name: "packages-of-the-program",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^@pulumi\/pulumi(\/|$)/ }, ({ path, importer }) =>
        /^@pulumi\/pulumi(\/runtime)?$/.test(path) && importer !== join(root, "program", "sdk-parts.ts")
          ? { path, namespace: "sdk" }
          : { path, external: true },
      );
      onLoad({ filter: /./, namespace: "sdk" }, ({ path }) => ({
        contents: `module.exports = require("./sdk-parts").${path.endsWith("/runtime") ? "runtime" : "pulumi"};`,
        resolveDir: join(root, "program"),
      }));
      // A file of its own, for it is only read when a cluster is asked: from where the bundle is, the one beside it.
      onResolve({ filter: /^\.\/client-node$/ }, () => ({ path: "../kubernetes/client-node", external: true }));
      onLoad({ filter: /[\\/]node_modules[\\/].*\.[cm]?js$/ }, async ({ path }) => {
        const contents = await readFile(path, "utf8");
        return { contents: (providerIndex.test(path) ? shortened(contents, words) : contents) + withoutMap };
      });
    },
  };
}

/** The file with the texts of the programs that run inside the cluster: components/kubernetes/in-cluster-program.ts reads it. */
export const IN_CLUSTER_TEXTS = join("components", "kubernetes", "in-cluster-programs.json");
/** components/DOMAIN/in-cluster/programs/NAME.ts is the program DOMAIN/NAME. */
const IN_CLUSTER_FOLDER = join("in-cluster", "programs");
/** The oldest that an image which runs them may have (`node` of BackupImages in components/backup/args.ts). */
const IN_CLUSTER_NODE = "node20";

/** Name of each program that runs inside the cluster → its source. */
function inClusterSources(root) {
  const components = join(root, "components");
  const sources = readdirSync(components).flatMap((domain) => {
    const folder = join(components, domain, IN_CLUSTER_FOLDER);
    const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith(".ts")) : [];
    return files.map((file) => [`${domain}/${file.slice(0, -".ts".length)}`, join(folder, file)]);
  });
  return sources.sort();
}

/**
 * Bundles each program that runs inside the cluster: a text that needs Node.js and nothing beside it.
 * @param build esbuild's
 * @param root the project's folder
 * @returns name of each → its text
 */
export async function inClusterTexts(build, root) {
  const texts = inClusterSources(root).map(async ([name, source]) => {
    const { outputFiles } = await build({
      absWorkingDir: root,
      entryPoints: [source],
      bundle: true,
      write: false,
      platform: "node",
      format: "cjs",
      target: IN_CLUSTER_NODE,
      charset: "utf8",
      // Those of packages stay in the text.
      legalComments: "inline",
      logLevel: "warning",
    });
    return [name, outputFiles[0].text];
  });
  return Object.fromEntries(await Promise.all(texts));
}

/** Has these texts in the bundle, so that the program finds them wherever it lies. */
function withTexts(texts) {
  return {
    name: "in-cluster-texts",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /\/in-cluster-programs\.json$/ }, ({ path }) => ({ path, namespace: "in-cluster-texts" }));
      onLoad({ filter: /./, namespace: "in-cluster-texts" }, () => ({
        contents: JSON.stringify(texts),
        loader: "json",
      }));
    },
  };
}

/**
 * What esbuild is told beside the options of every build, for the program as one file: our sources and, of each package,
 * what they name. `@pulumi/pulumi` itself stays outside, since the engine's script that runs the program has loaded it, and
 * both must use the same.
 * @param root the project's folder
 * @param dist the folder of compiled files
 * @param sources the program's files: what they have no word for is left out of the packages' indexes
 * @param texts of the programs that run inside the cluster
 */
export function programBundle(root, dist, sources, texts) {
  const entry = join(root, "index.ts");
  const words = new Set([entry, ...sources].flatMap((file) => readFileSync(file, "utf8").match(/\w+/g) ?? []));
  // "utilities" is of the packages' own.
  words.add("utilities");
  return {
    entryPoints: [entry],
    outfile: join(dist, "components", "platform", "bundle.js"),
    bundle: true,
    sourcesContent: false,
    plugins: [withTexts(texts), packages(root, words)],
  };
}
