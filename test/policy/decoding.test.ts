import assert from "node:assert/strict";
import {
  AnalyzeRequest,
  AnalyzerProviderResource,
  AnalyzerResource,
  AnalyzerResourceOptions,
  AnalyzeStackRequest,
} from "@pulumi/pulumi/proto/analyzer_pb";
import * as rpc from "@pulumi/pulumi/runtime/rpc";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import { decodeRequest, decodeStack, factsOf } from "../../policy/decoding";
import { signatures } from "../../policy/sdk-parts";
import { UNKNOWN_TEXT } from "../../policy/unknowns";

const SERVICE = "kubernetes:core/v1:Service";
const DEFINITION = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition";
const struct = (props: Record<string, JavaScriptValue>) => Struct.fromJavaScript(props);
const options = new AnalyzerResourceOptions().setProtect(true).setParent("urn-of-parent");

function request(props: Record<string, JavaScriptValue>, type = SERVICE): Uint8Array {
  const provider = new AnalyzerProviderResource().setProperties(struct({ kubeconfig: "long" }));
  return new AnalyzeRequest()
    .setType(type)
    .setName("one")
    .setUrn("urn-of-one")
    .setOptions(options)
    .setProvider(provider)
    .setProperties(struct(props))
    .serializeBinary();
}

describe("the engine's requests, as policies see them", () => {
  it("say of a resource what it is and what is in it", () => {
    const facts = factsOf(decodeRequest(request({ spec: { type: "ClusterIP", ports: [{ port: 80 }] } })));
    const { type, name, urn, protect, parent } = facts;
    assert.deepEqual(
      { type, name, urn, protect, parent },
      {
        type: SERVICE,
        name: "one",
        urn: "urn-of-one",
        protect: true,
        parent: "urn-of-parent",
      },
    );
    assert.deepEqual(structuredClone({ ...facts.props.spec.ports[0] }), { port: 80 });
    assert.equal(facts.props, facts.props, "decoded more than once");
  });

  it("show secrets in clear, and throw where a value is not known", () => {
    const secret = { [signatures.specialSigKey]: signatures.specialSecretSig, value: "hunter2" };
    const { props } = factsOf(decodeRequest(request({ secret, unknown: UNKNOWN_TEXT })));
    assert.equal(props.secret, "hunter2");
    assert.throws(() => props.unknown, /can't be known/);
  });

  it("know the signatures that the SDK for programs has", () => {
    const { specialSigKey, specialAssetSig, specialArchiveSig, specialSecretSig } = rpc;
    assert.deepEqual(signatures, { specialSigKey, specialAssetSig, specialArchiveSig, specialSecretSig });
  });

  it("of a whole stack are read only where the engine has not told before, and without definitions", () => {
    const resource = (type: string, urn: string) =>
      new AnalyzerResource()
        .setType(type)
        .setUrn(urn)
        .setName(urn)
        .setOptions(options)
        .setProperties(struct({ a: 1 }));
    const given = [resource(SERVICE, "told"), resource(SERVICE, "new"), resource(DEFINITION, "definition")];
    const bytes = new AnalyzeStackRequest().setResourcesList(given).serializeBinary();
    const seen = decodeStack(bytes, (urn) => urn === "told").getResourcesList();
    assert.deepEqual(
      seen.map((one) => [one.getUrn(), one.getProperties()?.toJavaScript()]),
      [
        ["told", {}],
        ["new", { a: 1 }],
      ],
    );
  });
});
