import type { Cluster } from "./cluster";
import { RecoveryError } from "./errors";
import { ParseApi, type ParseKeys } from "./parse-api";
import type { RecoveryTarget } from "./target";

const NAME = { "app.kubernetes.io/name": "parse-server" } as const;
/** Labels of the database's objects, whichever database it is. */
export const DATABASE = { ...NAME, "app.kubernetes.io/component": "database" } as const;
const SELECTOR = selectorOf(DATABASE);
const SERVER_SELECTOR = selectorOf({ ...NAME, "app.kubernetes.io/component": "server" });

/** The application in one namespace: Parse Server and its database. */
export class Application {
  constructor(
    private readonly cluster: Cluster,
    private readonly target: RecoveryTarget,
    readonly namespace: string,
  ) {}

  /** Uses Parse's API, with the keys that Parse Server has: those in the stack's outputs may be a newer state's. */
  async withParse<T>(use: (parse: ParseApi) => Promise<T>): Promise<T> {
    const { service, mountPath } = this.target;
    const { applicationId, masterKey } = await this.keys();
    const forwarded = await this.cluster.forward(this.namespace, service);
    try {
      const url = `http://127.0.0.1:${forwarded.port}${mountPath}`;
      return await use(new ParseApi({ url, mountPath, applicationId, masterKey }));
    } finally {
      await forwarded.close();
    }
  }

  /** The keys that Parse Server has: those of the Secrets that its pods mount. */
  async keys(): Promise<ParseKeys> {
    const { spec } = await this.cluster.get(this.namespace, "deployments.v1.apps", this.target.service);
    const { template } = spec as {
      template: { spec: { volumes: { name: string; secret?: { secretName: string } }[] } };
    };
    const read = async (volume: string) => {
      const secret = template.spec.volumes.find(({ name }) => name === volume)?.secret?.secretName;
      if (!secret) throw new RecoveryError(`Deployment ${this.target.service} mounts no ${volume}.`);
      const { data } = await this.cluster.get(this.namespace, "secrets", secret);
      return Buffer.from(data?.value ?? "", "base64").toString("utf8");
    };
    return { applicationId: await read("secret-app-id"), masterKey: await read("secret-master-key") };
  }

  /** Whether Parse Server can keep files here: not in PostgreSQL. */
  async keepsFiles(): Promise<boolean> {
    const databases = await this.cluster.list(this.namespace, "statefulsets.v1.apps", SELECTOR);
    return !databases.some(({ metadata }) => metadata.name.endsWith("-postgresql"));
  }

  /** @throws RecoveryError when the database is not in the cluster */
  async requireDatabase(): Promise<void> {
    if ((await this.cluster.list(this.namespace, "persistentvolumeclaims", SELECTOR)).length > 0) return;
    throw new RecoveryError(
      `Namespace ${this.namespace} has no volume of a database: an external database is brought back by whoever runs it.`,
    );
  }

  /**
   * Takes the database away with its volumes; what Helm, the Secrets and the settings say of it stays. Parse Server
   * starts anew and waits for the next one: a server that goes on would take tables that it once saw for given.
   */
  async removeDatabase(): Promise<void> {
    const wait = ["-l", SELECTOR, "--ignore-not-found", "--wait", "--timeout=300s"];
    await this.cluster.kubectl(["-n", this.namespace, "delete", "statefulsets", ...wait]);
    await this.cluster.kubectl(["-n", this.namespace, "delete", "persistentvolumeclaims", ...wait]);
    await this.cluster.kubectl(["-n", this.namespace, "delete", "pods", "-l", SERVER_SELECTOR, "--wait=false"]);
  }

  /** Deletes every object of every class, as a mistaken client would. */
  removeObjects(): Promise<void> {
    return this.withParse(async (parse) => {
      for (const className of await parse.classes()) await parse.purge(className);
    });
  }
}

function selectorOf(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([label, value]) => `${label}=${value}`)
    .join(",");
}
