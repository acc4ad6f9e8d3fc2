import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { promisify } from "node:util";
import { parse } from "yaml";

/** A request to the Kubernetes API was refused or did not get there. */
export class KubernetesApiError extends Error {
  readonly code = "KUBERNETES_API";
  constructor(
    message: string,
    /** HTTP status; absent when there was no answer. */
    readonly status?: number,
  ) {
    super(message);
  }
}

/** What looks into a cluster. */
export interface ClusterReader {
  /** The answer to GET `path`, which starts with /api or /apis; what it rejects with has the HTTP status as `status`. */
  get(path: string): Promise<unknown>;
}

interface Cluster {
  server: string;
  "certificate-authority"?: string;
  "certificate-authority-data"?: string;
  "insecure-skip-tls-verify"?: boolean;
  "tls-server-name"?: string;
}

interface User {
  token?: string;
  tokenFile?: string;
  "client-certificate"?: string;
  "client-certificate-data"?: string;
  "client-key"?: string;
  "client-key-data"?: string;
  exec?: { command: string; args?: string[]; env?: Array<{ name: string; value: string }> };
}

/** A change of one object, in one of the forms that the API knows. */
export type ObjectPatch =
  /** Fields that are added or changed: https://www.rfc-editor.org/rfc/rfc7386 */
  | { readonly merge: object }
  /** Steps, of which all are done or none: https://www.rfc-editor.org/rfc/rfc6902 */
  | { readonly steps: readonly object[] };

/** How long a request may take, and what ends it before. */
export interface RequestOptions {
  /** Milliseconds in which the server says nothing. Default: 10,000. */
  readonly patienceMilliseconds?: number;
  readonly signal?: AbortSignal;
  /** Whether the answer is text, such as that of /readyz. Default: false, JSON. */
  readonly text?: boolean;
}

interface Body {
  readonly type: string;
  readonly text: string;
}

interface Connection {
  readonly agent: Agent;
  readonly token: string | undefined;
}

const REQUEST_MILLISECONDS = 10_000;

/** What the server says of a request that it refuses: its words, where it answers with a Status as usual. */
function refusalOf(answer: string): string {
  try {
    const { message } = JSON.parse(answer) as { message?: unknown };
    if (typeof message === "string") return message;
  } catch {
    // Somebody in between answered.
  }
  return answer.slice(0, 200);
}

function content(data: string | undefined, file: string | undefined): Buffer | undefined {
  if (data) return Buffer.from(data, "base64");
  return file ? readFileSync(file) : undefined;
}

/** What a user shows to the API server. */
interface Credentials {
  token?: string;
  certificate?: Buffer | string;
  key?: Buffer | string;
}

/** Runs a credential plugin (https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins). */
async function runPlugin({ command, args = [], env = [] }: NonNullable<User["exec"]>): Promise<Credentials> {
  const variables = Object.fromEntries((env ?? []).map(({ name, value }) => [name, value]));
  const { stdout } = await promisify(execFile)(command, args ?? [], { env: { ...process.env, ...variables } });
  const { token, clientCertificateData, clientKeyData } = JSON.parse(stdout).status ?? {};
  return { token, certificate: clientCertificateData, key: clientKeyData };
}

async function credentialsOf(user: User): Promise<Credentials> {
  if (user.exec) return runPlugin(user.exec);
  return {
    token: user.token ?? (user.tokenFile ? readFileSync(user.tokenFile, "utf8").trim() : undefined),
    certificate: content(user["client-certificate-data"], user["client-certificate"]),
    key: content(user["client-key-data"], user["client-key"]),
  };
}

/**
 * Looks into a cluster beside the engine: why pods don't start, what Helm remembers, in which versions objects are stored.
 * It knows what the customers' kubeconfigs hold (certificates, tokens, credential plugins). It reads, deletes, and patches
 * what the API server itself recorded; everything else is the provider's.
 */
export class KubernetesApiClient implements ClusterReader {
  private readonly cluster: Cluster;
  private readonly user: User;
  private connection: Promise<Connection> | undefined;

  /**
   * @param kubeconfig the kubeconfig's text
   * @param context the context's name; the current one when absent
   */
  constructor(kubeconfig: string, context?: string) {
    const file = parse(kubeconfig);
    const name = context ?? file["current-context"];
    const find = (list: Array<{ name: string }> | undefined, wanted: string) =>
      list?.find((entry) => entry.name === wanted);
    const chosen = (find(file.contexts, name) as { context?: { cluster: string; user: string } } | undefined)?.context;
    this.cluster = (find(file.clusters, chosen?.cluster ?? "") as { cluster: Cluster } | undefined)?.cluster ?? {
      server: "",
    };
    this.user = (find(file.users, chosen?.user ?? "") as { user: User } | undefined)?.user ?? {};
  }

  private async connect(): Promise<Connection> {
    const { token, certificate, key } = await credentialsOf(this.user);
    const agent = new Agent({
      // What waits asks every second: a handshake with certificates each time is work for both sides.
      keepAlive: true,
      ca: content(this.cluster["certificate-authority-data"], this.cluster["certificate-authority"]),
      cert: certificate,
      key,
      rejectUnauthorized: !this.cluster["insecure-skip-tls-verify"],
      servername: this.cluster["tls-server-name"],
    });
    return { agent, token };
  }

  /** The answer to GET `path`, which starts with /api or /apis. */
  get(path: string, options: RequestOptions = {}): Promise<unknown> {
    return this.send("GET", path, undefined, options);
  }

  /** Makes one object, of the kind that `path` lists; the answer is the object as it is then. */
  create(path: string, object: object): Promise<unknown> {
    return this.send("POST", path, { type: "application/json", text: JSON.stringify(object) });
  }

  /** Deletes one object; one that is gone already is fine. */
  async delete(path: string): Promise<void> {
    try {
      await this.send("DELETE", path);
    } catch (error) {
      if (!(error instanceof KubernetesApiError) || error.status !== 404) throw error;
    }
  }

  /** Changes one object; the answer is the object as it is then. */
  patch(path: string, change: ObjectPatch): Promise<unknown> {
    const [type, content] = "merge" in change ? ["merge-patch", change.merge] : ["json-patch", change.steps];
    return this.send("PATCH", path, { type: `application/${type}+json`, text: JSON.stringify(content) });
  }

  private async send(method: string, path: string, body?: Body, options: RequestOptions = {}): Promise<unknown> {
    try {
      return await this.attempt(method, path, body, options);
    } catch (error) {
      // A token that was fetched has an end.
      const fetched = this.user.exec ?? this.user.tokenFile;
      if (!fetched || !(error instanceof KubernetesApiError) || error.status !== 401) throw error;
      this.connection = undefined;
      return this.attempt(method, path, body, options);
    }
  }

  private async attempt(method: string, path: string, body: Body | undefined, options: RequestOptions) {
    this.connection ??= this.connect().catch((error) => {
      this.connection = undefined;
      throw error;
    });
    const { agent, token } = await this.connection;
    const { patienceMilliseconds: timeout = REQUEST_MILLISECONDS, signal, text = false } = options;
    const headers = {
      accept: "application/json",
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(body ? { "content-type": body.type, "content-length": Buffer.byteLength(body.text) } : {}),
    };
    const url = new URL(this.cluster.server.replace(/\/$/, "") + path);
    return new Promise<unknown>((resolve, reject) => {
      const fail = (error: Error & { code?: string }) => {
        // The server closed a connection that was kept, at the moment at which it was used again.
        const closed = call.reusedSocket && error.code === "ECONNRESET";
        if (closed && method === "GET") return resolve(this.attempt(method, path, body, options));
        reject(new KubernetesApiError(`${method} ${path}: ${error.message}`));
      };
      const call = request(url, { method, headers, agent, timeout, ...(signal ? { signal } : {}) }, (response) => {
        let answer = "";
        response.setEncoding("utf8");
        response.on("data", (chunk) => {
          answer += chunk;
        });
        response.on("error", fail);
        response.on("end", () => {
          const { statusCode = 0 } = response;
          if (statusCode >= 300)
            return reject(new KubernetesApiError(`${method} ${path}: ${statusCode} ${refusalOf(answer)}`, statusCode));
          try {
            resolve(text ? answer : JSON.parse(answer));
          } catch (error) {
            fail(error as Error);
          }
        });
      });
      call.on("timeout", () => call.destroy(new Error(`no answer within ${timeout} ms`)));
      call.on("error", fail);
      call.end(body?.text);
    });
  }
}
