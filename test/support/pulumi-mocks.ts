/**
 * The one harness for tests of components: runs a piece of program against a stand-in engine that records every
 * registration, waits until nothing is left to register, and hands back what was asked for.
 */
import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";

/** One resource as the engine would have got it. */
export interface Registration {
  /** Type token, e.g. `kubernetes:core/v1:Secret`. */
  type: string;
  name: string;
  urn: string;
  /** Inputs with secrets unwrapped; see {@link secretInputs}. */
  inputs: Record<string, unknown>;
  /** Top-level inputs that are, or contain, a secret. */
  secretInputs: string[];
  /** URN of the parent; empty for the stack itself. */
  parent: string;
  /** Reference of the provider that was passed, `URN::ID`; empty for the default one and for components. */
  provider: string;
  custom: boolean;
  protect: boolean;
  deleteBeforeReplace: boolean;
  retainOnDelete: boolean;
  additionalSecretOutputs: string[];
  ignoreChanges: string[];
  replaceOnChanges: string[];
  aliases: string[];
  dependencies: string[];
  /** Names of the hooks bound to it, whatever their time. */
  hooks: string[];
}

/** What a provider would have computed, besides the inputs. */
export type Compute = (registration: Registration) => Record<string, unknown> | undefined;

/** How to run; everything has a default. */
export interface RunOptions {
  /** Outputs of resources whose provider computes some; falls back to what the harness knows. */
  compute?: Compute;
  /** Answers of provider functions by token. Default: the arguments. */
  call?: (token: string, inputs: Record<string, unknown>) => Record<string, unknown>;
  /** Default `onprem-platform`. */
  project?: string;
  /** Default `test`. */
  stack?: string;
  /** Default false. */
  preview?: boolean;
}

/** The end of a run. */
export interface Run<T> {
  /** What the program returned. */
  result: T;
  /** Every resource in the order of registration. */
  registrations: Registration[];
  /** The only registration of this type and name. Throws, listing what there is, when there is none or more than one. */
  one(type: string, name?: string): Registration;
  /** All of a type. */
  all(type: string): Registration[];
}

const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

function isSecretValue(value: unknown): value is { value: unknown } {
  return typeof value === "object" && value !== null && Reflect.get(value, SIGNATURE_KEY) === SECRET_SIGNATURE;
}

function unwrap(value: unknown): unknown {
  if (isSecretValue(value)) return unwrap(value.value);
  if (Array.isArray(value)) return value.map(unwrap);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unwrap(item)]));
}

function containsSecret(value: unknown): boolean {
  if (isSecretValue(value)) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(containsSecret);
}

/** Looks random, is the same in every run, and says in a failing test which resource it came from. */
function generated({ name, inputs }: Registration, length: number): string {
  const hash = createHash("sha512")
    .update(JSON.stringify([name, inputs.keepers]))
    .digest("hex");
  return `${name.replace(/[^a-zA-Z0-9]/g, "")}${hash.repeat(Math.ceil(length / hash.length))}`.slice(0, length);
}

const KNOWN_COMPUTATIONS: Record<string, Compute> = {
  "random:index/randomPassword:RandomPassword": (resource) => ({
    result: pulumi.secret(generated(resource, Number(resource.inputs.length))),
  }),
  "tls:index/privateKey:PrivateKey": (resource) => ({
    privateKeyPem: pulumi.secret(`PRIVATE ${generated(resource, 64)}`),
    privateKeyOpenssh: pulumi.secret(`OPENSSH ${generated(resource, 64)}`),
    publicKeyOpenssh: `ssh-ed25519 ${generated(resource, 32)}`,
    publicKeyPem: `PUBLIC ${generated(resource, 32)}`,
  }),
  "kubernetes:helm.sh/v3:Release": ({ inputs }) => ({ status: { name: inputs.name, namespace: inputs.namespace } }),
};

/** The accessors of the engine's request that the mocks of the SDK do not pass on. */
interface RegisterRequest {
  getParent(): string;
  getProvider(): string;
  getProtect(): boolean;
  getDeletebeforereplace(): boolean;
  getRetainondelete(): boolean;
  getAdditionalsecretoutputsList(): string[];
  getIgnorechangesList(): string[];
  getReplaceonchangesList(): string[];
  getAliasesList(): Array<{ getUrn(): string; getSpec(): { getName(): string; getType(): string } | undefined }>;
  getDependenciesList(): string[];
  getHooks(): { toObject(): Record<string, unknown> } | undefined;
  getCustom(): boolean;
}

type Register = (request: RegisterRequest, callback: unknown) => Promise<void>;

function describe(request: RegisterRequest) {
  return {
    parent: request.getParent(),
    provider: request.getProvider(),
    custom: request.getCustom(),
    protect: request.getProtect() ?? false,
    deleteBeforeReplace: request.getDeletebeforereplace(),
    retainOnDelete: request.getRetainondelete() ?? false,
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    aliases: request.getAliasesList().map((alias) => alias.getUrn() || (alias.getSpec()?.getName() ?? "")),
    dependencies: request.getDependenciesList(),
    hooks: Object.values(request.getHooks()?.toObject() ?? {}).flatMap((names) => names as string[]),
  };
}

/** The SDK calls `newResource` synchronously out of `registerResource`: that is how the two halves find each other. */
async function install(options: RunOptions, registrations: Registration[]): Promise<void> {
  let current: ReturnType<typeof describe> | undefined;
  const newResource = ({
    type,
    name,
    inputs,
    id,
  }: pulumi.runtime.MockResourceArgs): pulumi.runtime.MockResourceResult => {
    if (!current) throw new Error(`${type} ${name} was registered past the harness`);
    const secretInputs = Object.keys(inputs).filter((key) => containsSecret(inputs[key]));
    const plain = unwrap(inputs) as Record<string, unknown>;
    const registration = { type, name, urn: "", inputs: plain, secretInputs, ...current };
    registrations.push(registration);
    const computed = options.compute?.(registration) ?? KNOWN_COMPUTATIONS[type]?.(registration);
    return { id: registration.custom ? id || `${name}-id` : undefined, state: { ...inputs, ...computed } };
  };
  const call = ({ token, inputs }: pulumi.runtime.MockCallArgs) => options.call?.(token, inputs) ?? inputs;
  const { project = "onprem-platform", stack = "test", preview = false } = options;
  await pulumi.runtime.setMocks({ newResource, call }, project, stack, preview);

  const monitor = pulumi.runtime.getMonitor() as unknown as { registerResource: Register } & Record<string, unknown>;
  // The SDK's mocks lack these; a hook is known by the names a resource is bound to, and never run.
  const accept = (_request: unknown, callback: (error: unknown, response: object) => void) => callback(null, {});
  monitor.registerResourceHook = accept;
  monitor.registerErrorHook = accept;
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) => {
    current = describe(request);
    const before = registrations.length;
    const done = register(request, (error: unknown, response: { getUrn(): string }) => {
      const registration = registrations[before];
      if (registration && response) registration.urn = response.getUrn();
      (callback as (error: unknown, response: unknown) => void)(error, response);
    });
    current = undefined;
    return done;
  };
}

/**
 * Runs a program and waits for the last of its registrations.
 * @throws whatever the program, or any output in it, throws
 */
export async function runProgram<T>(program: () => T | Promise<T>, options: RunOptions = {}): Promise<Run<T>> {
  const registrations: Registration[] = [];
  const result = await withoutTraces(async () => {
    await install(options, registrations);
    const made = await program();
    await drain();
    return made;
  });
  refuseSharedUrns(registrations);
  const all = (type: string) => registrations.filter((registration) => registration.type === type);
  const one = (type: string, name?: string) => {
    const found = all(type).filter((registration) => name === undefined || registration.name === name);
    const [only] = found;
    if (only && found.length === 1) return only;
    const names = registrations.map((registration) => `  ${registration.type} ${registration.name}`).join("\n");
    throw new Error(`${found.length} of ${type} ${name ?? ""}; registered were:\n${names}`);
  };
  return { result, registrations, one, all };
}

/** As the engine does: a URN has the types of all parents in it, but no names of theirs. */
function refuseSharedUrns(registrations: readonly Registration[]): void {
  const urns = registrations.map(({ urn }) => urn).filter((urn) => urn !== "");
  const shared = urns.filter((urn, index) => urns.indexOf(urn) !== index);
  if (shared.length > 0) throw new Error(`registered more than once:\n${shared.join("\n")}`);
}

/** The SDK keeps a trace of each of its many promises, in which a run would spend most of its time. */
async function withoutTraces<T>(run: () => Promise<T>): Promise<T> {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return await run();
  } finally {
    Error.stackTraceLimit = limit;
  }
}

/** Registrations of resources whose inputs depend on other resources come in later turns. */
async function drain(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  await pulumi.runtime.disconnect();
}

/** Value of an output, secret or not; `undefined` when it is not known (preview). */
export function outputValue<T>(output: pulumi.Input<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const lifted = pulumi.output(output) as unknown as { promise(withUnknowns?: boolean): Promise<T> };
    lifted.promise().then(resolve, reject);
  });
}

/** Whether an output is marked secret. */
export function isSecret(output: pulumi.Output<unknown>): Promise<boolean> {
  return pulumi.isSecret(output);
}
