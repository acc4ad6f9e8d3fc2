import { join } from "node:path";
import { stringify } from "yaml";
import { projectRoot } from "../../../lab/layout";
import { objectExists, readObject } from "../../../lab/node/cluster-api";
import { kubectl } from "../../../lab/node/start";
import { until } from "../../support/lab/until";
import type { GitOpsStack } from "./gitops-stack";

/** Where the HelmRelease lies in Git. */
const FILE = "apps/parse.yaml";
const OBJECT = ["helmreleases.v2.helm.toolkit.fluxcd.io", "parse-server"] as const;

/** The HelmRelease in the cluster, as far as the tests look at it. */
interface HelmRelease {
  readonly spec: { readonly suspend?: boolean };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

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

  /** Waits until helm-controller has released Parse. */
  isReady(): Promise<void> {
    const isTrue = (one: { type: string; status: string }) => one.type === "Ready" && one.status === "True";
    return this.is("ready", ({ status }) => status?.conditions?.some(isTrue) === true);
  }

  /** Waits until the cluster's HelmRelease is suspended. */
  isSuspended(): Promise<void> {
    return this.is("suspended", ({ spec }) => spec.suspend === true);
  }

  /** Waits until the cluster has none, and takes away what a suspended one leaves, while there is a Flux to let go of it. */
  async isGone(): Promise<void> {
    const { flux, namespace } = this.stack;
    const [kind, name] = OBJECT;
    await until("the end of the HelmRelease", async () => !(await objectExists(kind, namespace, name)));
    await kubectl("-n", flux, "delete", "helmcharts", `${namespace}-parse-server`, "--timeout=60s");
  }

  private is(what: string, fits: (release: HelmRelease) => boolean): Promise<void> {
    return until(`a HelmRelease that is ${what}`, async () => fits(await this.get()), {
      explain: async () => JSON.stringify(await this.get()),
    });
  }

  private get(): Promise<HelmRelease> {
    const [kind, name] = OBJECT;
    return readObject<HelmRelease>(kind, this.stack.namespace, name);
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
