import { chmodSync, copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gitServerPackages, unpackPackages } from "../debian";
import { fluxControllers } from "../flux-controllers";
import { imageMirror, projectRoot } from "../layout";
import type { Step } from "../steps";
import { packagePins, programLayers, programPins, runtimeLayer } from "./layers";
import type { ImageRecipe } from "./recipe";

/** A controller of Flux, started in the same way as upstream's image: the manifest gives it arguments only. */
function controller(name: string, version: string): ImageRecipe {
  return {
    reference: `${imageMirror}/fluxcd/${name}:${version}`,
    settings: {
      Entrypoint: [`/usr/local/bin/${name}`],
      Env: ["PATH=/usr/local/bin:/usr/bin:/bin"],
      // By number: Kubernetes cannot tell from a name that it is not root.
      User: "65534:65534",
    },
    pins: programPins("gitops"),
    layers: programLayers("gitops", { [name]: `usr/local/bin/${name}` }, true),
  };
}

const entrypoint = join(projectRoot, "lab", "images", "git-server", "entrypoint.sh");

/** The account that owns the repositories: sshd runs as it too, and so lets nobody else in. */
const GIT_USER = 1001;

async function gitServerLayers(step: Step, scratch: string): Promise<readonly string[]> {
  const runtime = await runtimeLayer(step, scratch);
  const layer = join(scratch, "git-server");
  cpSync(await unpackPackages(step, gitServerPackages), layer, { recursive: true, verbatimSymlinks: true });
  for (const folder of ["doc", "man", "lintian", "locale", "perl5"]) {
    rmSync(join(layer, "usr", "share", folder), { recursive: true, force: true });
  }
  const programs = join(layer, "usr", "local", "bin");
  mkdirSync(programs, { recursive: true });
  copyFileSync(entrypoint, join(programs, "entrypoint"));
  chmodSync(join(programs, "entrypoint"), 0o755);
  const etc = join(layer, "etc");
  writeFileSync(
    join(etc, "passwd"),
    `root:x:0:0::/:/bin/sh\ngit:x:${GIT_USER}:${GIT_USER}::/srv/git:/usr/bin/git-shell\n`,
  );
  writeFileSync(join(etc, "group"), `root:x:0:\ngit:x:${GIT_USER}:\n`);
  return [runtime, layer];
}

/** The controllers of Flux that the lab has, and a Git server that takes the customer's place. */
export const gitopsImages: Readonly<Record<string, ImageRecipe>> = {
  ...Object.fromEntries(Object.entries(fluxControllers).map(([name, version]) => [name, controller(name, version)])),
  "git-server": {
    reference: `${imageMirror}/lab/git-server:1`,
    settings: {
      Entrypoint: ["/usr/local/bin/entrypoint"],
      Env: ["PATH=/usr/local/bin:/usr/sbin:/usr/bin:/bin"],
      User: `${GIT_USER}`,
      ExposedPorts: { "2222/tcp": {} },
    },
    pins: () => [...packagePins(), JSON.stringify(gitServerPackages), readFileSync(entrypoint)],
    layers: gitServerLayers,
  },
};
