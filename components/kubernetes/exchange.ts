import { type IncomingMessage, request as requestByHttp } from "node:http";
import { type RequestOptions as HttpsOptions, request as requestByHttps } from "node:https";

/** One request. */
export interface Exchange {
  readonly method: string;
  readonly url: URL;
  /** Agent, headers and login. */
  readonly options: HttpsOptions;
  readonly body?: string;
  /** Ends it when nothing comes for so long, the way to the server included. */
  readonly silenceMilliseconds: number;
  readonly signal?: AbortSignal;
}

/** What came. */
export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** The server closed a connection that was kept, at the moment at which it was used again. */
export class ConnectionClosedError extends Error {
  readonly code = "CONNECTION_CLOSED";
}

/**
 * Sends a request and waits for its whole answer.
 * @throws ConnectionClosedError, or what Node.js or the proxy's agent says
 */
export function exchange({ body, method, options, signal, silenceMilliseconds, url }: Exchange): Promise<Answer> {
  const request = url.protocol === "http:" ? requestByHttp : requestByHttps;
  return new Promise((resolve, reject) => {
    const headers = {
      accept: "application/json",
      ...(body === undefined ? {} : { "content-length": Buffer.byteLength(body) }),
      ...options.headers,
    };
    const call = request(url, { ...options, method, headers, timeout: silenceMilliseconds });
    // Not left to the request: as long as its agent looks for a way it ends neither by its own time-out nor by a signal.
    const stop = (error: Error) => {
      end();
      reject(error);
      call.destroy();
    };
    const abort = () => stop(signal?.reason instanceof Error ? signal.reason : new Error("it was aborted"));
    const silence = setTimeout(
      () => stop(new Error(`no answer within ${silenceMilliseconds} ms`)),
      silenceMilliseconds,
    );
    const end = () => {
      clearTimeout(silence);
      signal?.removeEventListener("abort", abort);
    };
    const fail = (error: NodeJS.ErrnoException) => {
      end();
      reject(call.reusedSocket && error.code === "ECONNRESET" ? new ConnectionClosedError(error.message) : error);
    };
    call.on("error", fail);
    call.on("response", (response: IncomingMessage) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (piece) => {
        silence.refresh();
        text += piece;
      });
      response.on("error", fail);
      response.on("end", () => {
        end();
        resolve({ status: response.statusCode ?? 0, text });
      });
    });
    if (signal?.aborted) return abort();
    signal?.addEventListener("abort", abort, { once: true });
    call.end(body);
  });
}
