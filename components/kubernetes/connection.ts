/** What requests to an API server carry: the login of the kubeconfig's user, and an agent that keeps connections. */
import type { Agent } from "node:http";
import type { RequestOptions } from "node:https";
import * as tls from "node:tls";
import type { KubeconfigUser } from "../grammars/kubeconfig";
import { type ClusterAccess, contentOf } from "./access";
import { agentFor } from "./agents";
import { base64 } from "./base64";
import { KubeConfig } from "./client-node";
import { type PluginCredential, runPlugin } from "./login-plugin";

/** Where client-node looks for a path that is read again and again. */
const TOKEN_FILE = "tokenFile";

interface Login {
  readonly config: KubeConfig;
  readonly agent: Agent;
  /** Milliseconds since 1970; absent where it has no end. */
  readonly expires?: number;
}

/** The way to an API server, logged in. */
export class ClusterConnection {
  private login: Promise<Login> | undefined;

  constructor(readonly access: ClusterAccess) {}

  /** Whether another login may be accepted where one was refused: of a plugin, a file or a provider. */
  get canRenew(): boolean {
    const { exec, tokenFile, "auth-provider": provider } = this.access.user;
    return Boolean(exec || tokenFile || provider);
  }

  /** Logs in anew for the next request. */
  renew(): void {
    this.login = undefined;
  }

  /**
   * What a request carries.
   * @throws KubernetesApiError when a file of the kubeconfig is not there, or a login plugin fails
   */
  async requestOptions(): Promise<RequestOptions> {
    const { agent, config } = await this.currentLogin();
    const options: RequestOptions = { headers: {} };
    await config.applyToHTTPSOptions(options);
    const headers = { ...impersonation(this.access.user), ...options.headers } as Record<string, string | string[]>;
    // A file with a token ends in a line break, as a rule.
    if (typeof headers.Authorization === "string") headers.Authorization = headers.Authorization.trim();
    return { agent, headers, ...(options.auth ? { auth: options.auth } : {}) };
  }

  /** A login that has come to its end is replaced, once: a plugin whose clock is wrong would be asked without end. */
  private async currentLogin(): Promise<Login> {
    this.login ??= this.logIn();
    const asked = this.login;
    const { expires = Number.POSITIVE_INFINITY } = await asked;
    if (expires <= Date.now() && this.login === asked) this.login = this.logIn();
    return this.login ?? asked;
  }

  private logIn(): Promise<Login> {
    const login: Promise<Login> = this.open();
    // One that failed is not kept.
    login.catch(() => {
      if (this.login === login) this.login = undefined;
    });
    return login;
  }

  private async open(): Promise<Login> {
    const { access } = this;
    const credential = usesPlugin(access.user) ? await runPlugin(access, access.user.exec ?? {}) : {};
    const config = new KubeConfig();
    config.loadFromString(JSON.stringify(minimalConfig(access, credential)));
    const secure: RequestOptions = { ca: systemAuthorities(access) };
    await config.applyToHTTPSOptions(secure);
    const { expires } = credential;
    return { config, agent: agentFor(access, secure), ...(expires === undefined ? {} : { expires }) };
  }
}

/** As kubectl: a token, a password or a certificate that the kubeconfig has itself comes before the plugin's. */
function usesPlugin(user: KubeconfigUser): boolean {
  const own = user.token || user.tokenFile || user.username || user["client-certificate"];
  return user.exec !== undefined && user.exec !== null && !own && !user["client-certificate-data"];
}

const encoded = (content: Buffer | string | undefined) => content && base64(content);

/** A kubeconfig with one context, and contents in the place of files. */
function minimalConfig({ cluster, server, user }: ClusterAccess, credential: PluginCredential): object {
  const read = (from: object, field: string) => {
    const values = from as Record<string, string | undefined>;
    return contentOf(field, values[`${field}-data`], values[field]);
  };
  if (user.tokenFile) contentOf("tokenFile", undefined, user.tokenFile);
  const provider = user.tokenFile
    ? { name: TOKEN_FILE, config: { [TOKEN_FILE]: user.tokenFile } }
    : user["auth-provider"];
  return {
    "current-context": "cluster",
    contexts: [{ name: "cluster", context: { cluster: "cluster", user: "user" } }],
    clusters: [
      {
        name: "cluster",
        cluster: {
          server: server.href,
          "certificate-authority-data": encoded(read(cluster, "certificate-authority")),
          "tls-server-name": cluster["tls-server-name"],
          // client-node wants it for HTTP; kubectl does not.
          "insecure-skip-tls-verify": cluster["insecure-skip-tls-verify"] || server.protocol === "http:",
        },
      },
    ],
    users: [
      {
        name: "user",
        user: {
          token: user.tokenFile ? undefined : (user.token ?? credential.token),
          "client-certificate-data": encoded(credential.certificate ?? read(user, "client-certificate")),
          "client-key-data": encoded(credential.key ?? read(user, "client-key")),
          username: user.username,
          password: user.password,
          as: user.as,
          "auth-provider": provider,
        },
      },
    ],
  };
}

/** Headers of a request in another's name, but for that name itself, which client-node writes. */
function impersonation(user: KubeconfigUser): Record<string, string | string[]> {
  if (!user.as) return {};
  const extra = Object.entries(user["as-user-extra"] ?? {}).map(
    ([key, values]) => [`Impersonate-Extra-${encodeURIComponent(key)}`, [...values]] as const,
  );
  return {
    ...(user["as-uid"] ? { "Impersonate-Uid": user["as-uid"] } : {}),
    ...(user["as-groups"]?.length ? { "Impersonate-Group": [...user["as-groups"]] } : {}),
    ...Object.fromEntries(extra),
  };
}

/** Where the kubeconfig names no authority, those of this machine count, as for kubectl. */
function systemAuthorities({ cluster }: ClusterAccess): string[] | undefined {
  // From Node.js 22.15 on.
  const { getCACertificates } = tls as Partial<Pick<typeof tls, "getCACertificates">>;
  if (cluster["certificate-authority"] || cluster["certificate-authority-data"] || !getCACertificates) return undefined;
  return [...getCACertificates("default"), ...getCACertificates("system")];
}
