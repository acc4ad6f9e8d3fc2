/** Serves {@link AttachedPlugins}: says on its first line where, and ends with the process that started it. */
import "../../../stand-ins/language-host/late-modules";
import "../../../stand-ins/language-host/light-promises";
import "../../../stand-ins/language-host/linear-structs";
import type * as grpc from "@grpc/grpc-js";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { gcpProvider } from "../../../stand-ins/gcp/provider";
import { languageService } from "../../../stand-ins/language-host/plugin";
import { listen, stopWithParent } from "../../../stand-ins/plugin/plugin-server";
import { type ProviderDefinition, providerService } from "../../../stand-ins/plugin/resource-provider";
import { rancher2Provider } from "../../../stand-ins/rancher2/provider";
import { randomProvider } from "../../../stand-ins/random/plugin";
import { tlsProvider } from "../../../stand-ins/tls/plugin";
import type { ServedPorts, ServedProvider } from "./attached-plugins";
import { runAttachedProgram } from "./attached-program";
import { serveKeys } from "./key-stand-in";
import { kubernetesStandIn } from "./kubernetes-stand-in";

const PROVIDERS: Readonly<Record<ServedProvider, () => ProviderDefinition>> = {
  random: () => randomProvider,
  tls: () => tlsProvider,
  gcp: gcpProvider,
  rancher2: rancher2Provider,
  kubernetes: () => kubernetesStandIn,
};

/** An engine has a connection for each provider in its program, with settings of its own: each is served apart. */
function servedApart(define: () => ProviderDefinition): grpc.UntypedServiceImplementation {
  const byConnection = new Map<string, grpc.UntypedServiceImplementation>();
  const serviceOf = (connection: string) => {
    const service = byConnection.get(connection) ?? providerService(define());
    byConnection.set(connection, service);
    return service;
  };
  const forward = (method: string) => (call: grpc.ServerUnaryCall<unknown, unknown>, done: unknown) =>
    (serviceOf(call.getPeer())[method] as (call: unknown, done: unknown) => void)(call, done);
  return Object.fromEntries(Object.keys(providerService(define())).map((method) => [method, forward(method)]));
}

async function main(): Promise<void> {
  stopWithParent();
  const language = await listen(LanguageRuntimeService, languageService("", runAttachedProgram));
  const ports = await Promise.all(
    Object.entries(PROVIDERS).map(async ([name, define]) => {
      const { port } = await listen(ResourceProviderService, servedApart(define));
      return [name, port];
    }),
  );
  const keys = await serveKeys();
  const served: ServedPorts = { language: language.port, providers: Object.fromEntries(ports), keys };
  process.stdout.write(`${JSON.stringify(served)}\n`);
}

void main();
