import * as pulumi from "@pulumi/pulumi";
import { ProgramError } from "../errors/program-error";
import type { ClusterReader } from "../kubernetes/api-client";
import { type DatedDefinition, isNewer } from "../kubernetes/definition-age";
import type { NamespaceOwnership } from "../kubernetes/namespace";
import { type FoundObject, ObjectLookup } from "../kubernetes/object-lookup";
import {
  type AdoptedObject,
  ForeignObjectError,
  isAdopted,
  isMarked,
  isOthers,
  isOwned,
  type ObjectIdentity,
  type Owner,
  ownerLabels,
  refusalOf,
} from "../kubernetes/ownership";
import { type CollectedObject, fingerprint, ObjectInventory } from "./object-inventory";
import type { OwnershipRecord } from "./ownership-record";

/** The namespaces would become another's, or the stack's, while the stack has them. */
export class NamespaceOwnershipError extends ProgramError {
  /** Stable name of the error. */
  readonly code = "NAMESPACE_OWNERSHIP";
  override readonly name = "NamespaceOwnershipError";
}

/** What the last run left. */
export interface LastOwnership {
  /** Its record; nothing where there was no run, nor where that was one of before 0.2.0. */
  readonly record: pulumi.Input<OwnershipRecord | undefined>;
  /** Whether there was a run, of any version. */
  readonly hasRun: pulumi.Input<boolean>;
}

/** Arguments of {@link OwnershipCheck}. */
export interface OwnershipCheckArgs {
  /** Whose objects the program creates. */
  readonly owner: Owner;
  /** Objects of others that are taken over (`onprem:site.adopt`). */
  readonly adopt: readonly AdoptedObject[];
  /** Whose the namespaces are (`onprem:site.namespaces`). */
  readonly namespaces: NamespaceOwnership;
  /** What the last run left. Nobody looks whose objects are where it is left out. */
  readonly last: LastOwnership | undefined;
  /** Whether the cluster is there before the program runs. Objects of one that it makes are checked one by one. */
  readonly clusterExists: boolean;
  /** Reads the cluster. */
  readonly api: () => Promise<ClusterReader>;
}

/**
 * Marks every object of the cluster as the stack's, and refuses to take over those of others: server-side apply would
 * change an object that is there already without a word, and `pulumi destroy` would delete it.
 *
 * Where the cluster exists, all objects whose names the settings decide are looked up before the first is registered, so
 * that a refusal leaves nothing half made, and a preview shows it. Others are looked up as they are created.
 */
export class OwnershipCheck {
  private readonly inventory = new ObjectInventory();
  private readonly hook: pulumi.ResourceHook;
  /** Names of objects that were looked up in this run. */
  private readonly checked = new Set<string>();
  private begin: (() => void) | undefined;
  private readonly passed: pulumi.Output<pulumi.Resource[]>;
  private readonly last: pulumi.Output<LastRun | undefined>;
  private lookup: Promise<ObjectLookup> | undefined;

  constructor(private readonly args: OwnershipCheckArgs) {
    const { last } = args;
    this.last = pulumi.output(last && { record: last.record, hasRun: last.hasRun });
    const begun = new Promise<void>((resolve) => {
      this.begin = resolve;
    });
    this.passed = pulumi
      .all([this.last, begun])
      .apply(([last]) => this.checkAll(last))
      .apply(() => []);
    this.hook = new pulumi.ResourceHook(`ownership-${args.owner.customer}`, (created) => this.checkCreated(created));
  }

  /** Called when all resources were constructed; returns what the next run needs to know. */
  collected(): pulumi.Output<OwnershipRecord> {
    this.begin?.();
    // Known only once all objects are there: a run that ends before must not spare the next one its look.
    const objects = pulumi.output(this.inventory.identities().then((all) => fingerprint(all)));
    return pulumi
      .all([objects, this.inventory.allCreated()])
      .apply(([known]) => ({ objects: known, namespaces: this.args.namespaces }));
  }

  /** For `transformations` of the component that all objects are below. */
  readonly transformation: pulumi.ResourceTransformation = ({ resource, type, props, opts }) => {
    const collected = this.inventory.collect(resource, type, props, opts);
    if (!collected) return undefined;
    const { dependsOn } = pulumi.mergeOptions({ dependsOn: opts.dependsOn }, { dependsOn: this.passed });
    if (collected.isRead) return { props, opts: { ...opts, dependsOn } };
    const hooks = { ...opts.hooks, beforeCreate: [this.hook, ...(opts.hooks?.beforeCreate ?? [])] };
    return { props: this.marked(collected, props), opts: { ...opts, dependsOn, hooks } };
  };

  private marked(collected: CollectedObject, props: Record<string, unknown>): Record<string, unknown> {
    const labels = ownerLabels(this.args.owner);
    if (!collected.isDefinition) return { ...props, metadata: withLabels(props.metadata, labels) };
    const found = pulumi
      .all([collected.identity(), this.last, props.metadata, props.spec])
      .apply(([identity, last, metadata, spec]) =>
        last
          ? this.othersDefinition(identity, last.hasRun && !last.record, { metadata, spec } as DatedDefinition)
          : undefined,
      );
    const merged = pulumi.all([found, props.metadata, props.spec]).apply(([others, metadata, spec]) => {
      if (others) return sharedDefinition(others, metadata as Metadata, spec as DefinitionSpec);
      return { metadata: withLabels(metadata, labels), spec };
    });
    return { ...props, metadata: merged.apply(({ metadata }) => metadata), spec: merged.apply(({ spec }) => spec) };
  }

  /**
   * A definition that the cluster has from somebody else.
   * @param unmarked whether the stack's own carry no mark yet
   * @param ours what the program would make of it
   */
  private async othersDefinition(
    identity: ObjectIdentity | undefined,
    unmarked: boolean,
    ours: DatedDefinition,
  ): Promise<FoundObject | undefined> {
    if (!identity || !this.args.clusterExists) return undefined;
    const found = await (await this.objects()).find(identity);
    if (!found || isOwned(found.metadata, this.args.owner) || isAdopted(identity, this.args.adopt)) return undefined;
    // One without any mark outlived an earlier stack, and is taken over as it always was, but never by an older one.
    const others = unmarked ? isMarked(found.metadata) : isOthers(found.metadata, this.args.owner);
    return others || isNewer(found as DatedDefinition, ours) ? found : undefined;
  }

  private objects(): Promise<ObjectLookup> {
    this.lookup ??= this.args.api().then((reader) => new ObjectLookup(reader));
    return this.lookup;
  }

  private async checkAll(last: LastRun | undefined): Promise<void> {
    if (!last) return;
    const { clusterExists, namespaces } = this.args;
    const before = namespacesOf(last) ?? namespaces;
    if (before !== namespaces) throw new NamespaceOwnershipError(namespacesChanged(before, namespaces));
    // Objects of such stacks carry no mark yet: the engine knows which are its own, and asks for the others.
    if (!clusterExists || (last.hasRun && !last.record)) return;
    const identities = await this.inventory.identities();
    if (last.record?.objects === fingerprint(identities)) return;
    await this.refuseForeign(identities);
  }

  private async checkCreated({ newInputs }: pulumi.ResourceHookArgs): Promise<void> {
    const identity = identityOf(newInputs);
    if (!this.args.last || !identity || this.checked.has(key(identity))) return;
    await this.refuseForeign([identity]);
  }

  private async refuseForeign(identities: readonly ObjectIdentity[]): Promise<void> {
    const { owner, adopt } = this.args;
    const objects = await this.objects();
    const there = await objects.findAll(identities.filter(({ kind }) => kind !== "CustomResourceDefinition"));
    const foreign = there.filter(({ object, found }) => !isOwned(found.metadata, owner) && !isAdopted(object, adopt));
    if (foreign.length > 0)
      throw new ForeignObjectError(refusalOf(foreign.map(({ object, found }) => ({ object, found: found.metadata }))));
    for (const identity of identities) this.checked.add(key(identity));
  }
}

/** What the last run left, known. */
interface LastRun {
  readonly record: OwnershipRecord | undefined;
  readonly hasRun: boolean;
}

type Metadata = { readonly name?: string; readonly namespace?: string; readonly labels?: Record<string, string> };

/** What is read of a definition's specification. */
interface DefinitionSpec {
  readonly versions?: ReadonlyArray<{ readonly name: string; readonly served: boolean; readonly storage: boolean }>;
}

/** Metadata with labels of ours beside its own. */
function withLabels(metadata: unknown, labels: Record<string, string>): unknown {
  const add = (known: Metadata = {}) => ({
    ...known,
    labels: pulumi.output(known.labels).apply((own) => ({ ...own, ...labels })),
  });
  if (pulumi.Output.isInstance(metadata)) return metadata.apply((known) => add(known as Metadata));
  const { labels: own, ...known } = (metadata ?? {}) as Metadata;
  const isKnown = own === undefined || (!pulumi.Output.isInstance(own) && !(own instanceof Promise));
  return isKnown ? { ...known, labels: { ...own, ...labels } } : add({ ...known, labels: own });
}

/**
 * Somebody else's definition as it is, so that nothing of it is changed, if it serves what this program's objects need.
 * @throws ForeignObjectError where it does not
 */
function sharedDefinition(others: FoundObject, { name }: Metadata, spec: DefinitionSpec) {
  const served = (others.spec as DefinitionSpec).versions?.filter((version) => version.served) ?? [];
  const needed = spec.versions?.find(({ storage }) => storage)?.name;
  if (needed !== undefined && !served.some((version) => version.name === needed)) {
    const has = served.map((version) => version.name).join(", ");
    throw new ForeignObjectError(
      `The cluster has the CustomResourceDefinition ${name} of somebody else, which serves ${has}, and this program needs ${needed}: upgrade what it belongs to, or take it over by adding {kind: CustomResourceDefinition, name: ${name}} to onprem:site.adopt. Nothing of it was changed.`,
    );
  }
  return { metadata: { name }, spec: others.spec };
}

/** Whose the namespaces were: the stack's own in each run of before 0.2.0, nobody's before the first run. */
function namespacesOf({ hasRun, record }: LastRun): NamespaceOwnership | undefined {
  if (record) return record.namespaces;
  return hasRun ? "own" : undefined;
}

function namespacesChanged(before: NamespaceOwnership, asked: NamespaceOwnership): string {
  const effect =
    before === "own" ? "the next run would delete them with all that is in them" : "they were created by others";
  return `onprem:site.namespaces was ${before} in the last run and is ${asked} now, and ${effect}. Set it back to ${before}, or move to new namespaces: back up, choose other names, pulumi up, restore (docs/restore.md). Nothing was changed.`;
}

function identityOf(inputs: Record<string, unknown> | undefined): ObjectIdentity | undefined {
  const { apiVersion, kind, metadata } = (inputs ?? {}) as Partial<ObjectIdentity> & { metadata?: Metadata };
  if (!apiVersion || !kind || !metadata?.name) return undefined;
  const { name, namespace } = metadata;
  return { apiVersion, kind, name, ...(namespace ? { namespace } : {}) };
}

const key = ({ apiVersion, kind, namespace, name }: ObjectIdentity) => [apiVersion, kind, namespace, name].join(" ");
