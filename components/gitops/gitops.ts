import { createHash } from "node:crypto";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { adoptExisting, objectMetadata, podSecurityLabels } from "../kubernetes/object-metadata";
import { createSecret, pullSecret } from "../kubernetes/secret";
import type { GitOpsArgs, Kustomization, Repository, RepositorySummary } from "./args";
import { DeployKeyRegistration } from "./deploy-key-registration";
import { Flux } from "./flux";
import { writtenTo } from "./image-objects";
import { ImageUpdates } from "./image-updates";
import { RepositoryLogin } from "./login";
import { commonLabels } from "./names";
import type { WebhookSummary } from "./notification-args";
import { Notifications } from "./notifications";
import { inOrder, KUSTOMIZE_API, kustomizationSpec, repositorySpec, SOURCE_API } from "./objects";
import { type Awaited, RECONCILE_REQUEST } from "./readiness";
import { readinessHooks } from "./readiness-hooks";
import { Webhook } from "./webhook";

/** Flux takes its finalizer off within seconds; where it cannot, nobody should wait ten minutes to learn it. */
const DELETION = { delete: "2m" };
const IMAGE_CONTROLLERS = ["image-reflector-controller", "image-automation-controller"] as const;

/**
 * Flux, which applies what the customer's Git repositories hold.
 *
 * This program installs Flux and points it at Git; what Git holds is Flux's. On destroy, what was applied stays.
 *
 * @example
 * new GitOps("gitops", { ...settings.gitops, customer: "acme", manifest, api: () => cluster.api() }, { provider })
 */
export class GitOps extends pulumi.ComponentResource {
  /** Namespace of Flux. */
  readonly namespace: pulumi.Output<string>;
  /** What is followed, and the lines to register at the Git servers. */
  readonly repositories: pulumi.Output<RepositorySummary[]>;
  /** The webhook that a push calls; `undefined` where the settings ask for none. Secret. */
  readonly receiver: pulumi.Output<WebhookSummary> | undefined;

  /** Version of Flux that is installed; `undefined` where nothing says it, or a controller did not come up. */
  readonly fluxVersion: pulumi.Output<string | undefined>;
  /** Labels of every object. */
  readonly labels: Record<string, string>;
  private readonly awaited: pulumi.Input<Awaited>[] = [];
  private readonly specs: Record<string, pulumi.Output<string>> = {};
  private readonly pullSecretNames: pulumi.Output<string>[];
  private readonly registrations: DeployKeyRegistration[] = [];

  constructor(
    name: string,
    private readonly args: GitOpsArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("onprem:gitops:GitOps", name, {}, opts);
    this.labels = commonLabels(args.customer);
    this.namespace = this.createNamespace();
    this.pullSecretNames = this.pullSecrets();
    const flux = this.createFlux();
    this.fluxVersion = flux.version;
    this.notify(flux);
    this.receiver = this.createWebhook(flux);
    const followed = new Map(args.repositories.map((repository) => [repository.name, this.follow(repository, flux)]));
    const applied = new Map<string, pulumi.Resource>();
    for (const kustomization of inOrder(args.kustomizations)) {
      const before = kustomization.dependsOn.map((other) => applied.get(other));
      const source = followed.get(kustomization.repository)?.object;
      const after = [...before, source].filter((resource) => resource !== undefined);
      applied.set(kustomization.name, this.apply(kustomization, after));
    }
    this.updateImages([flux, ...[...followed.values()].map(({ object }) => object)]);
    const seenReady = this.requireReadiness([
      ...[...followed.values()].map(({ object }) => object),
      ...applied.values(),
    ]);
    for (const registration of this.registrations) registration.retireAfter(seenReady);
    this.repositories = pulumi.all([...followed.values()].map(({ summary }) => summary));
    this.registerOutputs({ namespace: this.namespace, repositories: this.repositories });
  }

  /** Stays when the stack goes: Git may have put objects of Flux's into it that nobody would let go any more. */
  private createNamespace(): pulumi.Output<string> {
    const labels = { ...this.labels, ...podSecurityLabels("restricted") };
    const created = new kubernetes.core.v1.Namespace(
      "namespace",
      { metadata: { name: this.args.namespace, labels, annotations: adoptExisting } },
      { parent: this, retainOnDelete: true },
    );
    return created.metadata.name;
  }

  private createFlux(): Flux {
    const { api, customer, helmReleases, imageAutomation, imageMirror, manifest, receiver, resources, version } =
      this.args;
    const { namespace } = this;
    return new Flux(
      "flux",
      {
        api,
        customer,
        version,
        manifest,
        namespace,
        imageMirror,
        resources,
        controllers: [
          "source-controller",
          "kustomize-controller",
          ...(helmReleases ? ["helm-controller" as const] : []),
          ...(this.notifies || receiver ? ["notification-controller" as const] : []),
          ...(imageAutomation ? IMAGE_CONTROLLERS : []),
        ],
        webhooks: receiver !== undefined,
        imagePullSecrets: this.pullSecretNames,
      },
      { parent: this },
    );
  }

  private get notifies(): boolean {
    const { commitStatus, notifications } = this.args;
    return notifications.length + commitStatus.length > 0;
  }

  private notify(flux: Flux): void {
    if (!this.notifies) return;
    const { labels, namespace } = this;
    new Notifications(
      "notifications",
      { ...this.args, namespace, labels, api: this.args.notificationApi },
      { parent: this, dependsOn: flux },
    );
  }

  private createWebhook(flux: Flux): pulumi.Output<WebhookSummary> | undefined {
    const { receiver } = this.args;
    if (!receiver) return undefined;
    const { labels, namespace } = this;
    const options = { parent: this, dependsOn: flux };
    return new Webhook("webhook", { ...receiver, namespace, labels }, options).summary;
  }

  private pullSecrets(): pulumi.Output<string>[] {
    const { imagePullCredentials } = this.args;
    if (imagePullCredentials === undefined) return [];
    const content = pullSecret(objectMetadata("image-pull", this), imagePullCredentials);
    const secret = createSecret("image-pull", content, { parent: this });
    return [secret.metadata.name];
  }

  private follow(repository: Repository, flux: Flux) {
    const { customer, suspend } = this.args;
    const { branch, name, url } = repository;
    const { labels, namespace } = this;
    const login = new RepositoryLogin(`login-${name}`, { repository, customer, namespace, labels }, { parent: this });
    const write = writtenTo(this.args.imageAutomation).has(name);
    const { deployKey, nextDeployKey, revision, secretName } = login;
    const registered = this.register(repository, login, write);
    const spec = pulumi.output(secretName).apply((secret) => repositorySpec(repository, suspend, secret));
    const object = new kubernetes.apiextensions.CustomResource(
      `repository-${name}`,
      {
        apiVersion: SOURCE_API,
        kind: "GitRepository",
        // With another login Flux looks at once, not when its patience with the old one is over.
        metadata: objectMetadata(name, this, { [RECONCILE_REQUEST]: revision }),
        spec,
      },
      { parent: this, dependsOn: [flux, login, ...registered], customTimeouts: DELETION },
    );
    const key = pulumi.output(deployKey);
    this.waitFor(
      key.apply((line) => ({ kind: "GitRepository" as const, name, url, branch, write, deployKey: line })),
      pulumi.all([spec, revision]),
    );
    const summary = pulumi.all([key, pulumi.output(nextDeployKey)]).apply(([line, next]) => ({
      ...{ name, url, branch, write },
      ...(line === undefined ? {} : { deployKey: line }),
      ...(next === undefined ? {} : { nextDeployKey: next }),
    }));
    return { object, summary };
  }

  /** Registers a repository's keys, where that is asked for; returns what Flux has to wait for. */
  private register(
    { authentication, name, url }: Repository,
    login: RepositoryLogin,
    write: boolean,
  ): pulumi.Resource[] {
    if (authentication.kind !== "ssh" || !authentication.registration) return [];
    const { labels, namespace, pullSecretNames } = this;
    const registration = new DeployKeyRegistration(
      `registration-${name}`,
      {
        repository: { name, url },
        registration: authentication.registration,
        lines: [login.deployKey, login.nextDeployKey].filter((line) => line !== undefined),
        write,
        image: this.args.nodeImage,
        namespace,
        labels,
        imagePullSecrets: pullSecretNames,
      },
      { parent: this },
    );
    this.registrations.push(registration);
    return [registration.registered];
  }

  private updateImages(dependsOn: pulumi.Resource[]): void {
    const { imageAutomation, repositories, suspend } = this.args;
    if (!imageAutomation) return;
    const { labels, namespace } = this;
    const args = { ...imageAutomation, namespace, labels, repositories, suspend, deletion: DELETION.delete };
    new ImageUpdates("image-updates", args, { parent: this, dependsOn });
  }

  private apply(kustomization: Kustomization, dependsOn: pulumi.Resource[]): pulumi.Resource {
    const { name, path, repository } = kustomization;
    const spec = kustomizationSpec(kustomization, this.args.suspend);
    this.waitFor({ kind: "Kustomization", name, repository, path }, pulumi.output(spec));
    return new kubernetes.apiextensions.CustomResource(
      `kustomization-${name}`,
      {
        apiVersion: KUSTOMIZE_API,
        kind: "Kustomization",
        metadata: objectMetadata(name, this),
        spec,
      },
      { parent: this, dependsOn, customTimeouts: DELETION },
    );
  }

  private waitFor(awaited: pulumi.Input<Awaited>, spec: pulumi.Output<unknown>): void {
    this.awaited.push(awaited);
    this.specs[`spec-${this.awaited.length}`] = spec.apply((content) => JSON.stringify(content));
  }

  /**
   * Made, or changed, only once all that it names is ready: a run that did not see it ready has not made it, and the
   * next run waits again.
   */
  private requireReadiness(dependsOn: pulumi.Resource[]): pulumi.Resource {
    const { api, customer, namespace, timeoutSeconds } = this.args;
    const waiting = { namespace, timeoutSeconds, awaited: pulumi.all(this.awaited) };
    const asked = pulumi
      .output(this.specs)
      .apply((specs) => createHash("sha256").update(JSON.stringify(specs)).digest("hex").slice(0, 16));
    return new kubernetes.core.v1.ConfigMap(
      "readiness",
      {
        metadata: objectMetadata("onprem-gitops", this),
        data: { "seen-ready": asked },
      },
      { parent: this, dependsOn, hooks: readinessHooks(`gitops-${customer}`, this, waiting, api) },
    );
  }
}
