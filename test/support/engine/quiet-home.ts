import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { installPlugins } from "../../../lab/plugins";

/**
 * Makes a PULUMI_HOME with the lab's plugins in which the engine keeps no log of its own. It writes one at each command,
 * compressed or encrypted, has no setting against it, and goes on without where it finds no folder for it
 * (https://github.com/pulumi/pulumi/blob/v3.274.1/pkg/logging/encrypted.go): a tenth of its CPU.
 * @param binaries as for `installPlugins`
 */
export function makeQuietHome(home: string, binaries?: Readonly<Record<string, string>>): void {
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, "logs"), "");
  installPlugins(home, binaries);
}
