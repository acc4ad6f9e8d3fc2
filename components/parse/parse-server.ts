import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { givenName } from "../kubernetes/given-name";
import { knownOr } from "../kubernetes/known-output";
import { platformLabels, podSecurityLabels } from "../kubernetes/object-metadata";
import { priorityClassHooks } from "../kubernetes/priority-class";
import { releaseHooks } from "../kubernetes/release-hooks";
import type { ParseServerArgs, ReleasedBy } from "./args";
import { chartChecksum, projectChart } from "./chart";
import { ReleaseValues } from "./release-values";
import { type RunningParse, releasedVersions } from "./running-versions";
import { ParseSecrets } from "./secrets";
import { internalUrl, type ParseSecretNames, parseServerValues, publicUrl, RELEASE_NAME } from "./values";

/** The chart's folder in `charts/`. */
const CHART = "parse-server";
/** Revisions that Helm keeps. */
const RELEASES_KEPT = 10;

/**
 * Parse Server for one customer: namespace, secrets, database and server, by the project's own Helm chart.
 *
 * The release is atomic: what does not become healthy in time is rolled back, and the pods that served go on serving.
 *
 * @example
 * new ParseServer("parse", { ...settings.parse, customer: "acme", images, ... }, { provider })
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
  /** Versions of what runs: of the release, or of the values that Git releases it with. */
  readonly running: pulumi.Output<RunningParse>;
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

  /** @throws ChartFolderError when the chart is not there */
  constructor(name: string, args: ParseServerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("onprem:parse:ParseServer", name, {}, opts);
    const labels = platformLabels(args.customer);
    const namespace = new kubernetes.core.v1.Namespace(
      "namespace",
      { metadata: { name: args.namespace, labels: { ...labels, ...podSecurityLabels("restricted") } } },
      { parent: this, protect: args.protectData },
    );
    this.namespace = givenName(namespace, args.namespace);

    const secrets = new ParseSecrets("secrets", { ...args, namespace: this.namespace, labels }, { parent: this });
    this.secretNames = secrets.names;
    const { releasedBy } = args;
    const release = releasedBy === "git" ? undefined : this.release(args, secrets, releasedBy === "handover");
    let decided: pulumi.Output<unknown> | undefined = release?.id;
    let running =
      release &&
      pulumi
        .unsecret(pulumi.all([release.values, release.status]))
        .apply(([values, status]) => releasedVersions(values, status?.status));
    if (releasedBy !== "program") {
      const values = secrets.names.apply((names) => valuesOf(args, names));
      const handover = new ReleaseValues(
        "handover",
        { values, namespace: this.namespace, labels, releasedBy, lastReleasedBy: args.lastReleasedBy },
        { parent: this, dependsOn: release && [release] },
      );
      decided = handover.accepted;
      // When Git takes them is Git's matter: what is on record is what it was given.
      running = handover.versions;
    }
    this.running = running ?? pulumi.output({});
    // Not known in a run that failed before: the engine keeps outputs of failed runs too, and the next run goes by it.
    this.releasedBy = knownOr(
      pulumi.all([decided]).apply(() => releasedBy),
      pulumi.output(args.lastReleasedBy).apply((last) => last ?? releasedBy),
    );

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

  private hooks(args: ParseServerArgs): pulumi.ResourceHookBinding {
    const { api, customer, namespace, priorityClassName, timeoutSeconds } = args;
    const release = { namespace, name: RELEASE_NAME, timeoutSeconds, lost: lostRelease(namespace) };
    const name = `parse-${customer}`;
    const hooks = releaseHooks(name, this, release, api);
    if (!priorityClassName) return hooks;
    const before = priorityClassHooks(name, priorityClassName, "onprem:parse.priorityClassName", api);
    return {
      ...hooks,
      beforeCreate: [...(before.beforeCreate ?? []), ...(hooks.beforeCreate ?? [])],
      beforeUpdate: [...(before.beforeUpdate ?? []), ...(hooks.beforeUpdate ?? [])],
    };
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
        chart: projectChart(CHART),
        values: secrets.names.apply((names) => valuesOf(args, names)),
        atomic: true,
        cleanupOnFail: true,
        timeout: args.timeoutSeconds,
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

/** Why a release cannot be updated that Helm knows nothing of: all that Helm says is "has no deployed releases". */
export function lostRelease(namespace: string): string {
  return `${RELEASE_NAME}: it is in the stack's state, but not in the namespace ${namespace} any more, so Helm cannot update it: it was deleted, or its namespace was, without Pulumi. To restore it with its data: npm run restore (docs/restore.md). To create it anew: pulumi up --refresh.`;
}

function valuesOf(args: ParseServerArgs, names: ParseSecretNames) {
  return parseServerValues(args, names, chartChecksum(projectChart(CHART)));
}
