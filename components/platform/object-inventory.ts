import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import type { ObjectIdentity } from "../kubernetes/ownership";

/** An object of the cluster that the program constructed. */
export interface CollectedObject {
  /** Whether it is only read, and somebody else's. */
  readonly isRead: boolean;
  readonly isDefinition: boolean;
  /** What finds it; `undefined` where the API server makes up its name. Waits for what the name depends on. */
  identity(): Promise<ObjectIdentity | undefined>;
}

interface Collected extends CollectedObject {
  readonly resource: pulumi.Resource;
  /** Whether its name is known before any object is registered. */
  readonly isKnownBefore: boolean;
}

interface Metadata {
  readonly name?: string;
  readonly namespace?: string;
}

/** What the provider of Kubernetes registers that is no object: Helm knows its own, and a patch is part of another's object. */
const NO_OBJECT = /^kubernetes:(helm\.sh|yaml|kustomize)|(Patch|List)$/;
/** Takes over, and leaves, what Rancher itself puts into a cluster. */
const RANCHERS_OWN = "onprem:rancher:ClusterAgent";

/** `kubernetes:apps/v1:Deployment`: https://www.pulumi.com/registry/packages/kubernetes/api-docs/ */
const TYPE = /^kubernetes:(?:core\/(?<core>v1)|(?<group>[^:]+)):(?<kind>\w+)$/;

/** The objects of the cluster that a program constructs. */
export class ObjectInventory {
  private readonly objects: Collected[] = [];
  private readonly namespaces = new Map<pulumi.Resource, string>();

  /** Takes a resource that is being constructed into account; `undefined` where it is no object of the cluster. */
  collect(
    resource: pulumi.Resource,
    type: string,
    props: { readonly metadata?: unknown; readonly apiVersion?: unknown; readonly kind?: unknown },
    opts: pulumi.CustomResourceOptions,
  ): CollectedObject | undefined {
    const token = TYPE.exec(type)?.groups;
    if (!token || NO_OBJECT.test(type) || typeOf(opts.parent) === RANCHERS_OWN) return undefined;
    const apiVersion = token.core ?? token.group ?? "";
    const kind = token.kind ?? "";
    const { metadata, isKnownBefore } = this.resolvable(props.metadata);
    if (kind === "Namespace" && isPlain(props.metadata) && typeof props.metadata.name === "string")
      this.namespaces.set(resource, props.metadata.name);
    const identity = async () => {
      const { name, namespace } = (await known(metadata)) ?? {};
      return name === undefined ? undefined : { apiVersion, kind, name, ...(namespace ? { namespace } : {}) };
    };
    const collected: Collected = {
      resource,
      identity,
      isKnownBefore,
      isRead: opts.id !== undefined,
      isDefinition: kind === "CustomResourceDefinition",
    };
    this.objects.push(collected);
    return collected;
  }

  /** What finds the objects whose names do not depend on anything that is created first. */
  async identities(): Promise<ObjectIdentity[]> {
    const before = this.objects.filter(({ isKnownBefore, isRead }) => isKnownBefore && !isRead);
    const identities = await Promise.all(before.map(({ identity }) => identity()));
    return identities.filter((identity) => identity !== undefined);
  }

  /** Known once all objects are there. */
  allCreated(): pulumi.Output<unknown> {
    return pulumi.all(this.objects.map(({ resource }) => resource.urn));
  }

  /**
   * Metadata without what depends on a resource, but for a namespace, whose name the settings decide. Components refer to
   * their namespace by an output, so that it is there first.
   */
  private resolvable(metadata: unknown): { metadata: pulumi.Input<Metadata | undefined>; isKnownBefore: boolean } {
    if (!isPlain(metadata)) {
      const isKnownBefore = !pulumi.Output.isInstance(metadata) || dependencies(metadata).length === 0;
      return { metadata: metadata as pulumi.Input<Metadata | undefined>, isKnownBefore };
    }
    const { name, namespace } = metadata;
    const place = this.namespaceNamed(namespace);
    const isKnownBefore = [name, place].every((part) => dependencies(part).length === 0);
    return { metadata: { name, namespace: place } as pulumi.Input<Metadata>, isKnownBefore };
  }

  private namespaceNamed(namespace: unknown): unknown {
    const [only, ...more] = dependencies(namespace);
    return (only && more.length === 0 && this.namespaces.get(only)) ?? namespace;
  }
}

/** Names one set of objects; another object makes another fingerprint. */
export function fingerprint(identities: readonly ObjectIdentity[]): string {
  const names = identities.map(({ apiVersion, kind, namespace = "", name }) =>
    [apiVersion, kind, namespace, name].join(" "),
  );
  return createHash("sha256").update(names.sort().join("\n")).digest("hex").slice(0, 16);
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !pulumi.Output.isInstance(value) && !(value instanceof Promise);
}

/** https://github.com/pulumi/pulumi/blob/v3.248.0/sdk/nodejs/output.ts#L40 */
interface KnownAfter {
  resources(): Set<pulumi.Resource>;
}

/** Resources that an input is known after. */
function dependencies(value: unknown): pulumi.Resource[] {
  // What an output is known after is part of the SDK's interface between its own packages alone.
  return pulumi.Output.isInstance(value) ? [...(value as unknown as KnownAfter).resources()] : [];
}

function typeOf(resource: pulumi.Resource | undefined): string | undefined {
  return (resource as { __pulumiType?: string } | undefined)?.__pulumiType;
}

function known<Value>(input: pulumi.Input<Value>): Promise<pulumi.Unwrap<Value>> {
  return new Promise((resolve) => pulumi.output(input).apply(resolve));
}
