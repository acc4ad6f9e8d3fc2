import { readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join, relative } from "node:path";
import * as ts from "typescript";

/** That one file imports another, or a package. */
export interface Import {
  /** Path of the file in the project. */
  readonly importer: string;
  /** Path of the imported file in the project; of a package its name. */
  readonly imported: string;
  /** Whether that is a package. */
  readonly isPackage: boolean;
}

/**
 * Every import of the files that the project's tsconfig.json names, type-only and dynamic ones too; none of Node.js' own
 * modules. Files are found, read and resolved by TypeScript itself, types are not looked at.
 */
export function importsOf(root: string): { readonly files: readonly string[]; readonly imports: readonly Import[] } {
  const { fileNames, options } = compilerSettings(root);
  const cache = ts.createModuleResolutionCache(root, (name) => name, options);
  const path = (file: string) => relative(root, file);
  const imports = fileNames.flatMap((file) => {
    const { importedFiles } = ts.preProcessFile(readFileSync(file, "utf8"), true, true);
    const names = importedFiles.map(({ fileName }) => fileName).filter((name) => !isBuiltin(name));
    return names.map((name): Import => {
      if (!name.startsWith(".")) return { importer: path(file), imported: packageOf(name), isPackage: true };
      const { resolvedModule } = ts.resolveModuleName(name, file, options, ts.sys, cache);
      // What the build makes has no source: it counts by where it stands. A slip is the type check's to find.
      const imported = resolvedModule?.resolvedFileName ?? join(dirname(file), name);
      return { importer: path(file), imported: path(imported), isPackage: false };
    });
  });
  return { files: fileNames.map(path).sort(), imports };
}

function compilerSettings(root: string): ts.ParsedCommandLine {
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
  return ts.parseJsonConfigFileContent(config, ts.sys, root);
}

/** `@scope/name/deep/path` → `@scope/name`. */
function packageOf(name: string): string {
  return name
    .split("/")
    .slice(0, name.startsWith("@") ? 2 : 1)
    .join("/");
}
