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
import { dirname, join } from "node:path";
import { runtimePackages, unpackPackages } from "../debian";
import type { PartName } from "../parts";
import type { Step } from "../steps";
import { builtPrograms } from "../toolchain/build";

/** A root file system with Debian's C and C++ libraries, a shell, CA certificates and a writable /tmp. */
export async function runtimeLayer(step: Step, scratch: string): Promise<string> {
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

/**
 * Layers with programs of the toolchain.
 * @param part whose programs
 * @param targets the programs, each with its path in the image
 * @param onRuntime whether they lie over {@link runtimeLayer}, or alone
 */
export function programLayers(part: PartName, targets: Readonly<Record<string, string>>, onRuntime: boolean) {
  return async (step: Step, scratch: string): Promise<readonly string[]> => {
    const layer = join(scratch, "programs");
    for (const [program, target] of Object.entries(targets)) {
      mkdirSync(dirname(join(layer, target)), { recursive: true });
      copyFileSync(join(builtPrograms(part).folder, program), join(layer, target));
    }
    return onRuntime ? [await runtimeLayer(step, scratch), layer] : [layer];
  };
}

/** Pins the content of {@link programLayers}. */
export const programPins = (part: PartName) => () => [builtPrograms(part).folder, ...packagePins()];
/** Pins the content of {@link runtimeLayer}. */
export const packagePins = () => [JSON.stringify(runtimePackages)];
