import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createReadStream, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** What is in an archive: each entry's name with its content. */
export type ArchiveContent = Readonly<Record<string, string>>;

/** The SHA-256 of a file's content, in hexadecimal digits. */
export const sha256 = (content: Buffer): string => createHash("sha256").update(content).digest("hex");

/**
 * A gzipped tar archive.
 * @param prefix put before each entry's name, as an attacker would with "../"
 */
export function archiveOf(content: ArchiveContent, prefix = ""): Buffer {
  const folder = mkdtempSync(join(tmpdir(), "archive-"));
  try {
    for (const [name, text] of Object.entries(content)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    const names = Object.keys(content);
    const rename = prefix === "" ? [] : ["--absolute-names", `--transform=s,^,${prefix},`];
    return execFileSync("tar", ["--create", "--gzip", "--directory", folder, ...rename, "--", ...names]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A gzipped tar archive with nothing but a symbolic link. */
export function linkArchive(name: string, target: string): Buffer {
  const folder = mkdtempSync(join(tmpdir(), "archive-"));
  try {
    symlinkSync(target, join(folder, name));
    return execFileSync("tar", ["--create", "--gzip", "--directory", folder, name]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A server on loopback that plays the publishers of programs: answers by path, and remembers what it was asked. */
export class LocalPublisher {
  /** The paths that were asked for, in order. */
  readonly asked: string[] = [];
  private readonly answers = new Map<string, RequestListener>();
  private readonly server: Server = createServer((request, response) => {
    const path = request.url ?? "";
    this.asked.push(path);
    const answer = this.answers.get(path);
    if (answer) return answer(request, response);
    response.statusCode = 404;
    response.end("no such file");
  });

  /** Listens on a free port of loopback. */
  async start(): Promise<this> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    return this;
  }

  /** Ends it, and whoever waits for an answer. */
  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** The address of a path here; of the same machine under another name, where one is given. */
  address(path: string, host = "127.0.0.1"): string {
    return `http://${host}:${(this.server.address() as AddressInfo).port}${path}`;
  }

  /** Answers a path by a function, from now on. */
  answer(path: string, listener: RequestListener): void {
    this.answers.set(path, listener);
  }

  /** Offers a file. */
  offer(path: string, content: Buffer | string): void {
    this.answer(path, (_, response) => response.end(content));
  }

  /** Offers a file of this machine, which is read as it is sent. */
  offerFile(path: string, file: string): void {
    this.answer(path, (_, response) => {
      response.setHeader("content-length", statSync(file).size);
      createReadStream(file).pipe(response);
    });
  }
}
