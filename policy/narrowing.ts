/**
 * Between the engine and the SDK. The SDK decodes a resource anew for every policy it has, whatever the resource's type,
 * and a whole stack for every policy on stacks; with some fifty policies that took seconds. Here each call reaches only
 * the policies that look at the type, and what the engine asks about is remembered: policies take it from there, decoded
 * once. At the end of a run the engine shows policies the outputs alone; the inputs, which a preview knows, are there too.
 */
import { Server } from "@grpc/grpc-js";
import type { Policies } from "@pulumi/policy";
import * as sdk from "@pulumi/policy/server";
import { AnalyzeRequest, AnalyzeResponse, RemediateResponse } from "@pulumi/pulumi/proto/analyzer_pb";
import { decodeRequest, decodeStack, type EncodedRequest, factsOf, isTold } from "./decoding";
import type { PolicyDefinition, ResourceFacts } from "./definition";
import { appliesTo } from "./evaluate";

type Callback = (error: Error | undefined, response: unknown) => void;
type Handler = (call: { request: EncodedRequest }, callback: Callback) => unknown;

interface Method {
  requestDeserialize: (bytes: Uint8Array) => unknown;
}

type Service = Record<string, Method>;

interface ServerPrototype {
  addService(service: Service, implementation: Record<string, Handler>): unknown;
}

// Left out of the SDK's typings (server.js, the version is pinned).
const { makeAnalyzeRpcFun } = sdk as unknown as {
  makeAnalyzeRpcFun(pack: string, version: string, level: string, policies: Policies): Handler;
};

/** A pack as the SDK serves it. */
export interface ServedPack {
  name: string;
  version: string;
  /** In the order of `served`. */
  definitions: readonly PolicyDefinition[];
  served: Policies;
  /** Told of every resource before the policies are. */
  remember(resource: ResourceFacts): void;
  /** Whether the pack was told of a resource. */
  knows(urn: string): boolean;
}

/** The SDK serves a pack in another way than the one that this file was written for. */
export class UnknownServerError extends Error {
  readonly code = "UNKNOWN_POLICY_SERVER";
}

/**
 * Starts a pack so that each call reaches only the policies that look at its type.
 * @param start constructs the pack
 * @throws UnknownServerError when the SDK has changed
 */
export function serveNarrowed(pack: ServedPack, start: () => void): void {
  // The SDK's own class: a package of another version would be another one, and nothing would be narrowed.
  const prototype = Server.prototype as unknown as ServerPrototype;
  const original = prototype.addService;
  let narrowed = false;
  prototype.addService = function (service, implementation) {
    narrowed = ["analyze", "analyzeStack", "remediate"].every((method) => service[method] && implementation[method]);
    return original.call(this, narrowService(service, pack), narrowImplementation(implementation, pack));
  };
  try {
    start();
  } finally {
    prototype.addService = original;
  }
  if (!narrowed)
    throw new UnknownServerError("This version of @pulumi/policy is not the one that policy/narrowing.ts is for.");
}

function narrowService(service: Service, pack: ServedPack): Service {
  const decodeWith = (method: string, requestDeserialize: Method["requestDeserialize"]) => ({
    [method]: { ...(service[method] as Method), requestDeserialize },
  });
  return {
    ...service,
    ...decodeWith("analyze", decodeRequest),
    ...decodeWith("remediate", () => new AnalyzeRequest()),
    ...decodeWith("analyzeStack", (bytes) => decodeStack(bytes, pack.knows)),
  };
}

function narrowImplementation(implementation: Record<string, Handler>, pack: ServedPack): Record<string, Handler> {
  const handlers = new Map<string, Handler>();
  return {
    ...implementation,
    analyze(call, callback) {
      const type = call.request.getType();
      if (isTold(type)) pack.remember(factsOf(call.request));
      const handler = handlers.get(type) ?? handlerFor(type, pack);
      handlers.set(type, handler);
      return handler(call, callback);
    },
    // No policy of ours fixes anything.
    remediate(_call, callback) {
      callback(undefined, new RemediateResponse());
    },
  };
}

function handlerFor(type: string, { name, version, definitions, served }: ServedPack): Handler {
  const looking = served.filter((_, index) => {
    const definition = definitions[index];
    return definition !== undefined && appliesTo(definition, type);
  });
  if (looking.length === 0) return (_call, callback) => callback(undefined, new AnalyzeResponse());
  return makeAnalyzeRpcFun(name, version, "mandatory", looking);
}
