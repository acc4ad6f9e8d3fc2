/** HTTP as the programs that run in the cluster need it: with a CA of its own, which `fetch` takes none of. */
import { type IncomingMessage, request as requestInClear } from "node:http";
import { request as requestEncrypted } from "node:https";

/** An answer: its status and the text of its body. */
export interface Answer {
  status: number;
  body: string;
  /** Those of the headers that were asked for and came. Absent: there are none. */
  headers?: Readonly<Record<string, string>>;
}

/** A request. */
export interface Question {
  readonly method: string;
  readonly url: URL | string;
  readonly headers: Record<string, string>;
  /** Default: none. */
  readonly body?: string;
  /** PEM of the CA of the server's certificate. Default: the public ones. */
  readonly ca?: Buffer;
  /** Names of headers of the answer, in small letters, that are told. Default: none. */
  readonly tell?: readonly string[];
}

/** How long a server may be silent. */
const SILENCE_MILLISECONDS = 10_000;

/**
 * Sends a request.
 * @throws Error when nobody answers, or says nothing for 10 s
 */
export function send({ method, url, headers, body, ca, tell }: Question): Promise<Answer> {
  const request = new URL(url).protocol === "https:" ? requestEncrypted : requestInClear;
  const length = body === undefined ? {} : { "content-length": Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const options = { method, headers: { ...headers, ...length }, ca, timeout: SILENCE_MILLISECONDS };
    const sent = request(url, options, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk) => {
        text += chunk;
      });
      const found = (tell ?? []).flatMap((name) => header(response, name));
      const told = found.length === 0 ? {} : { headers: Object.fromEntries(found) };
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body: text, ...told }));
      response.on("error", reject);
    });
    sent.on("timeout", () => sent.destroy(new Error(`no answer within ${SILENCE_MILLISECONDS / 1000} s`)));
    sent.on("error", reject);
    sent.end(body);
  });
}

function header({ headers }: IncomingMessage, name: string): [string, string][] {
  const value = headers[name];
  return typeof value === "string" ? [[name, value]] : [];
}
