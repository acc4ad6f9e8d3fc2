import { setTimeout as sleep } from "node:timers/promises";
import { fetchFailure } from "../components/errors/fetch-failure";
import { LabError } from "./errors";
import { waitUntil } from "./steps";

/** What clients of Parse Server need to know. */
export interface ParseAddress {
  /** Where the API is, with the mount path. */
  readonly url: string;
  readonly applicationId: string;
  readonly masterKey: string;
}

/**
 * Parse Server's address from this machine, which routes the addresses of Services.
 * @param outputs the stack's output `parse`, with its secrets
 * @param serviceAddress the cluster-internal address of its Service
 */
export function parseAddressOf(outputs: Readonly<Record<string, string>>, serviceAddress: string): ParseAddress {
  const { internalUrl = "", applicationId = "", masterKey = "" } = outputs;
  const url = new URL(internalUrl);
  url.hostname = serviceAddress;
  return { url: url.toString().replace(/\/$/, ""), applicationId, masterKey };
}

/** One call that was made, and what came back. */
export interface ProvenCall {
  readonly name: string;
  readonly status: number;
  readonly milliseconds: number;
}

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/**
 * How long a pod may not know a class that was made by way of another one, milliseconds: `schemaCacheTtl` of the chart, and
 * a second. Until then it answers a client as for a class that is not there, with this code of Parse's.
 */
const NEW_CLASS_MILLISECONDS = 6_000;
const OPERATION_FORBIDDEN = 119;

/** How long the first answer may take, milliseconds. */
const FIRST_ANSWER_MILLISECONDS = 300_000;

/** Makes one call. A stand-in for `fetch` makes the same calls from inside a pod. */
export type Caller = (method: string, url: string, headers: Record<string, string>, body?: string) => Promise<Answer>;

/** Calls from this machine, each on its own connection: one that is kept may belong to a pod that is just going. */
export const callFromHere: Caller = async (method, url, headers, body) => {
  const own = { ...headers, Connection: "close" };
  const options = { method, headers: own, body, signal: AbortSignal.timeout(60_000) };
  const answer = await fetch(url, options).catch((error: unknown) => {
    throw new LabError("proof-failed", `${method} ${url} has no answer: ${fetchFailure(error)}`);
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};

/**
 * Waits until Parse Server is healthy. For a node that was stopped: its pods start anew, and until the kubelet has looked at
 * them the cluster says that they are ready as they were.
 * @throws LabError `timeout` that says what came last
 */
export async function waitForParse(
  { url }: ParseAddress,
  call: Caller = callFromHere,
  patience = FIRST_ANSWER_MILLISECONDS,
): Promise<void> {
  let last = "";
  const isHealthy = async () => {
    try {
      const { status } = await call("GET", `${url}/health`, {});
      last = `GET ${url}/health was answered ${status}`;
      return status === 200;
    } catch (error) {
      last = (error as Error).message;
      return false;
    }
  };
  await waitUntil("Parse Server is healthy", isHealthy, patience, () => `${last}. See: npm run lab logs`);
}

/**
 * Proves that Parse Server serves, by the calls that a client makes: health, sign-up, log-in, create, query, batch, and
 * the refusals that keep strangers out.
 * @throws LabError `proof-failed` that names the call, what was expected and what came
 */
export async function proveParse(address: ParseAddress, call: Caller = callFromHere): Promise<ProvenCall[]> {
  const calls: ProvenCall[] = [];
  let newClassUntil = 0;
  const client = { "X-Parse-Application-Id": address.applicationId, "Content-Type": "application/json" };
  const operator = { ...client, "X-Parse-Master-Key": address.masterKey };
  const mark = `proof-${Date.now()}-${Math.floor(Math.random() * 1e6)}`;

  const prove = async (
    name: string,
    expected: number,
    [method, path, headers, body]: [string, string, Record<string, string>, unknown?],
    check: (body: Answer["body"]) => boolean = () => true,
  ): Promise<Answer["body"]> => {
    const started = Date.now();
    const ask = () =>
      call(method, `${address.url}${path}`, headers, body === undefined ? undefined : JSON.stringify(body));
    let answer = await ask();
    while (answer.body.code === OPERATION_FORBIDDEN && expected === 200 && Date.now() < newClassUntil) {
      await sleep(500);
      answer = await ask();
    }
    if (answer.status !== expected || !check(answer.body)) {
      const came = `${answer.status} ${JSON.stringify(answer.body).slice(0, 300)}`;
      throw new LabError("proof-failed", `${name}: ${method} ${path} was to answer ${expected}; it answered ${came}`);
    }
    calls.push({ name, status: answer.status, milliseconds: Date.now() - started });
    return answer.body;
  };

  await prove("health", 200, ["GET", "/health", {}], (body) => body.status === "ok");
  await prove("no application id", 403, ["GET", "/classes/Note", {}]);
  const note = await prove("create", 201, ["POST", "/classes/Note", operator, { text: mark }]);
  newClassUntil = Date.now() + NEW_CLASS_MILLISECONDS;
  const where = encodeURIComponent(JSON.stringify({ text: mark }));
  await prove("query", 200, ["GET", `/classes/Note?where=${where}`, client], ({ results }) => {
    return Array.isArray(results) && results.length === 1;
  });
  const user = { username: mark, password: `${mark}-password` };
  await prove("sign-up", 201, ["POST", "/users", client, user], (body) => typeof body.sessionToken === "string");
  const login = `/login?username=${user.username}&password=${user.password}`;
  const session = await prove("log-in", 200, ["GET", login, client], (body) => typeof body.sessionToken === "string");
  await prove("wrong master key", 403, ["GET", "/schemas", { ...client, "X-Parse-Master-Key": "wrong" }]);
  await prove("batch", 200, [
    "POST",
    "/batch",
    operator,
    { requests: [{ method: "DELETE", path: `/parse/classes/Note/${String(note.objectId)}` }] },
  ]);
  await prove("delete user", 200, ["DELETE", `/users/${String(session.objectId)}`, operator]);
  return calls;
}
