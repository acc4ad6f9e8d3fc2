import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Of what the lab's command `pulumi` is made. */
export interface EngineCommand {
  /** Where it goes; comes before the engine's own folder on PATH. */
  readonly folder: string;
  /** The settings file for which it is: commands on other stacks pass through. */
  readonly stackFile: string;
  /** Files that the settings come from. */
  readonly sources: readonly string[];
  /** Holds the text of all sources that the settings file was made from. */
  readonly seen: string;
  /** Command that makes it from them. */
  readonly refresh: readonly string[];
}

/**
 * Installs the command `pulumi` of the lab's shell. It brings the engine's copy of the lab's settings up to the checked-in
 * files, when these are others than last time, and becomes the engine, the next `pulumi` on PATH: the same process, with
 * the same arguments. So an edit of Pulumi.dev.yaml is seen by the next command; the engine reads its settings before it
 * starts anything else that could do it.
 */
export function installEngineCommand({ folder, refresh, seen, sources, stackFile }: EngineCommand): void {
  const words = (list: readonly string[]) => list.map(quoted).join(" ");
  const script = `#!/bin/sh
# Made by lab/engine-command.ts.
if [ "\${PULUMI_OPTION_CONFIG_FILE:-}" = ${quoted(stackFile)} ] && ! cat ${words(sources)} 2> /dev/null | cmp -s - ${quoted(seen)}; then
  ${words(refresh)} || exit
fi
set -f
IFS=:
for place in \${PATH##*${quoted(folder)}:}; do
  [ ! -x "$place/pulumi" ] || exec "$place/pulumi" "$@"
done
echo "pulumi: the engine is not built. Build it: npm run lab up" >&2
exit 127
`;
  const path = join(folder, "pulumi");
  if (existsSync(path) && readFileSync(path, "utf8") === script) return;
  mkdirSync(folder, { recursive: true });
  const draft = `${path}.draft-${process.pid}`;
  writeFileSync(draft, script);
  chmodSync(draft, 0o755);
  renameSync(draft, path);
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
