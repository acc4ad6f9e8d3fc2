import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { stackFileSchema } from "./json-schema";
import { settingsReference } from "./reference";

/** Files that are made from the schema, by their path in the project. */
export function generatedFiles(): Record<string, string> {
  return {
    "onprem.schema.json": `${JSON.stringify(stackFileSchema(), null, 2)}\n`,
    "docs/settings.md": settingsReference(),
  };
}

/**
 * Paths of the generated files that are not what the schema would make of them now.
 * @param root the project's directory
 */
export function outdatedFiles(root: string): string[] {
  return Object.entries(generatedFiles()).flatMap(([path, content]) => {
    const file = join(root, path);
    return existsSync(file) && readFileSync(file, "utf8") === content ? [] : [path];
  });
}

function main(flags: readonly string[]): number {
  const root = process.cwd();
  if (flags.includes("--check")) {
    const outdated = outdatedFiles(root);
    for (const path of outdated) console.error(`${path} is not current: run \`npm run docs\` and commit the result.`);
    return outdated.length > 0 ? 1 : 0;
  }
  for (const [path, content] of Object.entries(generatedFiles())) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
    console.log(`wrote ${path}`);
  }
  return 0;
}

if (require.main === module) process.exitCode = main(process.argv.slice(2));
