import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { basename } from "node:path";
import { EnvHttpProxyAgent, fetch, type Response } from "undici";
import type { Checksum } from "./artefact";

/** Why something of a publisher's could not be had. */
export type DownloadFailure =
  /** Nobody answers, or not in time. */
  | "unreachable"
  /** An answer, but not the file. */
  | "refused"
  /** The connection ended before the file did. */
  | "incomplete"
  | "wrong-checksum"
  | "bad-archive";

/** Something of a publisher's could not be had; the message says what and why, in one sentence without a full stop. */
export class DownloadError extends Error {
  constructor(
    readonly failure: DownloadFailure,
    message: string,
  ) {
    super(message);
    this.name = "DownloadError";
  }
}

/** How long a publisher may be silent. */
export interface Patience {
  /** Milliseconds until the first byte of a file, redirects included. */
  readonly firstByteMilliseconds: number;
  /** Milliseconds between one piece of a file and the next. */
  readonly silenceMilliseconds: number;
}

/** What goes with a download. */
export interface DownloadOptions extends Patience {
  /** Ends it, with what the signal was given. */
  readonly signal?: AbortSignal;
  /** Told of each piece: its length, and with the first one that of the whole file where the server says it. */
  readonly received?: (bytes: number, total?: number) => void;
}

const MOST_REDIRECTS = 5;

/** Follows HTTPS_PROXY, HTTP_PROXY and NO_PROXY as curl does, which Node.js' own fetch does not. */
const withProxies = () => new EnvHttpProxyAgent();

/** An answer whose status is 200, after redirects: from one host to another, never from HTTPS to HTTP. */
async function follow(address: string, signal: AbortSignal, dispatcher: EnvHttpProxyAgent): Promise<Response> {
  let url = new URL(address);
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    const response = await fetch(url, { dispatcher, signal, redirect: "manual" });
    if (response.status === 200) return response;
    await response.body?.cancel();
    const location = response.headers.get("location");
    if (response.status < 300 || response.status >= 400 || location === null)
      throw new DownloadError("refused", `${url.host} answers ${response.status} to ${url}`);
    const next = new URL(location, url);
    if (url.protocol === "https:" && next.protocol !== "https:")
      throw new DownloadError("refused", `${url.host} redirects from HTTPS to ${next}`);
    url = next;
  }
  throw new DownloadError("refused", `${address} redirects more than ${MOST_REDIRECTS} times`);
}

/** Hands over a file piece by piece, and fails where a publisher is silent for too long. */
async function receive(
  address: string,
  options: DownloadOptions,
  take: (piece: Uint8Array) => Promise<boolean>,
): Promise<void> {
  const silence = new AbortController();
  let pieces = 0;
  const fall = (milliseconds: number) =>
    setTimeout(
      () => silence.abort(new DownloadError("unreachable", `${address} is silent for ${milliseconds / 1000} s`)),
      milliseconds,
    );
  let timer = fall(options.firstByteMilliseconds);
  const dispatcher = withProxies();
  const signals = [silence.signal, ...(options.signal ? [options.signal] : [])];
  try {
    const response = await follow(address, AbortSignal.any(signals), dispatcher);
    const length = Number(response.headers.get("content-length") ?? Number.NaN);
    for await (const piece of response.body ?? []) {
      clearTimeout(timer);
      timer = fall(options.silenceMilliseconds);
      options.received?.(piece.length, pieces++ === 0 && Number.isFinite(length) ? length : undefined);
      if (!(await take(piece))) break;
    }
  } catch (error) {
    throw failureOf(error, address, pieces > 0, signals);
  } finally {
    clearTimeout(timer);
    await dispatcher.destroy();
  }
}

function failureOf(error: unknown, address: string, begun: boolean, signals: readonly AbortSignal[]): unknown {
  const ended = signals.find((signal) => signal.aborted);
  if (ended) return ended.reason;
  // What the file system refuses is no publisher's doing.
  if (error instanceof DownloadError || (error as NodeJS.ErrnoException).syscall === "write") return error;
  const { message, cause } = error as Error;
  const why = cause instanceof Error ? cause.message || (cause as NodeJS.ErrnoException).code : message;
  return begun
    ? new DownloadError("incomplete", `${address} ended before it was whole: ${why}`)
    : new DownloadError("unreachable", `${address} cannot be reached: ${why}`);
}

/**
 * Downloads a file.
 * @returns its SHA-256, in hexadecimal digits
 * @throws DownloadError `unreachable`, `refused` or `incomplete`
 */
export async function downloadFile(address: string, file: string, options: DownloadOptions): Promise<string> {
  const hash = createHash("sha256");
  const handle = await open(file, "w");
  try {
    await receive(address, options, async (piece) => {
      hash.update(piece);
      await handle.writeFile(piece);
      return true;
    });
  } finally {
    await handle.close();
  }
  return hash.digest("hex");
}

/** More than any checksum file has. */
const MOST_TEXT = 1024 * 1024;

async function downloadText(address: string, options: DownloadOptions): Promise<string> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  await receive(address, options, async (piece) => {
    pieces.push(piece);
    length += piece.length;
    if (length > MOST_TEXT) throw new DownloadError("refused", `${address} is no checksum file: it is too large`);
    return true;
  });
  return Buffer.concat(pieces).toString("utf8");
}

/** Waits for the first byte of a file, and takes no more of it. */
export function awaitFirstByte(address: string, options: DownloadOptions): Promise<void> {
  return receive(address, options, async () => false);
}

/**
 * The SHA-256 that a publisher's checksum file says of a file: on the line with its name, or alone in it.
 * @throws DownloadError `refused` when it says none
 */
export function checksumOf(text: string, file: string, address: string): string {
  const lines = text.split("\n").map((line) => line.trim().split(/\s+/));
  const named = lines.find((words) => words.length === 2 && words[1]?.replace(/^\*/, "") === file);
  const alone = lines.filter((words) => words[0] !== "").length === 1 && lines[0]?.length === 1 ? lines[0] : undefined;
  const [sum = ""] = named ?? alone ?? [];
  if (/^[0-9a-f]{64}$/i.test(sum)) return sum.toLowerCase();
  throw new DownloadError("refused", `${address} says no SHA-256 of ${file}`);
}

/** The SHA-256 that the file at `address` must have. */
export async function expectedChecksum(checksum: Checksum, address: string, options: DownloadOptions): Promise<string> {
  if ("sha256" in checksum) return checksum.sha256;
  const text = await downloadText(checksum.publishedAt, options);
  return checksumOf(text, basename(new URL(address).pathname), checksum.publishedAt);
}
