/**
 * How the go command compiles everything of the lab. One package compiled in two ways would be compiled twice.
 *
 * No debug information: nobody debugs these programs. And no paths: a package of a module that is cut, but not in this
 * package, is the one that another module compiled. See https://pkg.go.dev/cmd/go#hdr-Compile_packages_and_dependencies
 */
export const compilerFlags = ["-gcflags=all=-dwarf=false", "-trimpath"] as const;

/**
 * Its environment. A compiler lives for a second: its heap may be nine times what lives of it before it looks for what
 * does not.
 */
export const compilerEnvironment = {
  CGO_ENABLED: "0",
  GOGC: "800",
  GOFLAGS: "-buildvcs=false",
  GOTOOLCHAIN: "local",
} as const;
