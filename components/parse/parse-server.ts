import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { givenName } from "../given-name";
import type { ParseServerArgs } from "./args";
import { chartChecksum, projectChart } from "./chart";
import { releaseHooks } from "./release-hooks";
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
    const namespace = new kubernetes.core.v1.Namespace(
      "namespace",
      { metadata: { name: namespaceName, labels: { ...labels, ...POD_SECURITY_LABELS } } },
      { parent: this, protect: args.protectData },
    );
    this.namespace = givenName(namespace, namespaceName);

    const secrets = new ParseSecrets("secrets", { ...args, namespace: this.namespace, labels }, { parent: this });
    this.secretNames = secrets.names;
    const release = this.release(args, secrets);

    this.releaseName = release.name;
    this.serviceName = release.name;
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

  private release(args: ParseServerArgs, secrets: ParseSecrets): kubernetes.helm.v3.Release {
    const chart = args.chart ?? projectChart("parse-server");
    const checksum = chartChecksum(chart);
    return new kubernetes.helm.v3.Release(
      "release",
      {
        name: RELEASE_NAME,
        namespace: this.namespace,
        chart,
        values: secrets.names.apply((names) => parseServerValues(args, names, checksum)),
        atomic: true,
        cleanupOnFail: true,
        timeout: args.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS,
        maxHistory: RELEASES_KEPT,
      },
      { parent: this, dependsOn: [secrets], hooks: this.hooks(args) },
    );
  }
}

const POD_SECURITY_LABELS = {
  "pod-security.kubernetes.io/enforce": "restricted",
  "pod-security.kubernetes.io/warn": "restricted",
  "pod-security.kubernetes.io/audit": "restricted",
};
