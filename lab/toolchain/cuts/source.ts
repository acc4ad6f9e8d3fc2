/** An import of a Go package, with or without a name of its own. */
export const goImport = (path: string) => new RegExp(`^\\t(\\w+ )?"${path.replaceAll(".", "\\.")}"\\n`, "m");
