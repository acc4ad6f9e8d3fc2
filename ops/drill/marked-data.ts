import { randomBytes } from "node:crypto";
import { digestOf } from "./comparison.js";
import { DrillError } from "./errors.js";

/** Class of the drill's objects. Nothing else writes it. */
export const DRILL_CLASS = "OnpremDrill";
/** The most that Parse Server takes at once by default. */
const BATCH = 50;
const PAGE = 1000;
const REQUEST_MILLISECONDS = 30_000;

/** Where Parse's API is, and the keys to it. */
export interface ParseAccess {
  readonly url: string;
  readonly mountPath: string;
  readonly applicationId: string;
  readonly masterKey: string;
}

interface ParseRecord {
  readonly objectId: string;
  readonly [field: string]: unknown;
}

/** What a drill writes, and finds again: objects and users with a mark of their own. */
export class MarkedData {
  private readonly password = randomBytes(18).toString("base64url");

  /** @param mark in every object and every user's name */
  constructor(
    readonly mark: string,
    private readonly users: number,
  ) {}

  /** Writes objects and users. */
  async write(parse: ParseAccess, objects: number): Promise<void> {
    await this.writeObjects(parse, objects);
    for (let number = 0; number < this.users; number += 1)
      await call(parse, "POST", "/users", { username: this.userName(number), password: this.password });
  }

  /** Writes objects by batches. */
  async writeObjects(parse: ParseAccess, objects: number): Promise<void> {
    const path = `${parse.mountPath}/classes/${DRILL_CLASS}`;
    for (let first = 0; first < objects; first += BATCH) {
      const count = Math.min(BATCH, objects - first);
      const bodies = Array.from({ length: count }, (_, index) => this.body(first + index));
      await batch(
        parse,
        bodies.map((body) => ({ method: "POST", path, body })),
      );
    }
  }

  /** Digest of every marked object and user, by its id. */
  async digests(parse: ParseAccess): Promise<Map<string, string>> {
    const records = [...(await this.objects(parse)), ...(await this.userRecords(parse))];
    return new Map(records.map((record) => [record.objectId, digestOf(record)]));
  }

  /** Users who cannot log in. */
  async refusedLogins(parse: ParseAccess): Promise<string[]> {
    const refused: string[] = [];
    for (let number = 0; number < this.users; number += 1) {
      const username = this.userName(number);
      const query = new URLSearchParams({ username, password: this.password });
      const known = await call(parse, "GET", `/login?${query}`).catch(() => undefined);
      if (typeof known?.sessionToken !== "string") refused.push(username);
    }
    return refused;
  }

  /** Removes what was written. */
  async remove(parse: ParseAccess): Promise<void> {
    const objects = await this.objects(parse);
    const users = await this.userRecords(parse);
    const paths = [
      ...objects.map(({ objectId }) => `${parse.mountPath}/classes/${DRILL_CLASS}/${objectId}`),
      ...users.map(({ objectId }) => `${parse.mountPath}/users/${objectId}`),
    ];
    for (let first = 0; first < paths.length; first += BATCH)
      await batch(
        parse,
        paths.slice(first, first + BATCH).map((path) => ({ method: "DELETE", path })),
      );
  }

  private objects(parse: ParseAccess): Promise<ParseRecord[]> {
    return all(parse, `/classes/${DRILL_CLASS}`, { mark: this.mark });
  }

  private userRecords(parse: ParseAccess): Promise<ParseRecord[]> {
    return all(parse, "/users", { username: { $regex: `^${this.mark}-` } });
  }

  private userName(number: number): string {
    return `${this.mark}-${number}`;
  }

  private body(number: number): object {
    return { mark: this.mark, number, text: randomBytes(64).toString("hex"), nested: { list: [number, null, "é"] } };
  }
}

/** All records that a query finds, page by page. */
async function all(parse: ParseAccess, path: string, where: object): Promise<ParseRecord[]> {
  const found: ParseRecord[] = [];
  for (;;) {
    const parameters = { where: JSON.stringify(where), order: "objectId", limit: `${PAGE}`, skip: `${found.length}` };
    const { results } = await call(parse, "GET", `${path}?${new URLSearchParams(parameters)}`);
    const page = results as ParseRecord[];
    found.push(...page);
    if (page.length < PAGE) return found;
  }
}

async function batch(parse: ParseAccess, requests: readonly object[]): Promise<void> {
  const answers = (await call(parse, "POST", "/batch", { requests })) as unknown as { error?: unknown }[];
  const failed = answers.find(({ error }) => error !== undefined);
  if (failed) throw new DrillError(`Parse Server refuses a marked object: ${JSON.stringify(failed.error)}`);
}

async function call(parse: ParseAccess, method: string, path: string, body?: object): Promise<Record<string, unknown>> {
  const headers = {
    "X-Parse-Application-Id": parse.applicationId,
    "X-Parse-Master-Key": parse.masterKey,
    "Content-Type": "application/json",
  };
  const [place = ""] = path.split("?");
  const options = { method, headers, signal: AbortSignal.timeout(REQUEST_MILLISECONDS) };
  const sent = body === undefined ? options : { ...options, body: JSON.stringify(body) };
  const answer = await fetch(`${parse.url}${path}`, sent).catch((error: Error) => {
    throw new DrillError(`Parse Server does not answer ${method} ${place}: ${error.message}`);
  });
  const text = await answer.text();
  if (answer.ok) return JSON.parse(text);
  throw new DrillError(`${method} ${place}: Parse Server answers ${answer.status} ${text.slice(0, 200)}`);
}
