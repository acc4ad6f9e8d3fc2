/**
 * Between the engine and the SDK. The SDK decodes a resource anew for every policy it has, whatever the resource's type;
 * with some fifty policies and the custom resource definitions of Flux and Velero that took seconds. Here each call
 * reaches only the policies that look at the type, and what none looks at is not decoded. What the engine asks about is
 * also remembered, since at the end of a run it shows policies the outputs alone.
 */
import { createRequire } from "node:module";
import type { Policies } from "@pulumi/policy";
import * as decoding from "@pulumi/policy/deserialize";
import * as sdk from "@pulumi/policy/server";
import {
  AnalyzeRequest,
  AnalyzerResource,
  AnalyzeStackRequest,
  RemediateResponse,
} from "@pulumi/pulumi/proto/analyzer_pb";
import { BinaryReader } from "google-protobuf";
import type { PolicyDefinition, Properties, ResourceFacts } from "./definition";
import { appliesTo } from "./evaluate";
import { guarded } from "./unknowns";

type Callback = (error: Error | undefined, response: unknown) => void;
type Handler = (call: { request: AnalyzeRequest }, callback: Callback) => unknown;

interface Method {
  requestDeserialize: (bytes: Uint8Array) => unknown;
}

type Service = Record<string, Method>;

interface ServerPrototype {
  addService(service: Service, implementation: Record<string, Handler>): unknown;
}

// Left out of the SDK's typings (server.js and deserialize.js, the version is pinned).
const { makeAnalyzeRpcFun } = sdk as unknown as {
  makeAnalyzeRpcFun(pack: string, version: string, level: string, policies: Policies): Handler;
};
const { deserializeProperties } = decoding as unknown as {
  deserializeProperties(properties: unknown, proxySecrets: boolean): Properties;
};

/** Number of the field that holds the type, in requests and in a stack's resources, and of a stack's resources. */
const TYPE_FIELD = 1;
const RESOURCES_FIELD = 1;

/** Large objects that no policy looks at, not even on whole stacks. */
const LARGE = /:CustomResourceDefinition$/;

/** A pack as the SDK serves it. */
export interface ServedPack {
  name: string;
  version: string;
  /** In the order of `served`. */
  definitions: readonly PolicyDefinition[];
  served: Policies;
  /** Told of every resource before the policies are. */
  remember(resource: ResourceFacts): void;
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
  const grpc = createRequire(require.resolve("@pulumi/policy"))("@grpc/grpc-js");
  const prototype: ServerPrototype = grpc.Server.prototype;
  const original = prototype.addService;
  let narrowed = false;
  prototype.addService = function (service, implementation) {
    narrowed = ["analyze", "analyzeStack", "remediate"].every((method) => service[method] && implementation[method]);
    return original.call(this, narrowService(service), narrowImplementation(implementation, pack));
  };
  try {
    start();
  } finally {
    prototype.addService = original;
  }
  if (!narrowed)
    throw new UnknownServerError("This version of @pulumi/policy is not the one that policy/narrowing.ts is for.");
}

/** The type in an encoded request or resource. */
export function typeOf(bytes: Uint8Array): string {
  const reader = new BinaryReader(bytes);
  while (reader.nextField()) {
    if (reader.getFieldNumber() === TYPE_FIELD) return reader.readString();
    reader.skipField();
  }
  return "";
}

function narrowService(service: Service): Service {
  const decodeWith = (method: string, requestDeserialize: Method["requestDeserialize"]) => ({
    [method]: { ...(service[method] as Method), requestDeserialize },
  });
  return {
    ...service,
    ...decodeWith("analyze", (bytes) => {
      const type = typeOf(bytes);
      return LARGE.test(type) ? new AnalyzeRequest().setType(type) : AnalyzeRequest.deserializeBinary(bytes);
    }),
    ...decodeWith("remediate", () => new AnalyzeRequest()),
    ...decodeWith("analyzeStack", decodeStack),
  };
}

function decodeStack(bytes: Uint8Array): AnalyzeStackRequest {
  const request = new AnalyzeStackRequest();
  const reader = new BinaryReader(bytes);
  while (reader.nextField()) {
    if (reader.getFieldNumber() !== RESOURCES_FIELD) {
      reader.skipField();
      continue;
    }
    const resource = reader.readBytes();
    if (!LARGE.test(typeOf(resource))) request.addResources(AnalyzerResource.deserializeBinary(resource));
  }
  return request;
}

function narrowImplementation(implementation: Record<string, Handler>, pack: ServedPack): Record<string, Handler> {
  const handlers = new Map<string, Handler>();
  return {
    ...implementation,
    analyze(call, callback) {
      const type = call.request.getType();
      if (!LARGE.test(type)) pack.remember(factsOf(call.request));
      const handler = handlers.get(type) ?? handlerFor(type, pack);
      handlers.set(type, handler);
      return handler(call, callback);
    },
    // No policy of ours mends anything.
    remediate(_call, callback) {
      callback(undefined, new RemediateResponse());
    },
  };
}

function factsOf(request: AnalyzeRequest): ResourceFacts {
  return {
    type: request.getType(),
    name: request.getName(),
    urn: request.getUrn(),
    props: guarded(deserializeProperties(request.getProperties(), false)),
    protect: request.getOptions()?.getProtect() ?? false,
    parent: request.getOptions()?.getParent() ?? "",
  };
}

function handlerFor(type: string, { name, version, definitions, served }: ServedPack): Handler {
  const looking = served.filter((_, index) => {
    const definition = definitions[index];
    return definition !== undefined && appliesTo(definition, type);
  });
  return makeAnalyzeRpcFun(name, version, "mandatory", looking);
}
