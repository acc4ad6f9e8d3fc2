import { join } from "node:path";
import { stringify } from "yaml";
import { projectRoot } from "../../lab/layout.js";
import { kubectl } from "../../lab/node/start.js";
import type { GitOpsStack } from "./gitops-stack.js";
import { until } from "./until.js";

/** Where the HelmRelease lies in Git. */
const FILE = "apps/parse.yaml";

/** Parse's HelmRelease in Git, as the documentation has it. */
export class ParseHelmRelease {
  constructor(private readonly stack: GitOpsStack) {}

  /** Puts the chart and the HelmRelease into Git. */
  async push(): Promise<void> {
    const { git } = this.stack;
    await git.copy(join(projectRoot, "charts"), "parse-server", "charts");
    await git.push("Parse from Git", { [FILE]: this.file(false) });
  }

  /** Has helm-controller leave the release alone from now on. */
  async suspend(): Promise<void> {
    await this.stack.git.push("Parse back to the program", { [FILE]: this.file(true) });
  }

  /** Takes the HelmRelease out of Git. */
  async drop(): Promise<void> {
    await this.stack.git.drop(FILE);
  }

  /** Waits until a field of the HelmRelease is this. */
  async is(path: string, value: string): Promise<void> {
    await until(
      `HelmRelease with ${path} ${value}`,
      async () => (await this.field(path)) === value,
      () => this.whole(),
    );
  }

  /** Waits until the cluster has none, and takes away what a suspended one leaves, while there is a Flux to let go of it. */
  async isGone(): Promise<void> {
    await until("the end of the HelmRelease", async () => (await this.get("-o", "name", "--ignore-not-found")) === "");
    const { flux, namespace } = this.stack;
    await kubectl("-n", flux, "delete", "helmcharts", `${namespace}-parse-server`, "--timeout=60s");
  }

  private field(path: string): Promise<string> {
    return this.get("-o", `jsonpath={${path}}`);
  }

  private whole(): Promise<string> {
    return this.get("-o", "yaml");
  }

  private get(...args: string[]): Promise<string> {
    return kubectl("-n", this.stack.namespace, "get", "helmreleases", "parse-server", ...args);
  }

  private file(suspend: boolean): string {
    const { flux, namespace } = this.stack;
    return stringify({
      apiVersion: "helm.toolkit.fluxcd.io/v2",
      kind: "HelmRelease",
      metadata: { name: "parse-server", namespace },
      spec: {
        releaseName: "parse-server",
        interval: "10m",
        suspend,
        chart: {
          spec: {
            chart: "./charts/parse-server",
            sourceRef: { kind: "GitRepository", name: "fleet", namespace: flux },
            reconcileStrategy: "Revision",
          },
        },
        valuesFrom: [{ kind: "ConfigMap", name: "parse-server-values" }],
        upgrade: { remediation: { remediateLastFailure: true } },
      },
    });
  }
}
