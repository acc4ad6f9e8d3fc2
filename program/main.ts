/**
 * What the engine runs (`main` in Pulumi.yaml): the program of index.ts as one file. Its own files and the parts of packages
 * that it uses are read in a fraction of the time that some 1,600 files take.
 */
import Module from "node:module";
import { dirname, join } from "node:path";
import { traceIntoSources } from "./stack-traces";

const compiled = dirname(__dirname);
traceIntoSources(compiled);
// From Node.js 22 on. Kept where only those who write the program itself write.
const { enableCompileCache } = Module as { enableCompileCache?: (folder: string) => unknown };
enableCompileCache?.(join(compiled, ".compile-cache"));
module.exports = require("../components/platform/bundle.js");
