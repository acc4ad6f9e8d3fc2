import { availableParallelism } from "node:os";

/**
 * How the go command compiles everything of the lab. One package compiled in two ways would be compiled twice.
 *
 * No debug information: nobody debugs these programs. And no paths: a package of a module that is cut, but not in this
 * package, is the one that another module compiled. See https://pkg.go.dev/cmd/go#hdr-Compile_packages_and_dependencies
 */
export const compilerFlags = ["-gcflags=all=-dwarf=false", "-trimpath"] as const;

/** As many compilers at a time as there are cores, each with one thread: more threads only wait for each other. */
export const atATime = `-p=${availableParallelism()}`;

const everywhere = { CGO_ENABLED: "0", GOFLAGS: "-buildvcs=false", GOTOOLCHAIN: "local" } as const;

/**
 * Environment of compilers. Each lives for a second: it collects no garbage before its heap has a gigabyte.
 * See https://go.dev/doc/gc-guide#Memory_limit
 */
export const compilerEnvironment = { ...everywhere, GOMAXPROCS: "1", GOGC: "off", GOMEMLIMIT: "1GiB" } as const;

/** Environment of linkers, which have more to keep and several threads. */
export const linkerEnvironment = { ...everywhere, GOGC: "800" } as const;
