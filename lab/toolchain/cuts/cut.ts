/** A file of a module's source of which something is taken out. */
export interface FileEdit {
  /** Path inside the module. */
  readonly file: string;
  /** What is taken out, each of which must be there exactly once. */
  readonly without: readonly RegExp[];
}

/** Source of a pinned module that the lab never runs and that is therefore not compiled. */
export interface Cut {
  /** Path of the Go module. */
  readonly module: string;
  /** What no longer works in the lab. */
  readonly lost: string;
  /** Files of which something is taken out. Default: none. */
  readonly edits?: readonly FileEdit[];
  /** Files that are left out. Default: none. */
  readonly removed?: readonly string[];
  /** Folders of which only these Go files stay. Default: none. */
  readonly keepOnly?: Readonly<Record<string, readonly string[]>>;
  /** Our own text of files, by path inside the module: says that something was left out. Default: none. */
  readonly instead?: Readonly<Record<string, string>>;
}

/** An import of a Go package, with or without a name of its own. */
export const goImport = (path: string) => new RegExp(`^\\t(\\w+ )?"${path.replaceAll(".", "\\.")}".*\\n`, "m");
