import * as grpc from "@grpc/grpc-js";
import { ResourceProviderClient, ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { listen } from "../../../stand-ins/plugin/plugin-server";
import { fromStruct, type PropertyMap, toStruct } from "../../../stand-ins/plugin/property-values";
import { type ProviderDefinition, providerService } from "../../../stand-ins/plugin/resource-provider";

/** A provider's answer to `check`. */
export interface Checked {
  inputs: PropertyMap;
  failures: { property: string; reason: string }[];
}

/** Speaks to a provider as the engine does: over gRPC, in the protocol's own messages. */
export class ProviderClient {
  private constructor(
    private readonly server: grpc.Server,
    private readonly client: ResourceProviderClient,
  ) {}

  static async connect(definition: ProviderDefinition): Promise<ProviderClient> {
    const { port, server } = await listen(ResourceProviderService, providerService(definition));
    return new ProviderClient(
      server,
      new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure()),
    );
  }

  close(): void {
    this.client.close();
    this.server.forceShutdown();
  }

  async check(token: string, news: PropertyMap): Promise<Checked> {
    const request = new messages.CheckRequest().setUrn(urn(token)).setNews(toStruct(news));
    const response = await this.call<messages.CheckResponse>((done) => this.client.check(request, done));
    const failures = response
      .getFailuresList()
      .map((item) => ({ property: item.getProperty(), reason: item.getReason() }));
    return { inputs: fromStruct(response.getInputs()), failures };
  }

  /** Creates a resource; the properties are as on the wire, with their marks. */
  async create(
    token: string,
    inputs: PropertyMap,
    preview = false,
  ): Promise<{ id: string; wire: PropertyMap; properties: PropertyMap }> {
    const request = new messages.CreateRequest().setUrn(urn(token)).setProperties(toStruct(inputs)).setPreview(preview);
    const response = await this.call<messages.CreateResponse>((done) => this.client.create(request, done));
    const wire = response.getProperties()?.toJavaScript() as PropertyMap;
    return { id: response.getId(), wire, properties: fromStruct(response.getProperties()) };
  }

  async diff(token: string, olds: PropertyMap, news: PropertyMap): Promise<{ changed: string[]; replaces: string[] }> {
    const request = new messages.DiffRequest()
      .setId("id")
      .setUrn(urn(token))
      .setOlds(toStruct(olds))
      .setNews(toStruct(news));
    const response = await this.call<messages.DiffResponse>((done) => this.client.diff(request, done));
    const some = response.getChanges() === messages.DiffResponse.DiffChanges.DIFF_SOME;
    return { changed: some ? response.getDiffsList() : [], replaces: response.getReplacesList() };
  }

  async read(
    token: string,
    id: string,
    properties: PropertyMap = {},
  ): Promise<{ id: string; wire: PropertyMap; properties: PropertyMap; inputs: PropertyMap }> {
    const request = new messages.ReadRequest()
      .setId(id)
      .setUrn(urn(token))
      .setProperties(toStruct(properties))
      .setInputs(toStruct({}));
    const response = await this.call<messages.ReadResponse>((done) => this.client.read(request, done));
    const wire = response.getProperties()?.toJavaScript() as PropertyMap;
    return {
      id: response.getId(),
      wire,
      properties: fromStruct(response.getProperties()),
      inputs: fromStruct(response.getInputs()),
    };
  }

  async update(token: string, olds: PropertyMap, news: PropertyMap): Promise<PropertyMap> {
    const request = new messages.UpdateRequest()
      .setId("id")
      .setUrn(urn(token))
      .setOlds(toStruct(olds))
      .setNews(toStruct(news));
    const response = await this.call<messages.UpdateResponse>((done) => this.client.update(request, done));
    return fromStruct(response.getProperties());
  }

  async invoke(token: string, args: PropertyMap): Promise<PropertyMap> {
    const request = new messages.InvokeRequest().setTok(token).setArgs(toStruct(args));
    const response = await this.call<messages.InvokeResponse>((done) => this.client.invoke(request, done));
    return fromStruct(response.getReturn());
  }

  private call<Response>(
    start: (done: (error: grpc.ServiceError | null, response: Response) => void) => void,
  ): Promise<Response> {
    return new Promise((resolve, reject) => start((error, response) => (error ? reject(error) : resolve(response))));
  }
}

function urn(token: string): string {
  return `urn:pulumi:test::project::${token}::resource`;
}
