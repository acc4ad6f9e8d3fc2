import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { takenUp } from "../kubernetes/object-metadata";
import type { ImageAutomation, WatchedImage } from "./image-args";
import { IMAGE_API, imagePolicySpec, imageRepositorySpec, imageUpdateSpec } from "./image-objects";

/** Arguments of {@link ImageUpdates}. */
export interface ImageUpdatesArgs extends ImageAutomation {
  readonly namespace: pulumi.Input<string>;
  readonly labels: Record<string, string>;
  /** Branches of the repositories, by name. */
  readonly branches: Readonly<Record<string, string>>;
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
    const { branches, images, suspend, updates } = args;
    const policies = images.map((image) => this.watch(image));
    for (const update of updates) {
      const spec = imageUpdateSpec(update, branches[update.repository] ?? "main", suspend);
      this.create("ImageUpdateAutomation", update.name, spec, policies);
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
    const content = pulumi.secret(credentials).apply((text) => Buffer.from(text, "utf8").toString("base64"));
    const secret = new kubernetes.core.v1.Secret(
      `image-${name}`,
      {
        metadata: this.metadata(`image-${name}`),
        type: "kubernetes.io/dockerconfigjson",
        data: { ".dockerconfigjson": content },
      },
      { parent: this },
    );
    return secret.metadata.name;
  }

  private metadata(objectName: string): kubernetes.types.input.meta.v1.ObjectMeta {
    return { name: objectName, namespace: this.args.namespace, labels: this.args.labels, annotations: takenUp };
  }

  private create(kind: string, name: string, spec: pulumi.Input<object>, after: pulumi.Resource[]): pulumi.Resource {
    return new kubernetes.apiextensions.CustomResource(
      `${kind}-${name}`,
      { apiVersion: IMAGE_API, kind, metadata: this.metadata(name), spec },
      {
        parent: this,
        dependsOn: [...this.opts.dependsOn, ...after],
        customTimeouts: { delete: this.args.deletion },
      },
    );
  }
}
