/**
 * Keeps the pack fast. The SDK decodes a resource anew for every policy it has, whatever the resource's type; with some
 * fifty policies and the custom resource definitions of Flux and Velero that took seconds. Here each call reaches only
 * the policies that look at the type, and what none looks at is not decoded. Should a later SDK work in another way,
 * the pack is slow again and nothing else.
 */
import { createRequire } from "node:module";
import type { Policies } from "@pulumi/policy";
import * as sdk from "@pulumi/policy/server";
import {
  AnalyzeRequest,
  AnalyzerResource,
  AnalyzeStackRequest,
  RemediateResponse,
} from "@pulumi/pulumi/proto/analyzer_pb";
import { BinaryReader } from "google-protobuf";
import type { PolicyDefinition } from "./definition";
import { appliesTo } from "./evaluate";

type Callback = (error: Error | undefined, response: unknown) => void;
type Handler = (call: { request: { getType(): string } }, callback: Callback) => unknown;

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

/** Number of the field that holds the type, in requests and in a stack's resources, and of a stack's resources. */
const TYPE_FIELD = 1;
const RESOURCES_FIELD = 1;

/** Large objects that no policy looks at, on whole stacks either. */
const LARGE = /:CustomResourceDefinition$/;

/** A pack as the SDK serves it. */
export interface ServedPack {
  name: string;
  version: string;
  /** In the order of `served`. */
  definitions: readonly PolicyDefinition[];
  served: Policies;
}

/** Starts a pack so that each call reaches only the policies that look at its type. @param start constructs the pack. */
export function serveNarrowed(pack: ServedPack, start: () => void): void {
  const grpc = createRequire(require.resolve("@pulumi/policy"))("@grpc/grpc-js");
  const prototype: ServerPrototype = grpc.Server.prototype;
  const original = prototype.addService;
  prototype.addService = function (service, implementation) {
    const known = service.analyze && service.analyzeStack && service.remediate;
    return known
      ? original.call(this, narrowService(service, pack), narrowImplementation(implementation, pack))
      : original.call(this, service, implementation);
  };
  try {
    start();
  } finally {
    prototype.addService = original;
  }
}

function lookedAt(type: string, { definitions }: ServedPack): boolean {
  return definitions.some((definition) => appliesTo(definition, type));
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

function narrowService(service: Service, pack: ServedPack): Service {
  const decodeWith = (method: string, requestDeserialize: Method["requestDeserialize"]) => ({
    [method]: { ...(service[method] as Method), requestDeserialize },
  });
  return {
    ...service,
    ...decodeWith("analyze", (bytes) => {
      const type = typeOf(bytes);
      return lookedAt(type, pack) ? AnalyzeRequest.deserializeBinary(bytes) : new AnalyzeRequest().setType(type);
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

function handlerFor(type: string, { name, version, definitions, served }: ServedPack): Handler {
  const looking = served.filter((_, index) => {
    const definition = definitions[index];
    return definition !== undefined && appliesTo(definition, type);
  });
  return makeAnalyzeRpcFun(name, version, "mandatory", looking);
}
