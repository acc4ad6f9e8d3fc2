/** Credentials from a plugin: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins */
import { spawn } from "node:child_process";
import type { LoginPlugin } from "../grammars/kubeconfig";
import { type ClusterAccess, contentOf } from "./access";
import { KubernetesApiError } from "./api-error";
import { base64 } from "./base64";

/** What a plugin gave. */
export interface PluginCredential {
  readonly token?: string;
  /** Certificate and key, PEM; both or none. */
  readonly certificate?: string;
  readonly key?: string;
  /** When it expires, milliseconds since 1970; absent where it does not. */
  readonly expires?: number;
}

const API = "client.authentication.k8s.io";
const VERSIONS = [`${API}/v1`, `${API}/v1beta1`];
/** Where a cluster's entry has what is for the plugin alone. */
const EXTENSION = `${API}/exec`;
/** A login in a browser takes a person a while. */
const PLUGIN_MILLISECONDS = 120_000;
const MOST_WORDS = 500;

interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  /** Why it did not end well; absent where it did. */
  readonly failure?: string;
}

/**
 * Runs the login plugin of a kubeconfig's user.
 * @param milliseconds after which it is stopped. Default: two minutes
 * @throws KubernetesApiError that names the plugin and what it wrote to its standard error
 */
export async function runPlugin(
  access: ClusterAccess,
  plugin: LoginPlugin,
  milliseconds = PLUGIN_MILLISECONDS,
): Promise<PluginCredential> {
  const name = `The login plugin ${plugin.command ?? ""} of the kubeconfig's user ${access.userName}`;
  const refuse = (reason: string): never => {
    throw new KubernetesApiError(`${name} ${reason}`);
  };
  const { apiVersion = VERSIONS[0] ?? "", command = "", interactiveMode = "IfAvailable" } = plugin;
  if (command === "") refuse("has no command");
  if (!VERSIONS.includes(apiVersion)) refuse(`speaks ${apiVersion}: only ${VERSIONS.join(" and ")} are known`);
  if (!["Never", "IfAvailable", "Always"].includes(interactiveMode))
    refuse(`has the interactiveMode ${interactiveMode}: Never, IfAvailable and Always are known`);
  const terminal = process.stdin.isTTY === true;
  if (interactiveMode === "Always" && !terminal)
    refuse("asks questions in a terminal (interactiveMode: Always), and here is none: use one that needs none");
  const interactive = interactiveMode !== "Never" && terminal;
  const information = { apiVersion, kind: "ExecCredential", spec: specOf(access, plugin, interactive) };
  const { failure, stderr, stdout } = await run(
    command,
    plugin,
    JSON.stringify(information),
    interactive,
    milliseconds,
  );
  const said = stderr.replaceAll(/\s+/g, " ").trim().slice(-MOST_WORDS);
  if (failure) refuse([failure, said].filter(Boolean).join(": "));
  const credential = credentialIn(stdout, apiVersion);
  return typeof credential === "string" ? refuse([credential, said].filter(Boolean).join(": ")) : credential;
}

/** What the plugin is told: of the cluster only if it asks for it. */
function specOf({ cluster }: ClusterAccess, { provideClusterInfo }: LoginPlugin, interactive: boolean): object {
  if (!provideClusterInfo) return { interactive };
  const certificate = contentOf(
    "certificate-authority",
    cluster["certificate-authority-data"],
    cluster["certificate-authority"],
  );
  const config = cluster.extensions?.find(({ name }) => name === EXTENSION)?.extension;
  const { server } = cluster;
  const told = {
    server,
    "tls-server-name": cluster["tls-server-name"],
    "insecure-skip-tls-verify": cluster["insecure-skip-tls-verify"] || undefined,
    "certificate-authority-data": certificate && base64(certificate),
    "proxy-url": cluster["proxy-url"],
    "disable-compression": cluster["disable-compression"] || undefined,
    config: config ?? null,
  };
  return { cluster: told, interactive };
}

function run(
  command: string,
  { args, env, installHint }: LoginPlugin,
  information: string,
  interactive: boolean,
  milliseconds: number,
): Promise<Outcome> {
  const variables = Object.fromEntries((env ?? []).map(({ name, value }) => [name, value]));
  const child = spawn(command, args ?? [], {
    env: { ...process.env, ...variables, KUBERNETES_EXEC_INFO: information },
    stdio: [interactive ? "inherit" : "ignore", "pipe", "pipe"],
    timeout: milliseconds,
  });
  const [written, said]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on("data", (piece: Buffer) => written.push(piece));
  child.stderr.on("data", (piece: Buffer) => {
    said.push(piece);
    // Its questions.
    if (interactive) process.stderr.write(piece);
  });
  return new Promise((resolve) => {
    const end = (failure?: string) => {
      const [stdout, stderr] = [written, said].map((pieces) => Buffer.concat(pieces).toString("utf8"));
      resolve({ stdout: stdout ?? "", stderr: stderr ?? "", ...(failure ? { failure } : {}) });
    };
    child.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return end(`is not there${installHint ? `. ${installHint.trim()}` : ""}`);
      end(`cannot be started (${error.code ?? error.message})`);
    });
    child.on("close", (code, signal) => {
      if (code === 0) return end();
      end(
        child.killed
          ? `did not end within ${milliseconds / 1000} s`
          : `failed with ${code === null ? `signal ${signal}` : `exit code ${code}`}`,
      );
    });
  });
}

/** The credential in what a plugin wrote, or why there is none. */
function credentialIn(text: string, apiVersion: string): PluginCredential | string {
  let written: { apiVersion?: string; status?: Record<string, unknown> };
  try {
    written = JSON.parse(text);
  } catch {
    // Not shown: it may be a token.
    return "wrote no JSON";
  }
  const answered = written?.apiVersion;
  if (answered !== undefined && answered !== apiVersion)
    return `answered in ${answered}, and the kubeconfig asks for ${apiVersion}`;
  const { clientCertificateData, clientKeyData, expirationTimestamp, token } = written?.status ?? {};
  if (!token && !clientCertificateData && !clientKeyData) return "gave neither a token nor a certificate with its key";
  if (!clientCertificateData !== !clientKeyData) return "gave a certificate without its key, or a key alone";
  const expires = typeof expirationTimestamp === "string" ? Date.parse(expirationTimestamp) : Number.NaN;
  return {
    ...(token ? { token: String(token) } : {}),
    ...(clientKeyData ? { certificate: String(clientCertificateData), key: String(clientKeyData) } : {}),
    ...(Number.isNaN(expires) ? {} : { expires }),
  };
}
