import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { parse, stringify } from "yaml";
import { imageMirror } from "../../../lab/layout";
import { mirrorFolders } from "../../../lab/mirror";
import { earlierLabFluxManifest, labFluxManifest } from "../../../lab/mirror/flux";
import { listObjects, readObject } from "../../../lab/node/cluster-api";
import { serviceAddress } from "../../../lab/node/start";
import { stackFileOf } from "../../../lab/stack";
import { LabStack, type StackSettings } from "../../support/lab/lab-stack";
import { found, until } from "../../support/lab/until";
import type { GitServer } from "./git-server";
import type { HttpsGitServer } from "./https-git-server";
import type { NewsReceiver } from "./news-receiver";

/** The section `gitops`, as far as the tests change it. */
export interface GitOpsSettings {
  repositories: Record<string, unknown>[];
  kustomizations: Record<string, unknown>[];
  [setting: string]: unknown;
}

/** What the tests look at of an object of Flux's. */
interface FluxObject {
  status?: { conditions?: { type: string; status: string; reason: string; message: string }[] };
}

const KUSTOMIZATIONS = "kustomizations.v1.kustomize.toolkit.fluxcd.io";
/** Kinds of what a stack with every part of GitOps has in Flux's namespace, without the Secrets. */
const KINDS_OF_FLUX = [
  ...["pods", "deployments.v1.apps", "configmaps", "events", "gitrepositories.v1.source.toolkit.fluxcd.io"],
  ...[KUSTOMIZATIONS, "receivers.v1.notification.toolkit.fluxcd.io"],
  ...["alerts", "providers"].map((kind) => `${kind}.v1beta3.notification.toolkit.fluxcd.io`),
];

/** What the Git server's stand-in is shown when a commit is marked. */
export const STATUS_TOKEN = "token-of-commit-statuses";

/** Flux of the minor before, for {@link GitOpsStack.writeGitOps}. */
export function ofEarlierRelease(gitops: GitOpsSettings): GitOpsSettings {
  const { sha256, version } = earlierLabFluxManifest;
  return { ...gitops, version, manifestSha256: sha256 };
}

/** A stack of the dev settings whose Flux follows a Git server of the test's. */
export class GitOpsStack extends LabStack {
  /** Namespace of Flux. */
  readonly flux: string;
  /** Namespace of what is released from Git. */
  readonly released: string;
  private knownHost = "";
  /** Secret settings as the stack's file has them, encrypted. */
  private sealed: readonly unknown[] = [];

  constructor(
    name: string,
    readonly git: GitServer,
    readonly receiver: NewsReceiver,
  ) {
    super(name, { attached: true });
    this.flux = `flux-${name}`;
    this.released = `released-${name}`;
  }

  /** To be called when the servers run: the key of the one is pinned, the other's address a secret. */
  override async create(): Promise<void> {
    this.knownHost = await this.git.knownHost();
    await super.create();
    const secrets = [`${this.receiver.origin}/news`, STATUS_TOKEN];
    for (const [index, secret] of secrets.entries())
      await this.succeed("config", "set", "--secret", "--path", `scratch[${index}]`, secret);
    const { config } = parse(readFileSync(stackFileOf(this.name), "utf8"));
    const [, sealed] = Object.entries(config as object).find(([key]) => key.endsWith(":scratch")) ?? [];
    this.sealed = sealed as unknown[];
    this.write(this.settings());
  }

  override settings(): StackSettings {
    const settings = super.settings("dev");
    return {
      ...settings,
      sources: { ...(settings.sources as object), manifests: mirrorFolders.manifests },
      gitops: this.gitops(),
    };
  }

  /** A repository on the test's server. */
  repository(name: string, more: Record<string, unknown> = {}, login: Record<string, unknown> = {}) {
    const authentication = { kind: "ssh", knownHosts: [this.knownHost], ...login };
    return { name, url: this.git.url, interval: "5s", timeout: "10s", authentication, ...more };
  }

  /** A repository on a server over HTTPS, whose token is set by {@link setToken}. */
  repositoryOver({ caCertificate, url, username }: HttpsGitServer, name: string, login: Record<string, unknown> = {}) {
    const authentication = { kind: "https", username, caCertificate, ...login };
    return { name, url, interval: "5s", timeout: "10s", authentication };
  }

  /** Sets the token of the repository at this place of the settings. */
  async setToken(index: number, token: string): Promise<void> {
    const path = `onprem:gitops.repositories[${index}].authentication.token`;
    await this.succeed("config", "set", "--secret", "--path", path, token);
  }

  private gitops(): GitOpsSettings {
    return {
      namespace: this.flux,
      manifestSha256: labFluxManifest.sha256,
      helmReleases: true,
      ...(this.sealed.length === 0 ? {} : this.news()),
      resources: { requests: { cpu: "20m", memory: "48Mi" }, limits: { memory: "512Mi" } },
      timeoutSeconds: 900,
      repositories: [this.repository("fleet")],
      kustomizations: [{ name: "apps", repository: "fleet", path: "./apps", timeout: "60s" }],
    };
  }

  private news() {
    const [webhookUrl, token] = this.sealed;
    const address = `${this.receiver.origin}/acme/fleet`;
    return {
      notifications: [{ kind: "webhook", name: "test", severity: "info", webhookUrl }],
      commitStatus: [{ repository: "fleet", server: "gitlab", address, token }],
      receiver: { server: "other" },
    };
  }

  /** The webhook, as the stack's output has it. */
  async webhook(): Promise<{ path: string; token: string; url: string; line: string }> {
    return JSON.parse(await this.succeed("stack", "output", "gitops", "--json", "--show-secrets")).receiver;
  }

  /**
   * Calls a webhook as a Git server does after a push; returns the status of the answer.
   */
  async callWebhook({ path, token }: { path: string; token: string }): Promise<number> {
    const signature = createHmac("sha256", token).update("pushed").digest("hex");
    const address = await serviceAddress(this.flux, "webhook-receiver");
    const headers = { "X-Signature": `sha256=${signature}` };
    return (await fetch(`http://${address}${path}`, { method: "POST", body: "pushed", headers })).status;
  }

  /** Writes the settings with a change of the section `gitops`. */
  writeGitOps(change: (gitops: GitOpsSettings) => GitOpsSettings): void {
    this.write({ ...this.settings(), gitops: change(this.gitops()) });
  }

  /**
   * Writes the settings so that the keys of `fleet` are registered by the server's API.
   * @param login further settings of its login
   */
  async writeRegistered(
    registration: { apiUrl: string; caCertificate: string; token: string },
    change: Record<string, unknown>,
    login: Record<string, unknown> = {},
  ): Promise<void> {
    const { token, ...place } = registration;
    const fleet = this.repository("fleet", {}, { ...login, registration: { kind: "gitlab", ...place } });
    this.writeGitOps((gitops) => ({ ...gitops, repositories: [fleet], ...change }));
    const path = "onprem:gitops.repositories[0].authentication.registration.token";
    await this.succeed("config", "set", "--secret", "--path", path, token);
  }

  /** The files of a release whose greeting is this. */
  files(greeting: string): Record<string, string> {
    const namespace = this.released;
    const labels = { app: "web" };
    const container = { name: "web", image: `${imageMirror}/library/busybox:1.35`, command: ["sleep", "infinity"] };
    const objects = {
      namespace: { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
      greeting: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "greeting", namespace }, data: { greeting } },
      web: {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name: "web", namespace },
        spec: {
          selector: { matchLabels: labels },
          template: { metadata: { labels }, spec: { terminationGracePeriodSeconds: 0, containers: [container] } },
        },
      },
    };
    return Object.fromEntries(
      Object.entries(objects).map(([name, object]) => [`apps/${name}.yaml`, stringify(object)]),
    );
  }

  /** The greeting that the cluster has, in the ConfigMap of this name. */
  async greeting(name = "greeting"): Promise<string | undefined> {
    const { data } = await readObject<{ data: Record<string, string> }>("configmaps", this.released, name);
    return data.greeting;
  }

  /** Waits until the cluster has this greeting; returns how long it took, seconds. */
  async greets(greeting: string): Promise<number> {
    const started = Date.now();
    await until(`the greeting ${greeting}`, async () => (await this.greeting()) === greeting);
    return (Date.now() - started) / 1000;
  }

  /** Identities of the pods that were released from Git. */
  async pods(namespace = this.released): Promise<string> {
    return (await listObjects("pods", namespace)).map(({ metadata }) => metadata.uid).join(" ");
  }

  /** All that is in Flux's namespace but Secrets, as text. */
  async objectsOfFlux(): Promise<string> {
    return JSON.stringify(await Promise.all(KINDS_OF_FLUX.map((kind) => listObjects(kind, this.flux))));
  }

  /** Waits until the Kustomization's condition is this; returns its message. */
  kustomizationIs(status: "True" | "False", reason: string): Promise<string> {
    return found(`Ready ${status} ${reason}`, async () => {
      const { status: seen } = await readObject<FluxObject>(KUSTOMIZATIONS, this.flux, "apps");
      const ready = seen?.conditions?.find(({ type }) => type === "Ready");
      return ready?.status === status && ready.reason === reason ? (ready.message ?? "") : undefined;
    });
  }

  /** Lines to register, as the stack's output has them: the key that is used, then the next one. */
  async deployKeys(): Promise<[string, string]> {
    const { repositories } = JSON.parse(await this.succeed("stack", "output", "gitops", "--json"));
    const [{ deployKey, nextDeployKey }] = repositories;
    return [deployKey, nextDeployKey];
  }

  /** Updates the stack, and registers the key that the update asks for while it waits for it. */
  async upAndRegister(repository: string, ...others: string[]): Promise<{ exitCode?: number; output: string }> {
    const line = new RegExp(`deploy key of ${repository}\\. Register this line there, for reading only: (.*?)\\. \\(`);
    const { engine, seen } = await this.startUpUntil(line);
    try {
      await this.git.register(line.exec(seen)?.[1] ?? "", ...others);
    } finally {
      await engine;
    }
    const { exitCode, all } = await engine;
    return { exitCode, output: all };
  }
}
