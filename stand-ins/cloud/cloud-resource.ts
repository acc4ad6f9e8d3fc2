import { createHash } from "node:crypto";
import { containsUnknown, type PropertyMap, UNKNOWN } from "../plugin/property-values";
import type { CheckContext, Difference, ReadState, ResourceState, ResourceType } from "../plugin/resource-provider";
import { checkFields } from "../schema/check";
import { differences, replacing } from "../schema/difference";
import { type Behaviour, field, type ResourceSchema } from "../schema/schema";
import { asRead, overlay, withComputed, withDefaultValues } from "../schema/values";
import { type CloudContext, type CloudType, kindOf, valuesAt } from "./cloud-type";
import { type FaultOperation, meetFaults } from "./faults";
import type { LedgerContent, LedgerEntry } from "./ledger";
import { brokenReference, dependentsOf, detach, nameOf, usersOf } from "./references";
import type { StandInCloud } from "./stand-in-cloud";

/** The mark by which the official plugins remember which inputs they generated. */
const GENERATED = "__defaults";

/** One resource type of a stand-in cloud, as the plugin server serves it. */
export class CloudResource implements ResourceType {
  readonly inputs: readonly string[];
  readonly computedOutputs: readonly string[];
  readonly secretOutputs: readonly string[];
  private readonly schema: ResourceSchema;
  private readonly model: CloudType;
  private readonly behaviour: Behaviour;

  constructor(
    private readonly cloud: StandInCloud,
    private readonly token: string,
  ) {
    const { schema, types, behaviours } = cloud.definition;
    const [resource, model] = [schema.resources[token], types[token]];
    if (!resource || !model) throw new Error(`the stand-in for ${schema.package} has no table or model of ${token}`);
    this.schema = resource;
    this.model = model;
    this.behaviour = behaviours[token] ?? { replaces: [], defaults: {} };
    const names = Object.keys(resource.fields);
    this.inputs = names.filter((name) => field(resource.fields[name] ?? "").input);
    this.computedOutputs = names.filter((name) => field(resource.fields[name] ?? "").computed);
    this.secretOutputs = resource.secretOutputs;
  }

  complete(given: PropertyMap, { name, oldInputs, randomSeed }: CheckContext): PropertyMap {
    const property = this.nameProperty();
    if (property === undefined || given[property] !== undefined) return given;
    const kept = isGenerated(oldInputs, property) ? oldInputs[property] : undefined;
    return { ...given, [property]: kept ?? generatedName(name, randomSeed), [GENERATED]: [property] };
  }

  check(inputs: PropertyMap) {
    const { schema } = this.cloud.definition;
    // Unknown top-level inputs are refused by the plugin server already.
    const known = Object.fromEntries(Object.entries(inputs).filter(([name]) => this.inputs.includes(name)));
    const failures = checkFields(schema, this.schema.fields, known);
    const certain = Object.fromEntries(Object.entries(known).filter(([, value]) => !containsUnknown(value)));
    return failures.length > 0 ? failures : (this.model.check?.(certain) ?? []);
  }

  diff(state: ResourceState, inputs: PropertyMap): Difference {
    const { schema } = this.cloud.definition;
    const given = this.requested(inputs);
    const compared = { given, state: state.properties, before: state.inputs ?? {} };
    const changes = differences(schema, this.schema.fields, compared);
    const extra = containsUnknown(given) ? [] : (this.model.replaces?.(state.properties, given) ?? []);
    const changed = [...new Set(changes.map(({ path }) => path.split(".")[0] ?? path))];
    const forced = replacing(changes, this.behaviour.replaces).map(({ path }) => path.split(".")[0] ?? path);
    const replaces = [...new Set([...forced, ...extra.filter((name) => changed.includes(name))])];
    return { changed, replaces, deleteBeforeReplace: replaces.length > 0 && this.nameStays(state, inputs) };
  }

  plan(inputs: PropertyMap, state?: ResourceState): PropertyMap {
    const requested = this.requested(inputs);
    const known = state ? this.overlaid(state.properties, requested) : requested;
    return withComputed(this.cloud.definition.schema, this.schema.fields, withLabels(this.schema, known), "unknown");
  }

  async create(inputs: PropertyMap, urn: string): Promise<ResourceState> {
    const name = urn.split("::").pop() ?? "";
    const requested = this.requested(inputs);
    await this.meet("create", [name, ...cloudNames(requested)]);
    return this.cloud.ledger.change((content, journal) => {
      this.cloud.authenticate(content, this.token);
      const context = this.cloud.context(content);
      const { id, properties } = this.made(requested, context);
      const entry = { type: this.token, id, account: context.account, name, properties, inputs };
      this.refuseCreation(content, entry, context);
      content.resources = content.resources.filter((other) => !this.isThis(other, id));
      content.resources.push(entry);
      journal({ operation: "create", type: this.token, name, id });
      return { id, properties };
    });
  }

  async read(state: ResourceState): Promise<ResourceState | undefined> {
    await this.meet("read", cloudNames(state.properties));
    const content = this.cloud.ledger.read();
    this.cloud.authenticate(content, this.token);
    const entry = this.find(content, state.id);
    if (!entry) return undefined;
    return { id: entry.id, properties: entry.properties, inputs: asRead(state.inputs ?? {}, entry.properties) };
  }

  async import(id: string): Promise<ReadState> {
    const content = this.cloud.ledger.read();
    this.cloud.authenticate(content, this.token);
    const entry = this.find(content, id);
    if (!entry) throw new Error(this.cloud.definition.refusals.gone(kindOf(this.token), id));
    const fields = Object.entries(this.schema.fields).filter(([, notation]) => field(notation).input);
    const all = Object.fromEntries(
      fields.flatMap(([name]) => {
        const value = entry.properties[name];
        return value === undefined ? [] : [[name, value]];
      }),
    );
    return { id: entry.id, properties: entry.properties, inputs: asRead(entry.inputs ?? all, entry.properties) };
  }

  async update(state: ResourceState, inputs: PropertyMap): Promise<PropertyMap> {
    const requested = this.requested(inputs);
    await this.meet("update", cloudNames(state.properties));
    return this.cloud.ledger.change((content, journal) => {
      this.cloud.authenticate(content, this.token);
      const entry = this.find(content, state.id);
      if (!entry) throw new Error(this.cloud.definition.refusals.gone(kindOf(this.token), state.id));
      const context = this.cloud.context(content);
      const asked = this.overlaid(entry.properties, requested);
      const refusal = this.model.refuseUpdate?.(entry.properties, asked, context);
      if (refusal) throw new Error(refusal);
      const properties = this.filled(asked, context, entry.id);
      this.refuseReferences(content, { ...entry, properties });
      Object.assign(entry, { properties, inputs });
      journal({ operation: "update", type: this.token, name: entry.name, id: entry.id });
      return properties;
    });
  }

  async delete(state: ResourceState): Promise<void> {
    await this.meet("delete", cloudNames(state.properties));
    await this.cloud.ledger.change((content, journal) => {
      this.cloud.authenticate(content, this.token);
      const entry = this.find(content, state.id);
      if (!entry || entry.properties.deletionPolicy === "ABANDON") return;
      this.refuseDeletion(content, entry, state);
      detach(content, this.cloud.definition.types, entry);
      const gone = [...dependentsOf(content, this.cloud.definition.types, entry), entry];
      content.resources = content.resources.filter((other) => !gone.includes(other));
      if (this.model.retiresId) content.retired.push({ type: entry.type, id: entry.id });
      for (const { type, name, id } of gone)
        journal({ operation: id === entry.id && type === entry.type ? "delete" : "lose", type, name, id });
    });
  }

  /** The inputs with the values of the provider's settings and defaults, as they are asked of the API. */
  private requested(inputs: PropertyMap): PropertyMap {
    const context = Object.entries(this.cloud.contextValues()).filter(([name]) => this.inputs.includes(name));
    const given = Object.fromEntries(Object.entries(inputs).filter(([name]) => !name.startsWith("__")));
    return withDefaultValues({ ...Object.fromEntries(context), ...given }, this.behaviour.defaults);
  }

  /** What the creation makes: the id, and the properties with everything computed. */
  private made(requested: PropertyMap, context: CloudContext): { id: string; properties: PropertyMap } {
    const { id: template } = this.model;
    const id = typeof template === "string" ? fromTemplate(template, requested) : template(requested, context);
    return { id, properties: this.filled(requested, context, id) };
  }

  private overlaid(old: PropertyMap, asked: PropertyMap): PropertyMap {
    return overlay(this.cloud.definition.schema, this.schema.fields, old, asked);
  }

  private filled(asked: PropertyMap, context: CloudContext, id: string): PropertyMap {
    const generation = this.generation(context, id);
    const labelled = withLabels(this.schema, asked);
    const computed = this.model.computed?.(labelled, context, id) ?? {};
    const known = { ...labelled, ...links(this.schema, id), ...computed };
    const seed = `${context.account} ${this.token} ${id} ${generation}`;
    return withComputed(this.cloud.definition.schema, this.schema.fields, known, { seed });
  }

  /** Which one of its id this is: a successor has other numbers than its predecessor. */
  private generation(context: CloudContext, id: string): number {
    const key = `${this.token} ${id}`;
    if (this.find(context.content, id)) return (context.content.counters[key] ?? 1) - 1;
    return context.count(key);
  }

  private find(content: LedgerContent, id: string): LedgerEntry | undefined {
    return content.resources.find((entry) => this.isThis(entry, id));
  }

  private isThis(entry: LedgerEntry, id: string): boolean {
    return entry.type === this.token && entry.id === id && entry.account === this.cloud.account;
  }

  private refuseCreation(content: LedgerContent, entry: LedgerEntry, context: CloudContext): void {
    const { refusals } = this.cloud.definition;
    const taken = this.find(content, entry.id) !== undefined && !this.model.sharesId;
    const retired = content.retired.some(({ type, id }) => type === entry.type && id === entry.id);
    if (taken || retired) throw new Error(refusals.taken(kindOf(this.token), entry.id));
    this.refuseReferences(content, entry);
    const refusal = this.model.refuseCreate?.(entry.properties, context);
    if (refusal) throw new Error(refusal);
  }

  private refuseReferences(content: LedgerContent, entry: LedgerEntry): void {
    const { refusals, types } = this.cloud.definition;
    const broken = brokenReference(content, types, entry);
    if (!broken) return;
    const kind = kindOf(broken.reference.to);
    if (broken.holder) throw new Error(refusals.held(kind, broken.value, nameOf(broken.holder)));
    throw new Error(refusals.missing(kind, broken.value));
  }

  private refuseDeletion(content: LedgerContent, entry: LedgerEntry, state: ResourceState): void {
    const { refusals, types } = this.cloud.definition;
    if (entry.properties.deletionPolicy === "PREVENT")
      throw new Error(`cannot destroy ${nameOf(entry)}: its deletionPolicy is PREVENT`);
    const refusal = this.model.refuseDelete?.(
      { ...entry, properties: { ...state.properties, ...entry.properties } },
      this.cloud.context(content),
    );
    if (refusal) throw new Error(refusal);
    const [user] = usersOf(content, types, entry);
    if (user) throw new Error(refusals.inUse(nameOf(entry), nameOf(user)));
  }

  private meet(operation: FaultOperation, names: readonly string[]): Promise<void> {
    return meetFaults(this.cloud.ledger, { type: this.token, names, operation });
  }

  private nameProperty(): string | undefined {
    if (this.model.autoName === false) return undefined;
    const property = this.model.autoName ?? "name";
    const notation = this.schema.fields[property];
    return notation !== undefined && field(notation).input && !field(notation).required ? property : undefined;
  }

  /** A replacement with the same name that the program itself chose cannot be made beside the old one. */
  private nameStays(state: ResourceState, inputs: PropertyMap): boolean {
    const property = this.nameProperty();
    if (property === undefined || isGenerated(inputs, property)) return false;
    return inputs[property] === UNKNOWN || inputs[property] === state.properties[property];
  }
}

function isGenerated(inputs: PropertyMap, property: string): boolean {
  return valuesAt(inputs, GENERATED).includes(property);
}

/** The resource's name in the program with seven characters that make it unique, as the official plugins do. */
function generatedName(name: string, randomSeed: Uint8Array): string {
  return `${name}-${createHash("sha256").update(name).update(randomSeed).digest("hex").slice(0, 7)}`;
}

function fromTemplate(template: string, properties: PropertyMap): string {
  return template.replace(/\{([A-Za-z]+)\}/g, (_, name: string) => {
    const value = properties[name];
    if (typeof value === "string" || typeof value === "number") return String(value);
    throw new Error(`"${name}" is not set, neither on the resource nor on its provider`);
  });
}

function cloudNames(properties: PropertyMap): string[] {
  const names = [properties.name, properties.accountId, properties.secretId, properties.username];
  return names.filter((name): name is string => typeof name === "string");
}

/** What Google's provider knows of labels before the cloud does. */
function withLabels(schema: ResourceSchema, properties: PropertyMap): PropertyMap {
  if (!schema.fields.effectiveLabels) return properties;
  const labels = properties.labels ?? properties.resourceLabels ?? {};
  if (containsUnknown(labels)) return { ...properties, effectiveLabels: UNKNOWN, pulumiLabels: UNKNOWN };
  const effectiveLabels = { ...(labels as PropertyMap), "goog-pulumi-provisioned": "true" };
  return { ...properties, effectiveLabels, pulumiLabels: effectiveLabels };
}

function links(schema: ResourceSchema, id: string): PropertyMap {
  if (!schema.fields.selfLink || !id.startsWith("projects/")) return {};
  return { selfLink: `https://www.googleapis.com/compute/v1/${id}` };
}
