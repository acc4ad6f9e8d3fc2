import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { objectPath } from "../../components/kubernetes/object-path";
import { ClusterApi } from "../cluster-api";
import { digestOf } from "./digest";
import { RecoveryError } from "./errors";

/** An object of the cluster, as far as a drill or a restore looks at it. */
export interface ClusterObject {
  readonly metadata: {
    readonly name: string;
    readonly deletionTimestamp?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly spec?: Record<string, unknown>;
  readonly status?: Record<string, unknown>;
  readonly type?: string;
  readonly data?: Record<string, string>;
}

/** A connection to a Service that stands until it is closed. */
export interface ForwardedPort {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * The cluster: read through its API, changed through kubectl with a kubeconfig that is gone when it is closed. Kinds are
 * plural, with version and group: `secrets`, `deployments.v1.apps`.
 */
export class Cluster {
  private readonly folder = mkdtempSync(join(tmpdir(), "drill-"));
  private readonly environment: Record<string, string>;
  private readonly api: ClusterApi;

  /**
   * @param kubeconfig its text; the environment's when absent
   * @param signal ends what waits; objects are cleaned up by a cluster without one
   */
  constructor(
    kubeconfig?: string,
    private readonly signal?: AbortSignal,
  ) {
    const file = join(this.folder, "kubeconfig");
    if (kubeconfig) writeFileSync(file, kubeconfig, { mode: 0o600 });
    this.environment = kubeconfig ? { KUBECONFIG: file } : {};
    this.api = new ClusterApi(kubeconfig || undefined, signal);
  }

  /** Runs kubectl. @throws RecoveryError with what kubectl said */
  async kubectl(args: readonly string[], input?: string): Promise<string> {
    const options = { env: this.environment, reject: false, ...(input === undefined ? {} : { input }) } as const;
    const signal = this.signal ? { cancelSignal: this.signal } : {};
    const { exitCode, stdout, stderr } = await execa("kubectl", args, { ...options, ...signal });
    this.signal?.throwIfAborted();
    if (exitCode !== 0) throw new RecoveryError(`kubectl ${args.join(" ")}: ${String(stderr).trim()}`);
    return String(stdout);
  }

  /** @throws RecoveryError with what was asked and what came, also when there is no such object */
  async get(namespace: string, kind: string, name: string): Promise<ClusterObject> {
    return (await this.told(this.api.get(objectPath(kind, namespace, name)))) as ClusterObject;
  }

  /** An object, or nothing when it is not there. @throws RecoveryError when nobody can tell */
  async find(namespace: string | undefined, kind: string, name: string): Promise<ClusterObject | undefined> {
    return (await this.told(this.api.find(objectPath(kind, namespace, name)))) as ClusterObject | undefined;
  }

  /** @param selector of labels. Default: all */
  async list(namespace: string, kind: string, selector = ""): Promise<ClusterObject[]> {
    const query = selector === "" ? "" : `?labelSelector=${encodeURIComponent(selector)}`;
    const list = await this.told(this.api.get(`${objectPath(kind, namespace)}${query}`));
    return (list as { items: ClusterObject[] }).items;
  }

  /** An answer, or why there is none in this class's words. */
  private async told<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      this.signal?.throwIfAborted();
      throw error instanceof RecoveryError ? error : new RecoveryError((error as Error).message);
    }
  }

  async create(object: object): Promise<void> {
    await this.kubectl(["create", "-f", "-"], JSON.stringify(object));
  }

  /** Makes an object, or brings the one that there is up to it. */
  async apply(object: object): Promise<void> {
    await this.kubectl(["apply", "-f", "-"], JSON.stringify(object));
  }

  /** Makes an object; the one that there is goes first. */
  async makeAnew(object: object): Promise<void> {
    await this.kubectl(["replace", "--force", "-f", "-"], JSON.stringify(object));
  }

  /** Deletes a namespace, and waits until it is gone. */
  async deleteNamespace(name: string): Promise<void> {
    await this.kubectl(["delete", "namespace", name, "--ignore-not-found", "--wait", "--timeout=300s"]);
  }

  /** Whether a namespace is there, or on its way out. */
  async namespaceState(name: string): Promise<"absent" | "present" | "terminating"> {
    const namespace = await this.find(undefined, "namespaces", name);
    if (!namespace) return "absent";
    return namespace.metadata.deletionTimestamp ? "terminating" : "present";
  }

  /** Waits until everything that runs in a namespace is ready. */
  async ready(namespace: string): Promise<void> {
    for (const kind of ["statefulsets", "deployments"])
      for (const { metadata } of await this.list(namespace, `${kind}.v1.apps`))
        await this.kubectl(["-n", namespace, "rollout", "status", `${kind}/${metadata.name}`, "--timeout=300s"]);
  }

  /**
   * Keeps the ConfigMap that the cluster makes in every namespace out of backups, as the platform does: a restore would
   * find it in its way, and warn. A namespace that was restored has a new one.
   */
  async leaveOutTheClusterCertificate(namespace: string): Promise<void> {
    const label = "velero.io/exclude-from-backup=true";
    await this.kubectl(["-n", namespace, "label", "configmap", "kube-root-ca.crt", label, "--overwrite"]);
  }

  /** Digests of a namespace's Secrets by their names, without those that the cluster makes by itself. */
  async secretDigests(namespace: string): Promise<Map<string, string>> {
    const secrets = await this.list(namespace, "secrets");
    const kept = secrets.filter(({ type }) => type !== "kubernetes.io/service-account-token");
    return new Map(kept.map(({ metadata, data = {} }) => [metadata.name, digestOf(data)]));
  }

  /** Opens a way to a Service's first port. */
  async forward(namespace: string, service: string): Promise<ForwardedPort> {
    const { spec } = await this.get(namespace, "services", service);
    const [target] = (spec?.ports ?? []) as { port: number }[];
    const args = ["-n", namespace, "port-forward", `service/${service}`, `:${target?.port}`, "--address=127.0.0.1"];
    const process = execa("kubectl", args, { env: this.environment, reject: false, buffer: false });
    const port = await new Promise<number>((resolve, reject) => {
      let said = "";
      const hear = (text: unknown) => {
        said += String(text);
        const found = /Forwarding from 127\.0\.0\.1:(\d+)/.exec(said);
        if (found) resolve(Number(found[1]));
      };
      process.stdout.on("data", hear);
      process.stderr.on("data", hear);
      void process.then(() => reject(new RecoveryError(`kubectl port-forward to ${service} ended: ${said.trim()}`)));
    });
    return {
      port,
      close: async () => {
        process.kill();
        await process;
      },
    };
  }

  /** Removes the kubeconfig. */
  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
