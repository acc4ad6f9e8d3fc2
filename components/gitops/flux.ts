import * as kubernetes from "@pulumi/kubernetes";
import type { input as inputs } from "@pulumi/kubernetes/types";
import * as pulumi from "@pulumi/pulumi";
import { type DeploymentState, deployedVersion, RELEASE_ANNOTATION } from "../kubernetes/deployed-version";
import { type DefinitionsApi, storedVersionHooks } from "../kubernetes/stored-version-hooks";
import {
  type ControllerName,
  controllers,
  definitionName,
  deploymentName,
  type FluxObject,
  type Installation,
  installation,
  servedObjects,
  surroundings,
  webhookObjects,
} from "./manifest";

/** Arguments of {@link Flux}. */
export interface FluxArgs extends Omit<Installation, "imagePullSecrets" | "namespace"> {
  /** Text of the release's `install.yaml`. */
  readonly manifest: pulumi.Input<string>;
  /** Namespace of the controllers. */
  readonly namespace: pulumi.Input<string>;
  /** Names of Secrets with credentials of the image registry. */
  readonly imagePullSecrets: readonly pulumi.Input<string>[];
  /** The cluster's API, called when a kind is changed: objects stored in versions that go are rewritten. */
  readonly api: () => Promise<DefinitionsApi>;
}

/**
 * Flux's controllers with their kinds, from the release's manifest, each object a resource of its own.
 *
 * The kinds outlive the stack: deleting one deletes every object of its kind in the cluster.
 */
export class Flux extends pulumi.ComponentResource {
  /** Version of the release whose controllers are installed; `undefined` where nothing says it, or they did not come up. */
  readonly version: pulumi.Output<string | undefined>;

  private readonly objects: pulumi.Output<Record<string, FluxObject>>;

  constructor(name: string, args: FluxArgs, opts?: pulumi.ComponentResourceOptions) {
    super("onprem:gitops:Flux", name, {}, opts);
    const { api, manifest, namespace, imagePullSecrets, ...settings } = args;
    this.objects = pulumi
      .all([manifest, namespace, pulumi.all([...imagePullSecrets])])
      .apply(([text, place, names]) => installation(text, { ...settings, namespace: place, imagePullSecrets: names }));
    const hooks = storedVersionHooks(`flux-definitions-${args.customer}`, this, api);
    const definitions = args.controllers.flatMap((controller) => this.definitions(controller, hooks));
    const around = surroundings.map((key) => this.create(key, definitions));
    const deployments = args.controllers.map((controller) => this.controller(controller, around));
    this.version = pulumi
      .all(deployments.map((deployment) => deployedVersion(deployment, releaseOf)))
      .apply(([first, ...others]) => (others.every((other) => other === first) ? first : undefined));
    if (args.webhooks) for (const key of webhookObjects) this.create(key, around);
    this.registerOutputs({});
  }

  private definitions(controller: ControllerName, hooks: pulumi.ResourceHookBinding): pulumi.Resource[] {
    return controllers[controller].map((short) => {
      const key = definitionName(short);
      const metadata = this.field<inputs.meta.v1.ObjectMeta>(key, "metadata");
      const spec = this.field<inputs.apiextensions.v1.CustomResourceDefinitionSpec>(key, "spec");
      return new kubernetes.apiextensions.v1.CustomResourceDefinition(
        short.split(".")[0] ?? short,
        { metadata, spec },
        { parent: this, retainOnDelete: true, hooks },
      );
    });
  }

  private controller(controller: ControllerName, around: pulumi.Resource[]): kubernetes.apps.v1.Deployment {
    let before = around;
    for (const key of servedObjects(controller)) before = [this.create(key, before)];
    const key = deploymentName(controller);
    const metadata = this.field<inputs.meta.v1.ObjectMeta>(key, "metadata");
    const spec = this.field<inputs.apps.v1.DeploymentSpec>(key, "spec");
    const options = { parent: this, dependsOn: before };
    return new kubernetes.apps.v1.Deployment(resourceNameOf(key), { metadata, spec }, options);
  }

  /** A field of an object of the manifest, known once the manifest has been read. */
  private field<Content>(key: string, name: string): pulumi.Input<Content> {
    return this.objects.apply((objects) => objects[key]?.[name] as Content) as pulumi.Input<Content>;
  }

  private create(key: string, dependsOn: pulumi.Resource[]): pulumi.Resource {
    const metadata = this.field<inputs.meta.v1.ObjectMeta>(key, "metadata");
    const [kind = ""] = key.split("/");
    const options = { parent: this, dependsOn };
    const resourceName = resourceNameOf(key);
    switch (kind) {
      case "ServiceAccount":
        return new kubernetes.core.v1.ServiceAccount(resourceName, { metadata }, options);
      case "ResourceQuota": {
        const spec = this.field<inputs.core.v1.ResourceQuotaSpec>(key, "spec");
        return new kubernetes.core.v1.ResourceQuota(resourceName, { metadata, spec }, options);
      }
      case "Service": {
        const spec = this.field<inputs.core.v1.ServiceSpec>(key, "spec");
        return new kubernetes.core.v1.Service(resourceName, { metadata, spec }, options);
      }
      case "NetworkPolicy": {
        const spec = this.field<inputs.networking.v1.NetworkPolicySpec>(key, "spec");
        return new kubernetes.networking.v1.NetworkPolicy(resourceName, { metadata, spec }, options);
      }
      case "ClusterRole": {
        const rules = this.field<inputs.rbac.v1.PolicyRule[]>(key, "rules");
        return new kubernetes.rbac.v1.ClusterRole(resourceName, { metadata, rules }, options);
      }
      case "ClusterRoleBinding": {
        const roleRef = this.field<inputs.rbac.v1.RoleRef>(key, "roleRef");
        const subjects = this.field<inputs.rbac.v1.Subject[]>(key, "subjects");
        return new kubernetes.rbac.v1.ClusterRoleBinding(resourceName, { metadata, roleRef, subjects }, options);
      }
      default:
        throw new RangeError(`no resource is known for ${key}`);
    }
  }
}

function releaseOf({ annotations }: DeploymentState): string | undefined {
  return annotations?.[RELEASE_ANNOTATION];
}

/** Names are unique by type only, and two kinds may share one. */
function resourceNameOf(key: string): string {
  const [kind = "", name = ""] = key.split("/");
  return kind === "ClusterRoleBinding" ? `${name}-binding` : name;
}
