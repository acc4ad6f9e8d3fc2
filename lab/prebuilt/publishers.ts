import { linkSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cached, cachePath, isCached, keyOf } from "../cache";
import { LabError } from "../errors";
import type { Step } from "../steps";
import type { Artefact } from "./artefact";
import { awaitFirstByte, DownloadError, downloadFile, expectedChecksum, type Patience } from "./download";
import { type PrebuiltMode, RefusalMemory } from "./mode";
import { unpackPrograms } from "./unpack";

/** How long publishers may take: 3 seconds until a first byte, before anything is downloaded; then half a minute. */
const usualPatience: PublishersOptions = {
  firstByteMilliseconds: 3_000,
  silenceMilliseconds: 30_000,
};

/** What tests choose. */
export interface PublishersOptions extends Patience {
  /** Begins the names of the groups of entries in the cache. Default: none. */
  readonly prefix?: string;
}

/** How a download is under way, for a progress line. */
class Progress {
  private received = 0;
  private total = 0;
  private shown = 0;
  constructor(private readonly step: Step) {}

  take(bytes: number, total = 0): void {
    this.received += bytes;
    this.total += total;
    if (Date.now() - this.shown < 1_000) return;
    this.shown = Date.now();
    const megabytes = (count: number) => Math.round(count / 1e6);
    this.step.progress(`downloading: ${megabytes(this.received)} of ${megabytes(this.total)} MB`);
  }
}

/**
 * The programs of one part of the lab, as their publishers offer them. Each artefact is an entry of the cache, which
 * appears when it was checked and unpacked; a folder with all programs, as compiled ones lie in, has links to them.
 */
export class Publishers {
  private readonly kinds: { readonly artefact: string; readonly programs: string };
  /** That they could not be had, for a day. */
  readonly memory: RefusalMemory;

  constructor(
    private readonly artefacts: readonly Artefact[],
    private readonly options: PublishersOptions = usualPatience,
  ) {
    const { prefix = "" } = options;
    this.kinds = { artefact: `${prefix}prebuilt-artefacts`, programs: `${prefix}prebuilt-programs` };
    this.memory = new RefusalMemory(cachePath(`${prefix}prebuilt-refused.json`, ""));
  }

  /** Where the programs lie, and whether they are there. */
  programs(): { readonly folder: string; readonly present: boolean } {
    const key = keyOf(JSON.stringify(this.artefacts));
    return { folder: cachePath(this.kinds.programs, key), present: isCached(this.kinds.programs, key) };
  }

  /**
   * Whether it is worth asking them: in `auto` each host must begin to answer within 3 seconds, and none has failed
   * since a day. That one did is remembered.
   */
  async areWorthAsking(mode: PrebuiltMode): Promise<boolean> {
    if (mode !== "auto") return mode === "always";
    if (this.memory.reason() !== undefined) return false;
    try {
      await Promise.all(this.onePerHost().map((address) => awaitFirstByte(address, this.options)));
      return true;
    } catch (error) {
      this.memory.note((error as Error).message);
      return false;
    }
  }

  /** One address on each host: that of a checksum file where it has one, since it is small. */
  private onePerHost(): readonly string[] {
    const files = this.artefacts.map(({ url }) => url);
    const sums = this.artefacts.flatMap(({ checksum }) => ("publishedAt" in checksum ? [checksum.publishedAt] : []));
    return [...new Map([...files, ...sums].map((address) => [new URL(address).host, address])).values()];
  }

  /**
   * Downloads, checks and unpacks the programs, or finds them in the cache.
   * @returns their folder; undefined in `auto` when they cannot be had, which is then remembered, and said in the log
   * @throws LabError `download-failed` in `always`
   */
  async fetch(step: Step, mode: Exclude<PrebuiltMode, "never">): Promise<string | undefined> {
    try {
      const folder = await this.fetchAll(step);
      this.memory.clear();
      return folder;
    } catch (error) {
      if (!(error instanceof DownloadError)) throw error;
      if (mode === "always") throw new LabError("download-failed", `${error.message}. ${waysOut}`);
      this.memory.note(error.message);
      step.progress(`not from their publishers: ${error.message}`);
      return undefined;
    }
  }

  private fetchAll(step: Step): Promise<string> {
    const failure = new AbortController();
    const progress = new Progress(step);
    return cached(this.kinds.programs, keyOf(JSON.stringify(this.artefacts)), async (folder) => {
      const fetched = await Promise.allSettled(
        this.artefacts.map(async (artefact) => {
          try {
            const programs = await this.fetchOne(step, artefact, progress, failure.signal);
            for (const name of readdirSync(programs)) linkSync(join(programs, name), join(folder, name));
          } catch (error) {
            failure.abort(error);
            throw error;
          }
        }),
      );
      // The first one ended the others.
      if (failure.signal.aborted) throw failure.signal.reason;
      step.log(`${fetched.length} artefacts in ${folder}`);
    });
  }

  private fetchOne(step: Step, artefact: Artefact, progress: Progress, signal: AbortSignal): Promise<string> {
    const { silenceMilliseconds } = this.options;
    // Side by side they wait for one another on a slow line: the 3 seconds were theirs before.
    const patience = { firstByteMilliseconds: silenceMilliseconds, silenceMilliseconds, signal };
    const received = (bytes: number, total?: number) => progress.take(bytes, total);
    const kept = 4 * this.artefacts.length;
    const produce = async (folder: string) => {
      const file = `${folder}.download`;
      try {
        const expected = await expectedChecksum(artefact.checksum, artefact.url, patience);
        const sum = await downloadFile(artefact.url, file, { ...patience, received });
        if (sum !== expected) throw wrongChecksum(artefact, sum, expected);
        await unpackPrograms(artefact, file, folder);
        step.log(`${artefact.name} ${artefact.version} from ${artefact.url}, SHA-256 ${sum}`);
      } finally {
        rmSync(file, { force: true });
      }
    };
    return cached(this.kinds.artefact, keyOf(JSON.stringify(artefact)), produce, kept);
  }
}

const waysOut =
  "ONPREM_PREBUILT=always takes nothing else: look at the network and HTTPS_PROXY, and try again, or compile the programs with ONPREM_PREBUILT=never, which needs Go";

function wrongChecksum({ url, checksum }: Artefact, sum: string, expected: string): DownloadError {
  const by = "sha256" in checksum ? "as lab/prebuilt pins it" : `as ${checksum.publishedAt} says`;
  return new DownloadError("wrong-checksum", `${url} has the SHA-256 ${sum}, not ${expected} ${by}`);
}
