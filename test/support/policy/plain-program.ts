import { writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Writes the pack of plain-pack.ts as a program, which the engine takes as it takes `policy/onprem-policies`.
 * @param folder that it is written into
 * @returns its path, for `--policy-pack`
 */
export function writePlainPack(folder: string): string {
  const file = join(folder, "plain-policies");
  const script = `#!/usr/bin/env node\nrequire(${JSON.stringify(join(__dirname, "plain-pack.js"))});\n`;
  writeFileSync(file, script, { mode: 0o755 });
  return file;
}
