import type * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { ExistingCluster } from "./cluster/existing-cluster";
import { readKubeconfig } from "./cluster/kubeconfig";
import type { ParseImages } from "./parse/args";
import { ParseServer } from "./parse/parse-server";
import { image, images } from "./releases";
import type { Settings } from "./settings";

/** Arguments of {@link CustomerPlatform}. */
export interface CustomerPlatformArgs {
  /** The stack's settings, checked. */
  readonly settings: Settings;
}

/** The settings ask for a part that this version of the program does not deliver. */
export class NotDeliveredError extends pulumi.RunError {
  /** Stable name of the error. */
  readonly code = "NOT_DELIVERED";
  override readonly name = "NotDeliveredError";
}

/** Everything that one customer gets. The only place where components meet. */
export class CustomerPlatform extends pulumi.ComponentResource {
  /** The customer's cluster. */
  readonly cluster: ExistingCluster;
  /** The customer's Parse Server. */
  readonly parse: ParseServer;

  /**
   * @throws NotDeliveredError when the settings ask for a part that is not built yet
   * @throws KubeconfigError when the kubeconfig of an existing cluster is not there
   */
  constructor(name: string, args: CustomerPlatformArgs, opts?: pulumi.ComponentResourceOptions) {
    refuseUndelivered(args.settings);
    super("onprem:platform:CustomerPlatform", name, {}, opts);
    this.cluster = this.createCluster(args.settings);
    this.parse = this.createParse(args.settings, this.cluster.provider);
    this.registerOutputs({});
  }

  private createCluster({ cluster, customer }: Settings): ExistingCluster {
    if (cluster.kind !== "existing") throw new RangeError(cluster.kind);
    const kubeconfig =
      cluster.kubeconfigContents ?? readKubeconfig(pulumi.getRootDirectory(), cluster.kubeconfig ?? "");
    return new ExistingCluster("cluster", { customer, kubeconfig, context: cluster.context }, { parent: this });
  }

  private createParse(settings: Settings, provider: kubernetes.Provider): ParseServer {
    const { customer, parse, sources } = settings;
    return new ParseServer(
      "parse",
      {
        ...parse,
        customer,
        images: parseImages(settings),
        imagePullCredentials: sources.imagePullCredentials,
        protectData: parse.deletionProtection,
        api: () => this.cluster.api(),
      },
      { parent: this, providers: { kubernetes: provider } },
    );
  }
}

/** Parts of the settings that later versions deliver; ignoring them would be a false promise. */
function refuseUndelivered(settings: Settings): void {
  const asked = [
    ...(settings.cluster.kind === "gke" ? ["onprem:cluster.kind gke"] : []),
    ...(["rancher", "access", "monitoring", "gitops", "backup"] as const)
      .filter((section) => settings[section] !== undefined)
      .map((section) => `onprem:${section}`),
  ];
  if (asked.length === 0) return;
  throw new NotDeliveredError(
    `The settings ask for ${asked.join(", ")}, which this version does not deliver yet; nothing was created. Take them out of the stack's file.`,
  );
}

function parseImages({ parse, sources }: Settings): ParseImages {
  const { database, dashboard } = parse;
  return {
    parseServer: image(images.parseServer, sources, parse.version),
    parseDashboard: image(images.parseDashboard, sources, dashboard.version),
    mongodb: image(images.mongodb, sources, database.kind === "mongodb" ? database.version : undefined),
    postgresql: image(images.postgresql, sources, database.kind === "postgresql" ? database.version : undefined),
  };
}
