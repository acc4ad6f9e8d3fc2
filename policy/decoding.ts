/**
 * Reads the engine's requests as far as policies need them. The generated classes decode everything at once: the custom
 * resource definitions of Flux and Velero, and with each resource its provider, kubeconfig and all. Here properties stay
 * as they came until a policy looks at them.
 */
import * as sdk from "@pulumi/policy/deserialize";
import {
  AnalyzeRequest,
  AnalyzerResource,
  AnalyzerResourceOptions,
  AnalyzeStackRequest,
} from "@pulumi/pulumi/proto/analyzer_pb";
import { BinaryReader } from "google-protobuf";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Properties, ResourceFacts } from "./definition";
import { guarded } from "./unknowns";

// Left out of the SDK's typings (deserialize.js, the version is pinned).
const { deserializeProperties } = sdk as unknown as {
  deserializeProperties(properties: unknown, proxySecrets: boolean): Properties;
};

/**
 * Numbers of the fields, the same in a request and in a resource of a stack
 * (https://github.com/pulumi/pulumi/blob/master/proto/pulumi/analyzer.proto).
 */
const FIELDS = { type: 1, properties: 2, urn: 3, name: 4, options: 5 };

/** Number of the field with the resources of a stack. */
const RESOURCES_FIELD = 1;

/** Large objects that no policy looks at, not even on whole stacks. */
const LARGE = /:CustomResourceDefinition$/;

/** Whether policies are told of resources of a type at all. */
export function isTold(type: string): boolean {
  return !LARGE.test(type);
}

/** A request whose properties are decoded when they are looked at. */
export class EncodedRequest extends AnalyzeRequest {
  /** The properties as they came. */
  encoded: Uint8Array = new Uint8Array();
}

type ReadField = (reader: BinaryReader) => void;

function readFields(bytes: Uint8Array, fields: Readonly<Record<number, ReadField>>): void {
  const reader = new BinaryReader(bytes);
  while (reader.nextField()) {
    const read = fields[reader.getFieldNumber()];
    if (read) read(reader);
    else reader.skipField();
  }
}

/** Reads a request, all but its provider and what is in its properties. */
export function decodeRequest(bytes: Uint8Array): EncodedRequest {
  // What the SDK reads of the properties is empty: policies take the resource's facts.
  const request = new EncodedRequest();
  request.setProperties(new Struct());
  readFields(bytes, {
    [FIELDS.type]: (reader) => request.setType(reader.readString()),
    [FIELDS.urn]: (reader) => request.setUrn(reader.readString()),
    [FIELDS.name]: (reader) => request.setName(reader.readString()),
    [FIELDS.options]: (reader) => request.setOptions(AnalyzerResourceOptions.deserializeBinary(reader.readBytes())),
    [FIELDS.properties]: (reader) => {
      request.encoded = reader.readBytes();
    },
  });
  return request;
}

/** What policies may know of the resource in a request. Its properties are decoded once, when a policy looks at them. */
export function factsOf(request: EncodedRequest): ResourceFacts {
  let props: Properties | undefined;
  return {
    type: request.getType(),
    name: request.getName(),
    urn: request.getUrn(),
    get props() {
      props ??= guarded(deserializeProperties(Struct.deserializeBinary(request.encoded), false));
      return props;
    },
    protect: request.getOptions()?.getProtect() ?? false,
    parent: request.getOptions()?.getParent() ?? "",
  };
}

/**
 * Reads the resources of a stack.
 * @param isKnown whether the engine has told of a URN before: of such a resource, the URN is enough
 */
export function decodeStack(bytes: Uint8Array, isKnown: (urn: string) => boolean): AnalyzeStackRequest {
  const request = new AnalyzeStackRequest();
  readFields(bytes, {
    [RESOURCES_FIELD]: (reader) => {
      const resource = decodeResource(reader.readBytes(), isKnown);
      if (isTold(resource.getType())) request.addResources(resource);
    },
  });
  return request;
}

function decodeResource(bytes: Uint8Array, isKnown: (urn: string) => boolean): AnalyzerResource {
  const resource = new AnalyzerResource().setProperties(new Struct()).setOptions(new AnalyzerResourceOptions());
  readFields(bytes, {
    [FIELDS.type]: (reader) => resource.setType(reader.readString()),
    [FIELDS.urn]: (reader) => resource.setUrn(reader.readString()),
    [FIELDS.name]: (reader) => resource.setName(reader.readString()),
  });
  const enough = isKnown(resource.getUrn()) || !isTold(resource.getType());
  return enough ? resource : AnalyzerResource.deserializeBinary(bytes);
}
