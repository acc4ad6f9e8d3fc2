import { createHash } from "node:crypto";
import {
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { execa } from "execa";
import { programSetsOf } from "../../lab/go-modules";
import { cacheRoot, labRoot, projectRoot } from "../../lab/layout";
import { nodeProgram, nodeProgramEnvironment } from "../../lab/node/programs";
import type { Artefact } from "../../lab/prebuilt/artefact";
import { coreArtefacts } from "../../lab/prebuilt/core-artefacts";
import { compiledPrograms } from "../../lab/toolchain/build";
import { LocalPublisher } from "../support/prebuilt/local-publisher";

/** Groups of the cache that come from registries, and that a start would have to fetch too. */
const warm = ["debian", "image-pause", "image-shell", "image-postgresql", "image-parse-server"];

/** Set where this file runs in namespaces of its own. */
const INSIDE = "--inside";

async function sha256(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

/** A stand-in of a publisher's file, made of the program that was compiled here, in the same packing. */
async function standInOf(artefact: Artefact, publisher: LocalPublisher, folder: string): Promise<Artefact | undefined> {
  const folders = programSetsOf.core.map((set) => compiledPrograms(set).folder);
  const compiled = (name: string) => folders.map((one) => join(one, name)).find(existsSync) ?? "";
  // The compiled engine comes without a language host.
  const files = Object.entries(artefact.files).filter(([name]) => compiled(name) !== "");
  const [first] = files;
  if (!first) return undefined;
  let file = realpathSync(compiled(first[0]));
  if (artefact.archive === "tar.gz") {
    const tree = join(folder, artefact.name);
    for (const [name, path] of files) {
      mkdirSync(dirname(join(tree, path)), { recursive: true });
      symlinkSync(realpathSync(compiled(name)), join(tree, path));
    }
    file = `${tree}.tar.gz`;
    const pack = ["--create", "--dereference", "--use-compress-program", "gzip -1", "--file", file];
    await execa("tar", [...pack, "--directory", tree, "--", ...files.map(([, path]) => path)]);
  }
  const path = `/${artefact.name}`;
  publisher.offerFile(path, file);
  const checksum = { sha256: await sha256(file), readIn: "the stand-in's own" };
  console.log(`  ${artefact.name}: ${Math.round(statSync(file).size / 1e6)} MB`);
  return { ...artefact, url: publisher.address(path), files: Object.fromEntries(files), checksum };
}

/** In namespaces of its own: plays the publishers, and starts a lab that knows nothing but them. */
async function startInside(folder: string): Promise<void> {
  await execa(nodeProgram("ip"), ["link", "set", "lo", "up"], nodeProgramEnvironment());
  // The dev stack's settings say where the lab's kubeconfig is: its folder has another content in here.
  await execa("mount", ["--bind", join(folder, "lab"), labRoot]);
  const publisher = await new LocalPublisher().start();
  const cache = join(folder, "cache");
  mkdirSync(cache);
  for (const kind of warm) symlinkSync(join(cacheRoot, kind), join(cache, kind));
  console.log("What a local publisher offers, made of the programs that were compiled here:");
  const rows: Artefact[] = [];
  for (const artefact of coreArtefacts())
    rows.push(...[await standInOf(artefact, publisher, folder)].flatMap((row) => row ?? []));
  const table = join(folder, "table.json");
  writeFileSync(table, JSON.stringify(rows));
  const environment = { ONPREM_CACHE: cache, ONPREM_PREBUILT: "always", ONPREM_PREBUILT_TABLE: table };
  const lab = (...args: readonly string[]) =>
    execa(process.execPath, [join(projectRoot, "dist", "lab", "cli.js"), ...args], {
      env: environment,
      stdio: "inherit",
    });
  const started = Date.now();
  try {
    await lab("start");
    console.log(`A start from a local publisher: ${((Date.now() - started) / 1000).toFixed(1)} s.`);
  } finally {
    await lab("down");
    await publisher.stop();
  }
}

/**
 * Times `npm start` in an empty cache but for Debian's packages and the application's images, with the core's programs from
 * a publisher on this machine. It is a lab of its own, in Linux namespaces; one that runs is not disturbed.
 */
export async function timePrebuiltStart(): Promise<void> {
  if (!programSetsOf.core.every((set) => compiledPrograms(set).present)) {
    console.log(
      "A start from a local publisher is timed where the core's programs were compiled: ONPREM_PREBUILT=never.",
    );
    return;
  }
  const folder = mkdtempSync(join(dirname(cacheRoot), "onprem-prebuilt-"));
  const namespaces = [
    "--mount",
    "--net",
    "--pid",
    "--fork",
    "--kill-child",
    "--mount-proc",
    "--propagation",
    "private",
  ];
  const command = [join(projectRoot, "test", "apart"), INSIDE, process.execPath, __filename, INSIDE, folder];
  const env = { ONPREM_LAB_NAME: "onprem-bench", ONPREM_LAB_ROOT: labRoot };
  for (const place of [labRoot, join(folder, "lab")]) mkdirSync(place, { recursive: true });
  try {
    await execa("unshare", [...namespaces, ...command], { env, stdio: "inherit" });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const [mode, folder] = process.argv.slice(2);
if (require.main === module)
  (mode === INSIDE && folder ? startInside(folder) : timePrebuiltStart()).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
