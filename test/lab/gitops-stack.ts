import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { stringify } from "yaml";
import { imageMirror, paths } from "../../lab/layout.js";
import { labFluxManifest } from "../../lab/mirror/flux.js";
import { mirrorFolders } from "../../lab/mirror.js";
import { kubectl } from "../../lab/node/start.js";
import type { GitServer } from "./git-server.js";
import { LabStack, type StackSettings } from "./lab-stack.js";

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

const PATIENCE_MILLISECONDS = 300_000;
const POLL_MILLISECONDS = 100;

/** A stack of the dev settings whose Flux follows a Git server of the test's. */
export class GitOpsStack extends LabStack {
  /** Namespace of Flux. */
  readonly flux: string;
  /** Namespace of what is released from Git. */
  readonly released: string;
  private knownHost = "";

  constructor(
    name: string,
    readonly git: GitServer,
  ) {
    super(name);
    this.flux = `flux-${name}`;
    this.released = `released-${name}`;
  }

  /** To be called when the server runs: its key is pinned. */
  override async create(): Promise<void> {
    this.knownHost = await this.git.knownHost();
    await super.create();
  }

  override settings(): StackSettings {
    const settings = super.settings("dev");
    return {
      ...settings,
      cluster: { kind: "existing", kubeconfig: paths.kubeconfig },
      sources: { ...(settings.sources as object), manifests: mirrorFolders.manifests },
      gitops: this.gitops(),
    };
  }

  /** A repository on the test's server. */
  repository(name: string, more: Record<string, unknown> = {}, login: Record<string, unknown> = {}) {
    const authentication = { kind: "ssh", knownHosts: [this.knownHost], ...login };
    return { name, url: this.git.url, interval: "5s", timeout: "10s", authentication, ...more };
  }

  private gitops(): GitOpsSettings {
    return {
      namespace: this.flux,
      manifestSha256: labFluxManifest.sha256,
      helmReleases: false,
      resources: { requests: { cpu: "20m", memory: "48Mi" }, limits: { memory: "512Mi" } },
      timeoutSeconds: 240,
      repositories: [this.repository("fleet")],
      kustomizations: [{ name: "apps", repository: "fleet", path: "./apps", timeout: "60s" }],
    };
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

  /** The greeting that the cluster has. */
  greeting(): Promise<string> {
    return kubectl("-n", this.released, "get", "configmap", "greeting", "-o", "jsonpath={.data.greeting}");
  }

  /** Waits until the cluster has this greeting; returns how long it took, seconds. */
  async greets(greeting: string): Promise<number> {
    const started = Date.now();
    await until(`the greeting ${greeting}`, async () => (await this.greeting()) === greeting);
    return (Date.now() - started) / 1000;
  }

  /** Identities of the pods that were released from Git. */
  pods(namespace = this.released): Promise<string> {
    return kubectl("-n", namespace, "get", "pods", "-o", "jsonpath={.items[*].metadata.uid}");
  }

  /** Waits until the Kustomization's condition is this; returns its message. */
  async kustomizationIs(status: "True" | "False", reason: string): Promise<string> {
    let message = "";
    await until(`Ready ${status} ${reason}`, async () => {
      const text = await kubectl(
        "-n",
        this.flux,
        "get",
        "kustomizations.kustomize.toolkit.fluxcd.io",
        "apps",
        "-o",
        "json",
      );
      const ready = (JSON.parse(text) as FluxObject).status?.conditions?.find(({ type }) => type === "Ready");
      message = ready?.message ?? "";
      return ready?.status === status && ready.reason === reason;
    });
    return message;
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

async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MILLISECONDS;
  while (!(await condition().catch(() => false))) {
    assert.ok(Date.now() < deadline, `${what} did not come`);
    await sleep(POLL_MILLISECONDS);
  }
}
