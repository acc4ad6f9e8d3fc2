import { randomBytes } from "node:crypto";
import { digestOf } from "../recovery/digest";
import type { ParseApi, ParseRecord } from "../recovery/parse-api";

/** Class of the drill's objects. Nothing else writes it. */
export const DRILL_CLASS = "OnpremDrill";
const FILE_BYTES = 1024 * 1024;

/** How much a drill writes. */
export interface Amounts {
  readonly objects: number;
  readonly users: number;
  /** Of 1 MiB each. */
  readonly files: number;
}

/** What a drill writes, and finds again: objects, users and files with a mark of their own. */
export class MarkedData {
  private readonly password = randomBytes(18).toString("base64url");
  /** Names of the files that were stored. */
  private readonly files: string[] = [];

  /** @param mark in every object, every user's and every file's name */
  constructor(
    readonly mark: string,
    private readonly users: number,
  ) {}

  /** Writes objects, users and files. */
  async write(parse: ParseApi, { objects, files }: Omit<Amounts, "users">): Promise<void> {
    await this.writeObjects(parse, objects);
    for (let number = 0; number < this.users; number += 1)
      await parse.call("POST", "/users", { username: this.userName(number), password: this.password });
    for (let number = 0; number < files; number += 1)
      this.files.push(await parse.storeFile(`${this.mark}-${number}.bin`, randomBytes(FILE_BYTES)));
  }

  /** Writes objects. */
  writeObjects(parse: ParseApi, objects: number): Promise<void> {
    const bodies = Array.from({ length: objects }, (_, index) => this.body(index));
    return parse.batch(bodies.map((body) => ({ method: "POST", path: `/classes/${DRILL_CLASS}`, body })));
  }

  /** Digest of every marked object, user and file, by its id or name. A file that is not there is left out. */
  async digests(parse: ParseApi): Promise<Map<string, string>> {
    const records = [...(await this.objects(parse)), ...(await this.userRecords(parse))];
    const digests = new Map(records.map((record) => [record.objectId, digestOf(record)]));
    for (const name of this.files) {
      const content = await parse.fileContent(name).catch(() => undefined);
      if (content) digests.set(name, digestOf(content.toString("base64")));
    }
    return digests;
  }

  /** Users who cannot log in, each with what Parse Server says. */
  async refusedLogins(parse: ParseApi): Promise<Map<string, string>> {
    const refused = new Map<string, string>();
    for (let number = 0; number < this.users; number += 1) {
      const username = this.userName(number);
      const query = new URLSearchParams({ username, password: this.password });
      try {
        const { sessionToken } = await parse.call("GET", `/login?${query}`);
        if (typeof sessionToken !== "string") refused.set(username, "no session token came");
      } catch (error) {
        refused.set(username, (error as Error).message);
      }
    }
    return refused;
  }

  /** Removes what was written. */
  async remove(parse: ParseApi): Promise<void> {
    const objects = await this.objects(parse);
    const users = await this.userRecords(parse);
    const paths = [
      ...objects.map(({ objectId }) => `/classes/${DRILL_CLASS}/${objectId}`),
      ...users.map(({ objectId }) => `/users/${objectId}`),
    ];
    await parse.batch(paths.map((path) => ({ method: "DELETE", path })));
    for (const name of this.files) await parse.deleteFile(name);
  }

  private objects(parse: ParseApi): Promise<ParseRecord[]> {
    return parse.all(`/classes/${DRILL_CLASS}`, { mark: this.mark });
  }

  private userRecords(parse: ParseApi): Promise<ParseRecord[]> {
    return parse.all("/users", { username: { $regex: `^${this.mark}-` } });
  }

  private userName(number: number): string {
    return `${this.mark}-${number}`;
  }

  private body(number: number): object {
    return { mark: this.mark, number, text: randomBytes(64).toString("hex"), nested: { list: [number, null, "é"] } };
  }
}
