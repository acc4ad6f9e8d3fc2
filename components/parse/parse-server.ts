import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { componentNamespace } from "../kubernetes/namespace";
import type { ParseServerArgs, ReleasedBy } from "./args";
import { chartChecksum, projectChart } from "./chart";
import { releaseHooks } from "./release-hooks";
import { ReleaseValues } from "./release-values";
import { ParseSecrets } from "./secrets";
import {
  checkParseOptions,
  internalUrl,
  type ParseSecretNames,
  parseServerValues,
  publicUrl,
  RELEASE_NAME,
} from "./values";

const DEFAULT_TIMEOUT_SECONDS = 600;
const RELEASES_KEPT = 10;

/**
 * Parse Server for one customer: namespace, secrets, database and server, by the project's own Helm chart.
 *
 * The release is atomic: what does not become healthy in time is rolled back, and the pods that served go on serving.
 *
 * @example
 * new ParseServer("parse", { customer: "acme", images, database: { kind: "mongodb" } }, { provider })
 */
export class ParseServer extends pulumi.ComponentResource {
  /** Address of the API inside the cluster. */
  readonly internalUrl: pulumi.Output<string>;
  /** Address of the API for clients outside; `undefined` where there is no way in. */
  readonly publicUrl: pulumi.Output<string | undefined>;
  /** Name of the Service. */
  readonly serviceName: pulumi.Output<string>;
  /** Name of the namespace. */
  readonly namespace: pulumi.Output<string>;
  /** Who releases Parse Server, for the stack's output `releasedBy`, which the next run reads. */
  readonly releasedBy: pulumi.Output<ReleasedBy>;
  /** Name of the Helm release. */
  readonly releaseName: pulumi.Output<string>;
  /** Application id that every client sends (secret). */
  readonly applicationId: pulumi.Output<string>;
  /** Master key (secret). */
  readonly masterKey: pulumi.Output<string>;
  /** Parse Server option → client key (secret); empty when none is demanded. */
  readonly clientKeys: pulumi.Output<Record<string, string>>;
  /** Password of the dashboard's user (secret); `undefined` without a dashboard. */
  readonly dashboardPassword: pulumi.Output<string> | undefined;
  /** Names of the Secrets in the namespace. */
  readonly secretNames: pulumi.Output<ParseSecretNames>;

  /**
   * @throws ParseSettingsError for options that belong to other settings
   * @throws ChartFolderError when the chart is not there
   */
  constructor(name: string, args: ParseServerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("onprem:parse:ParseServer", name, {}, opts);
    checkParseOptions(args.options);
    const labels = { "app.kubernetes.io/part-of": "onprem-platform", "onprem.platform/customer": args.customer };
    const namespaceName = args.namespace ?? "parse";
    const ownership = args.namespaces ?? "own";
    this.namespace = componentNamespace(
      { name: namespaceName, ownership, podSecurity: "restricted", labels, annotations: undefined },
      { parent: this, protect: args.protectData },
    );

    const secrets = new ParseSecrets("secrets", { ...args, namespace: this.namespace, labels }, { parent: this });
    this.secretNames = secrets.names;
    const releasedBy = args.releasedBy ?? "program";
    const release = releasedBy === "git" ? undefined : this.release(args, secrets, releasedBy === "handover");
    let decided: pulumi.Output<unknown> | undefined = release?.id;
    if (releasedBy !== "program") {
      const values = secrets.names.apply((names) => valuesOf(args, names));
      const handover = new ReleaseValues(
        "handover",
        { values, namespace: this.namespace, labels, releasedBy, lastReleasedBy: args.lastReleasedBy },
        { parent: this, dependsOn: release && [release] },
      );
      decided = handover.accepted;
    }
    // Not known in a run that failed before: the engine keeps outputs of failed runs too, and the next run goes by it.
    this.releasedBy = pulumi.all([decided]).apply(() => releasedBy);

    this.releaseName = release?.name ?? pulumi.output(RELEASE_NAME);
    this.serviceName = this.releaseName;
    this.internalUrl = pulumi.output(internalUrl(args));
    this.publicUrl = pulumi.output(publicUrl(args));
    this.applicationId = pulumi.secret(secrets.applicationId);
    this.masterKey = pulumi.secret(secrets.masterKey);
    this.clientKeys = secrets.clientKeys;
    this.dashboardPassword = secrets.dashboardPassword && pulumi.secret(secrets.dashboardPassword);
    this.registerOutputs({
      internalUrl: this.internalUrl,
      publicUrl: this.publicUrl,
      serviceName: this.serviceName,
      namespace: this.namespace,
      releaseName: this.releaseName,
      secretNames: this.secretNames,
    });
  }

  private hooks(args: ParseServerArgs): pulumi.ResourceHookBinding | undefined {
    const { api } = args;
    if (!api) return undefined;
    const release = { namespace: args.namespace ?? "parse", name: RELEASE_NAME };
    return releaseHooks(`parse-${args.customer}`, this, release, args.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS, api);
  }

  /**
   * The release as one of the stack's resources.
   * @param left leaves it as it is, and does not uninstall it when it is no longer the stack's
   */
  private release(args: ParseServerArgs, secrets: ParseSecrets, left: boolean): kubernetes.helm.v3.Release {
    return new kubernetes.helm.v3.Release(
      "release",
      {
        name: RELEASE_NAME,
        namespace: this.namespace,
        chart: chartOf(args),
        values: secrets.names.apply((names) => valuesOf(args, names)),
        atomic: true,
        cleanupOnFail: true,
        timeout: args.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS,
        maxHistory: RELEASES_KEPT,
      },
      {
        parent: this,
        dependsOn: [secrets],
        hooks: this.hooks(args),
        ...(left ? { retainOnDelete: true, ignoreChanges: ["chart", "values", "timeout"] } : {}),
      },
    );
  }
}

function chartOf({ chart }: ParseServerArgs): string {
  return chart ?? projectChart("parse-server");
}

function valuesOf(args: ParseServerArgs, names: ParseSecretNames) {
  return parseServerValues(args, names, chartChecksum(chartOf(args)));
}
