/**
 * Keeps the pack fast. The SDK decodes a resource anew for every policy it has, whatever the resource's type; with some
 * fifty policies and the custom resource definitions of Flux and Velero that took seconds. Here each call reaches only
 * the policies that look at the type. Should a later SDK work in another way, the pack is slow again and nothing else.
 */
import { createRequire } from "node:module";
import type { Policies } from "@pulumi/policy";
import * as sdk from "@pulumi/policy/server";
import type { PolicyDefinition } from "./definition";
import { appliesTo } from "./evaluate";

type Handler = (call: AnalyzerCall, callback: unknown) => unknown;

interface AnalyzerCall {
  request: {
    getType(): string;
    getResourcesList(): { getType(): string }[];
    setResourcesList(resources: { getType(): string }[]): void;
  };
}

interface Implementation {
  analyze?: Handler;
  analyzeStack?: Handler;
  remediate?: Handler;
}

interface ServerPrototype {
  addService(service: unknown, implementation: Implementation): unknown;
}

// Left out of the SDK's typings (server.js, the version is pinned).
const { makeAnalyzeRpcFun } = sdk as unknown as {
  makeAnalyzeRpcFun(pack: string, version: string, level: string, policies: Policies): Handler;
};

/** Types that no stack policy looks at and that are large. */
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
    return original.call(this, service, narrowed(implementation, pack));
  };
  try {
    start();
  } finally {
    prototype.addService = original;
  }
}

function narrowed(implementation: Implementation, pack: ServedPack): Implementation {
  const { analyze, analyzeStack } = implementation;
  if (!analyze || !analyzeStack) return implementation;
  const handlers = new Map<string, Handler>();
  return {
    ...implementation,
    analyze(call, callback) {
      const type = call.request.getType();
      const handler = handlers.get(type) ?? handlerFor(type, pack);
      handlers.set(type, handler);
      return handler(call, callback);
    },
    analyzeStack(call, callback) {
      call.request.setResourcesList(call.request.getResourcesList().filter((one) => !LARGE.test(one.getType())));
      return analyzeStack(call, callback);
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
