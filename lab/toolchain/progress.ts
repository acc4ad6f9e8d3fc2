/** A Go package that a build needs. */
export interface GoPackage {
  readonly path: string;
  /** Of its Go files: how long it takes to compile follows it well enough. */
  readonly bytes: number;
}

const megabytes = (bytes: number): string => String(Math.round(bytes / 1e6));

/** How far the compilation of one Go module is, by the size of what is compiled. */
export class CompilationProgress {
  private compiled = 0;
  private readonly waiting: Map<string, number>;
  private readonly total: number;

  /**
   * @param packages what the module's programs are made from
   * @param started milliseconds since 1970
   */
  constructor(
    packages: readonly GoPackage[],
    private readonly started: number,
  ) {
    this.waiting = new Map(packages.map(({ path, bytes }) => [path, bytes]));
    this.total = packages.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Notes that a package was compiled. What the compiler's cache has is never named. */
  compile(path: string): void {
    this.compiled += this.waiting.get(path) ?? 0;
    this.waiting.delete(path);
  }

  /** How far it is, and how long it will take if it goes on like this. */
  line(now: number): string {
    const done = `compiled ${megabytes(this.compiled)} of at most ${megabytes(this.total)} MB of Go`;
    const seconds = (now - this.started) / 1000;
    if (this.compiled === 0 || seconds < FIRST_ESTIMATE_SECONDS) return done;
    const left = ((this.total - this.compiled) / this.compiled) * seconds;
    return `${done}, ${left < 90 ? `${Math.ceil(left / 10) * 10} s` : `${Math.round(left / 60)} min`} left at most`;
  }
}

/** Before this long the standard library is compiled, which says little of the rest. */
const FIRST_ESTIMATE_SECONDS = 20;
