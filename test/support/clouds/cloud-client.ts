import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { ResourceProviderClient, ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import type { Fault } from "../../../stand-ins/cloud/faults";
import { Ledger } from "../../../stand-ins/cloud/ledger";
import { listen } from "../../../stand-ins/plugin/plugin-server";
import { fromStruct, type PropertyMap, toStruct } from "../../../stand-ins/plugin/property-values";
import { type ProviderDefinition, providerService } from "../../../stand-ins/plugin/resource-provider";

/** A resource as the engine remembers it between calls. */
export interface Remembered {
  token: string;
  id: string;
  inputs: PropertyMap;
  properties: PropertyMap;
  /** As on the wire, with the marks of secrets. */
  wire: PropertyMap;
}

/** What a provider says of a change. */
export interface Answered {
  changed: string[];
  replaces: string[];
  deleteBeforeReplace: boolean;
}

/** An empty ledger for one test, found by the environment variable as plugins find it. */
export class TestLedger extends Ledger {
  constructor() {
    super(mkdtempSync(join(tmpdir(), "ledger-")));
    process.env.ONPREM_CLOUD_LEDGER = this.folder;
  }

  /** What exists, as `type name` without the package. */
  names(): string[] {
    return this.read().resources.map(({ type, name }) => `${type.split(":").pop()} ${name}`);
  }

  /** Orders faults. */
  order(...faults: Fault[]): void {
    writeFileSync(this.file("faults.json"), JSON.stringify(faults));
  }

  remove(): void {
    delete process.env.ONPREM_CLOUD_LEDGER;
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Drives a stand-in through the engine's protocol: check, then create, and so on. */
export class CloudClient {
  private constructor(
    private readonly server: grpc.Server,
    private readonly client: ResourceProviderClient,
  ) {}

  static async connect(definition: ProviderDefinition, settings: PropertyMap): Promise<CloudClient> {
    const { port, server } = await listen(ResourceProviderService, providerService(definition));
    const client = new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
    const connected = new CloudClient(server, client);
    await connected.call((done) => client.configure(new messages.ConfigureRequest().setArgs(toStruct(settings)), done));
    return connected;
  }

  close(): void {
    this.client.close();
    this.server.forceShutdown();
  }

  /** The reasons for which the provider's own settings are refused. */
  async refusedSettings(settings: PropertyMap): Promise<string[]> {
    const request = new messages.CheckRequest().setUrn(urn("pulumi:providers:x", "p")).setNews(toStruct(settings));
    return reasons(await this.call<messages.CheckResponse>((done) => this.client.checkConfig(request, done)));
  }

  async check(token: string, name: string, news: PropertyMap, olds: PropertyMap = {}) {
    const request = new messages.CheckRequest()
      .setUrn(urn(token, name))
      .setNews(toStruct(news))
      .setOlds(toStruct(olds))
      .setRandomseed(Buffer.from(name));
    const response = await this.call<messages.CheckResponse>((done) => this.client.check(request, done));
    return { inputs: fromStruct(response.getInputs()), failures: reasons(response) };
  }

  /** @throws Error with the refusal of the check or of the cloud */
  async create(token: string, name: string, news: PropertyMap, preview = false): Promise<Remembered> {
    const { inputs, failures } = await this.check(token, name, news);
    if (failures.length > 0) throw new Error(failures.join("; "));
    const request = new messages.CreateRequest()
      .setUrn(urn(token, name))
      .setProperties(toStruct(inputs))
      .setPreview(preview);
    const response = await this.call<messages.CreateResponse>((done) => this.client.create(request, done));
    const wire = response.getProperties()?.toJavaScript() as PropertyMap;
    return { token, id: response.getId(), inputs, wire, properties: fromStruct(response.getProperties()) };
  }

  async diff(old: Remembered, news: PropertyMap): Promise<Answered> {
    const { inputs } = await this.check(old.token, "resource", news, old.inputs);
    const request = new messages.DiffRequest()
      .setId(old.id)
      .setUrn(urn(old.token, "resource"))
      .setOlds(toStruct(old.properties))
      .setOldInputs(toStruct(old.inputs))
      .setNews(toStruct(inputs));
    const response = await this.call<messages.DiffResponse>((done) => this.client.diff(request, done));
    return {
      changed: response.getDiffsList(),
      replaces: response.getReplacesList(),
      deleteBeforeReplace: response.getDeletebeforereplace(),
    };
  }

  async update(old: Remembered, news: PropertyMap, preview = false): Promise<Remembered> {
    const { inputs, failures } = await this.check(old.token, "resource", news, old.inputs);
    if (failures.length > 0) throw new Error(failures.join("; "));
    const request = new messages.UpdateRequest()
      .setId(old.id)
      .setUrn(urn(old.token, "resource"))
      .setOlds(toStruct(old.properties))
      .setOldInputs(toStruct(old.inputs))
      .setNews(toStruct(inputs))
      .setPreview(preview);
    const response = await this.call<messages.UpdateResponse>((done) => this.client.update(request, done));
    const wire = response.getProperties()?.toJavaScript() as PropertyMap;
    return { ...old, inputs, wire, properties: fromStruct(response.getProperties()) };
  }

  /** Reads it again; undefined when it is gone. */
  async read(old: Remembered): Promise<Remembered | undefined> {
    const request = new messages.ReadRequest()
      .setId(old.id)
      .setUrn(urn(old.token, "resource"))
      .setProperties(toStruct(old.properties))
      .setInputs(toStruct(old.inputs));
    const response = await this.call<messages.ReadResponse>((done) => this.client.read(request, done));
    if (response.getId() === "") return undefined;
    const properties = fromStruct(response.getProperties());
    return { ...old, id: response.getId(), properties, inputs: fromStruct(response.getInputs()) };
  }

  /** Imports it by its id. */
  async import(token: string, id: string): Promise<Remembered | undefined> {
    return this.read({ token, id, inputs: {}, properties: {}, wire: {} });
  }

  async delete(old: Remembered): Promise<void> {
    const request = new messages.DeleteRequest()
      .setId(old.id)
      .setUrn(urn(old.token, "resource"))
      .setProperties(toStruct(old.properties));
    await this.call((done) => this.client.delete(request, done));
  }

  async invoke(token: string, args: PropertyMap): Promise<PropertyMap> {
    const request = new messages.InvokeRequest().setTok(token).setArgs(toStruct(args));
    const response = await this.call<messages.InvokeResponse>((done) => this.client.invoke(request, done));
    return fromStruct(response.getReturn());
  }

  private call<Response>(
    start: (done: (error: grpc.ServiceError | null, response: Response) => void) => void,
  ): Promise<Response> {
    return new Promise((resolve, reject) =>
      start((error, response) => (error ? reject(new Error(error.details)) : resolve(response))),
    );
  }
}

function reasons(response: messages.CheckResponse): string[] {
  return response.getFailuresList().map((item) => `${item.getProperty()} ${item.getReason()}`);
}

function urn(token: string, name: string): string {
  return `urn:pulumi:test::project::${token}::${name}`;
}
