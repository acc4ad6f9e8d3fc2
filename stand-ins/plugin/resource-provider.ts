import { isDeepStrictEqual } from "node:util";
import type * as grpc from "@grpc/grpc-js";
import * as plugin from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { NotImplementedError, servePlugin, unary } from "./plugin-server";
import { fromStruct, type PropertyMap, secret, toStruct, UNKNOWN } from "./property-values";

/** One input that a resource type refuses, with the reason that the user reads. */
export interface CheckFailure {
  /** The property's name in the SDK. */
  property: string;
  /** What was given, what is allowed. */
  reason: string;
}

/** What a change of inputs means for a resource that exists. */
export interface Difference {
  /** Properties that changed. */
  changed: string[];
  /** The changed properties that only a replacement can apply. */
  replaces: string[];
  /** Delete the old resource before its replacement is created. Default: false. */
  deleteBeforeReplace?: boolean;
}

/** The state of a resource as its provider knows it. */
export interface ResourceState {
  /** The provider's id. */
  id: string;
  /** All properties: inputs with their defaults, and outputs. */
  properties: PropertyMap;
  /** The inputs that led to the state, as far as the engine knows them: for `diff` and `read`. */
  inputs?: PropertyMap;
}

/** What a provider may use to add to the inputs of a resource. */
export interface CheckContext {
  /** The resource's name in the program. */
  name: string;
  /** The inputs of the last update; empty for a new resource and for a replacement. */
  oldInputs: PropertyMap;
  /** Chosen by the engine: the same for the preview of an update and the update itself. */
  randomSeed: Uint8Array;
}

/** What was read of a resource: its state and the inputs that lead to it. */
export interface ReadState extends ResourceState {
  inputs: PropertyMap;
}

/** One resource type of a provider, in plain values: secrets arrive opened and leave by `secretOutputs`. */
export interface ResourceType {
  /** The inputs that may be given; any other is refused by name. */
  inputs: readonly string[];
  /** The outputs that only the resource's creation makes known: unknown in the preview of a creation. */
  computedOutputs: readonly string[];
  /** The outputs that are secret whatever the program says. Default: none. */
  secretOutputs?: readonly string[];
  /** Values of inputs that are left out. Default: none. */
  withDefaults?(inputs: PropertyMap): PropertyMap;
  /** Adds what the provider itself chooses, such as a generated name, to the inputs. Default: nothing. */
  complete?(inputs: PropertyMap, context: CheckContext): PropertyMap;
  /**
   * The properties that a preview shows, with `UNKNOWN` for what only the update will know; `state` is what an update
   * starts from. Default: `computedOutputs` are unknown at the creation and stay at an update.
   */
  plan?(inputs: PropertyMap, state?: ResourceState): PropertyMap;
  /** Refuses bad inputs. Unknown values appear as `UNKNOWN`. */
  check?(inputs: PropertyMap): CheckFailure[];
  /** Compares the state with new inputs (both with defaults). Default: every changed input replaces the resource. */
  diff?(state: ResourceState, inputs: PropertyMap): Difference;
  /** Creates the resource. */
  create(inputs: PropertyMap, urn: string): Promise<ResourceState> | ResourceState;
  /** Reads the resource again; undefined when it is gone. Default: the state is all there is to know. */
  read?(state: ResourceState): Promise<ResourceState | undefined> | ResourceState | undefined;
  /** Builds the state of an existing resource from its id. Default: the type cannot be imported. */
  import?(id: string): Promise<ReadState> | ReadState;
  /** Applies changes that need no replacement. Default: the new inputs are recorded. */
  update?(state: ResourceState, inputs: PropertyMap): Promise<PropertyMap> | PropertyMap;
  /** Deletes the resource. Default: there is nothing to delete outside the state. */
  delete?(state: ResourceState): Promise<void> | void;
}

/** A function of a provider (an "invoke"). It throws an error whose message the user reads. */
export type ProviderFunction = (args: PropertyMap) => Promise<PropertyMap> | PropertyMap;

/** A whole provider: what `serveProvider` serves. */
export interface ProviderDefinition {
  /** The package's name, e.g. `random`. */
  name: string;
  /** The version of the SDK package whose types this provider serves. */
  version: string;
  /** By type token, e.g. `random:index/randomId:RandomId`. */
  resources: { readonly [token: string]: ResourceType };
  /** By function token. Default: none. */
  functions?: { readonly [token: string]: ProviderFunction };
  /** Refuses the provider's own settings. Default: all are accepted. */
  checkConfig?(settings: PropertyMap): CheckFailure[];
  /** Receives the provider's own settings before any other call. Default: they are not used. */
  configure?(settings: PropertyMap): void;
}

/** Serves the provider to the engine that started this process. */
export function serveProvider(definition: ProviderDefinition): Promise<void> {
  return servePlugin(ResourceProviderService, providerService(definition));
}

/** The provider's gRPC methods. Those left out answer "not implemented", which the engine copes with. */
export function providerService(definition: ProviderDefinition): grpc.UntypedServiceImplementation {
  const typeOf = (urn: string): ResourceType => resourceType(definition, urn);
  return {
    handshake: unary(() => new messages.ProviderHandshakeResponse()),
    attach: unary(() => new Empty()),
    cancel: unary(() => new Empty()),
    getPluginInfo: unary(() => new plugin.PluginInfo().setVersion(definition.version)),
    getSchema: unary(() => {
      throw new NotImplementedError(`the lab's ${definition.name} plugin serves no schema: use the official plugin`);
    }),
    checkConfig: unary((request: messages.CheckRequest) =>
      new messages.CheckResponse()
        .setInputs(request.getNews())
        .setFailuresList(failureMessages(definition.checkConfig?.(fromStruct(request.getNews())) ?? [])),
    ),
    diffConfig: unary((request: messages.DiffRequest) => diffConfig(request)),
    // Without "accept secrets" the engine opens secrets for the provider and marks the outputs of the same name again.
    configure: unary((request: messages.ConfigureRequest) => {
      definition.configure?.(fromStruct(request.getArgs()));
      return new messages.ConfigureResponse().setSupportspreview(true);
    }),
    invoke: unary((request: messages.InvokeRequest) => invoke(definition, request)),
    check: unary((request: messages.CheckRequest) => check(typeOf(request.getUrn()), request)),
    diff: unary((request: messages.DiffRequest) => diff(typeOf(request.getUrn()), request)),
    create: unary((request: messages.CreateRequest) => create(typeOf(request.getUrn()), request)),
    read: unary((request: messages.ReadRequest) => read(typeOf(request.getUrn()), request)),
    update: unary((request: messages.UpdateRequest) => update(typeOf(request.getUrn()), request)),
    delete: unary(async (request: messages.DeleteRequest) => {
      const state = { id: request.getId(), properties: fromStruct(request.getProperties()) };
      await typeOf(request.getUrn()).delete?.(state);
      return new Empty();
    }),
  };
}

function resourceType(definition: ProviderDefinition, urn: string): ResourceType {
  const token = urn.split("::")[2]?.split("$").pop() ?? "";
  const type = definition.resources[token];
  if (type) return type;
  const known = Object.keys(definition.resources).join(", ");
  throw new Error(`the lab's ${definition.name} plugin has no resource type "${token}"; it has ${known}`);
}

async function invoke(
  definition: ProviderDefinition,
  request: messages.InvokeRequest,
): Promise<messages.InvokeResponse> {
  const call = definition.functions?.[request.getTok()];
  if (!call) throw new Error(`the lab's ${definition.name} plugin has no function "${request.getTok()}"`);
  return new messages.InvokeResponse().setReturn(toStruct(await call(fromStruct(request.getArgs()))));
}

function failureMessages(failures: CheckFailure[]): messages.CheckFailure[] {
  return failures.map(({ property, reason }) => new messages.CheckFailure().setProperty(property).setReason(reason));
}

/** New settings of a provider never replace what it made: as with the official plugins. */
function diffConfig(request: messages.DiffRequest): messages.DiffResponse {
  const [old, given] = [fromStruct(request.getOldInputs()), fromStruct(request.getNews())];
  const names = [...new Set([...Object.keys(old), ...Object.keys(given)])];
  const changed = names.filter((name) => !isDeepStrictEqual(old[name], given[name]));
  const { DIFF_SOME, DIFF_NONE } = messages.DiffResponse.DiffChanges;
  return new messages.DiffResponse().setChanges(changed.length === 0 ? DIFF_NONE : DIFF_SOME).setDiffsList(changed);
}

function check(type: ResourceType, request: messages.CheckRequest): messages.CheckResponse {
  const given = fromStruct(request.getNews());
  const context = {
    name: request.getUrn().split("::").pop() ?? "",
    oldInputs: fromStruct(request.getOlds()),
    randomSeed: request.getRandomseed_asU8(),
  };
  const inputs = type.complete?.(given, context) ?? given;
  const response = new messages.CheckResponse().setInputs(toStruct(inputs));
  const unexpected = Object.keys(inputs).filter((name) => !type.inputs.includes(name) && !name.startsWith("__"));
  const failures = [
    ...unexpected.map((property) => ({
      property,
      reason: `is not an input here; the lab's plugin knows ${type.inputs.join(", ")}`,
    })),
    ...(type.check?.(withDefaults(type, inputs)) ?? []),
  ];
  return response.setFailuresList(failureMessages(failures));
}

function withDefaults(type: ResourceType, inputs: PropertyMap): PropertyMap {
  return { ...type.withDefaults?.(inputs), ...inputs };
}

function diff(type: ResourceType, request: messages.DiffRequest): messages.DiffResponse {
  const oldInputs = fromStruct(request.getOldInputs());
  const state = { id: request.getId(), properties: fromStruct(request.getOlds()), inputs: oldInputs };
  const inputs = withDefaults(type, fromStruct(request.getNews()));
  const { changed, replaces, deleteBeforeReplace } =
    type.diff?.(state, inputs) ?? replaceOnAnyChange(type, state, inputs);
  const { DIFF_SOME, DIFF_NONE } = messages.DiffResponse.DiffChanges;
  return new messages.DiffResponse()
    .setChanges(changed.length > 0 ? DIFF_SOME : DIFF_NONE)
    .setDiffsList(changed)
    .setReplacesList(replaces)
    .setDeletebeforereplace(deleteBeforeReplace ?? false);
}

/** The names of the inputs whose value differs from the state. */
export function changedInputs(type: Pick<ResourceType, "inputs">, state: ResourceState, inputs: PropertyMap): string[] {
  return type.inputs.filter((name) => !isDeepStrictEqual(state.properties[name], inputs[name]));
}

function replaceOnAnyChange(type: ResourceType, state: ResourceState, inputs: PropertyMap): Difference {
  const changed = changedInputs(type, state, inputs);
  return { changed, replaces: changed };
}

async function create(type: ResourceType, request: messages.CreateRequest): Promise<messages.CreateResponse> {
  const inputs = withDefaults(type, fromStruct(request.getProperties()));
  if (request.getPreview() && type.plan) {
    return new messages.CreateResponse().setProperties(outputs(type, type.plan(inputs)));
  }
  if (request.getPreview()) {
    const unknown = Object.fromEntries(type.computedOutputs.map((name) => [name, UNKNOWN]));
    return new messages.CreateResponse().setProperties(outputs(type, { ...inputs, ...unknown }));
  }
  const { id, properties } = await type.create(inputs, request.getUrn());
  return new messages.CreateResponse().setId(id).setProperties(outputs(type, properties));
}

function outputs(type: ResourceType, properties: PropertyMap): ReturnType<typeof toStruct> {
  const hidden = (name: string): boolean => type.secretOutputs?.includes(name) ?? false;
  const marked = Object.entries(properties).map(([name, value]) => [name, hidden(name) ? secret(value) : value]);
  return toStruct(Object.fromEntries(marked));
}

async function read(type: ResourceType, request: messages.ReadRequest): Promise<messages.ReadResponse> {
  const inputs = fromStruct(request.getInputs());
  const state = { id: request.getId(), properties: fromStruct(request.getProperties()), inputs };
  if (Object.keys(state.properties).length === 0) {
    if (!type.import) throw new Error("this resource type cannot be imported: it exists only in its stack's state");
    const imported = await type.import(state.id);
    return new messages.ReadResponse()
      .setId(imported.id)
      .setProperties(outputs(type, imported.properties))
      .setInputs(toStruct(imported.inputs));
  }
  const current = type.read ? await type.read(state) : state;
  if (!current) return new messages.ReadResponse();
  return new messages.ReadResponse()
    .setId(current.id)
    .setProperties(outputs(type, current.properties))
    .setInputs(toStruct(current.inputs ?? inputs));
}

async function update(type: ResourceType, request: messages.UpdateRequest): Promise<messages.UpdateResponse> {
  const state = { id: request.getId(), properties: fromStruct(request.getOlds()) };
  const inputs = withDefaults(type, fromStruct(request.getNews()));
  const kept = Object.entries(state.properties).filter(([name]) => !type.inputs.includes(name));
  const recorded = type.plan?.(inputs, state) ?? { ...Object.fromEntries(kept), ...inputs };
  const properties = type.update && !request.getPreview() ? await type.update(state, inputs) : recorded;
  return new messages.UpdateResponse().setProperties(outputs(type, properties));
}
