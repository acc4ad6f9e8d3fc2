import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { objectMetadata } from "../kubernetes/object-metadata";
import { createSecret, pullSecret } from "../kubernetes/secret";
import type { Repository } from "./args";
import type { ImageAutomation, WatchedImage } from "./image-args";
import { IMAGE_API, imagePolicySpec, imageRepositorySpec, imageUpdateSpec } from "./image-objects";

/** Arguments of {@link ImageUpdates}. */
export interface ImageUpdatesArgs extends ImageAutomation {
  /** Namespace of Flux. */
  readonly namespace: pulumi.Input<string>;
  /** Labels of every object. */
  readonly labels: Record<string, string>;
  /** Repositories that are followed. */
  readonly repositories: readonly Pick<Repository, "name" | "branch">[];
  /** Stops all of it. */
  readonly suspend: boolean;
  /** Longest time that an object's deletion may take, such as `2m`. */
  readonly deletion: string;
}

/**
 * Which images are looked at, which tags are chosen, and where Flux commits them. Not waited for: a registry that is down
 * hinders no `pulumi up`.
 */
export class ImageUpdates extends pulumi.ComponentResource {
  /** @param opts with `dependsOn`: the controllers and the repositories */
  constructor(
    name: string,
    private readonly args: ImageUpdatesArgs,
    private readonly opts: pulumi.ComponentResourceOptions & { dependsOn: pulumi.Resource[] },
  ) {
    super("onprem:gitops:ImageUpdates", name, {}, opts);
    const { images, repositories, suspend, updates } = args;
    const policies = images.map((image) => this.watch(image));
    for (const update of updates) {
      const repository = repositories.find(({ name }) => name === update.repository);
      // The settings' own check refuses a name that no repository has.
      if (!repository) throw new RangeError(`no repository is called ${update.repository}`);
      this.create("ImageUpdateAutomation", update.name, imageUpdateSpec(update, repository.branch, suspend), policies);
    }
    this.registerOutputs({});
  }

  private watch(image: WatchedImage): pulumi.Resource {
    const { suspend } = this.args;
    const spec = pulumi
      .output(this.credentials(image))
      .apply((secretName) => imageRepositorySpec(image, suspend, secretName));
    const repository = this.create("ImageRepository", image.name, spec, []);
    return this.create("ImagePolicy", image.name, imagePolicySpec(image, suspend), [repository]);
  }

  private credentials({ credentials, name }: WatchedImage): pulumi.Output<string> | undefined {
    if (credentials === undefined) return undefined;
    const content = pullSecret(objectMetadata(`image-${name}`, this.args), credentials);
    return createSecret(`image-${name}`, content, { parent: this }).metadata.name;
  }

  private create(kind: string, name: string, spec: pulumi.Input<object>, after: pulumi.Resource[]): pulumi.Resource {
    return new kubernetes.apiextensions.CustomResource(
      `${kind}-${name}`,
      { apiVersion: IMAGE_API, kind, metadata: objectMetadata(name, this.args), spec },
      {
        parent: this,
        dependsOn: [...this.opts.dependsOn, ...after],
        customTimeouts: { delete: this.args.deletion },
      },
    );
  }
}
