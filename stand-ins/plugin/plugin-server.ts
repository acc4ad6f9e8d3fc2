import * as grpc from "@grpc/grpc-js";

/** How often a plugin looks whether the engine that started it is still there, in milliseconds. */
const PARENT_CHECK_INTERVAL = 500;

/** gRPC limits as the engine and the SDK set them: a Helm chart's values or a manifest can exceed the default 4 MiB. */
const CHANNEL_OPTIONS: grpc.ChannelOptions = {
  "grpc.max_receive_message_length": 1024 * 1024 * 400,
  "grpc.max_send_message_length": -1,
};

/** A gRPC call without streams, as a promise; a thrown error becomes the call's status. */
export type UnaryHandler<Request, Response> = (request: Request) => Promise<Response> | Response;

/** Wraps an async function as a gRPC handler. An error's message is what the user of the engine reads: no stack trace. */
export function unary<Request, Response>(
  handler: UnaryHandler<Request, Response>,
): grpc.handleUnaryCall<Request, Response> {
  return (call, done) => {
    Promise.resolve()
      .then(() => handler(call.request))
      .then(
        (response) => done(null, response),
        (error: unknown) => done(toServiceError(error)),
      );
  };
}

/** A gRPC "not implemented" error: the engine treats it as an optional method that this plugin does without. */
export class NotImplementedError extends Error {
  readonly code = grpc.status.UNIMPLEMENTED;
}

function toServiceError(error: unknown): Partial<grpc.StatusObject> {
  const details = error instanceof Error ? error.message : String(error);
  return { code: error instanceof NotImplementedError ? error.code : grpc.status.UNKNOWN, details };
}

/**
 * Serves a plugin as the engine expects it: a gRPC server on a free loopback port, whose number is the first line on
 * standard output (https://pulumi-developer-docs.readthedocs.io/latest/docs/architecture/plugins.html).
 * The process ends when the engine asks for it (SIGINT, SIGTERM) and when the engine is gone, even by SIGKILL.
 *
 * @param onStop runs first when the process ends, e.g. to stop child processes. It must be synchronous.
 */
export async function servePlugin(
  service: grpc.ServiceDefinition<grpc.UntypedServiceImplementation>,
  implementation: grpc.UntypedServiceImplementation,
  onStop: () => void = () => {},
): Promise<void> {
  stopWithParent(onStop);
  const { port } = await listen(service, implementation);
  process.stdout.write(`${port}\n`);
}

/** Starts a gRPC server on a free loopback port. Tests use it to talk to a plugin inside their own process. */
export async function listen(
  service: grpc.ServiceDefinition<grpc.UntypedServiceImplementation>,
  implementation: grpc.UntypedServiceImplementation,
): Promise<{ port: number; server: grpc.Server }> {
  const server = new grpc.Server(CHANNEL_OPTIONS);
  server.addService(service, implementation);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return { port, server };
}

/** Ends this process when it is asked to, and when the one that started it is gone. @param onStop runs first; synchronous */
export function stopWithParent(onStop: () => void = () => {}): void {
  const stop = (exitCode: number): void => {
    onStop();
    process.exit(exitCode);
  };
  process.on("SIGINT", () => stop(0));
  process.on("SIGTERM", () => stop(0));
  // The engine holds the other end of these pipes; writing to one that it left behind must not print a stack trace.
  process.stdout.on("error", () => stop(1));
  process.stderr.on("error", () => stop(1));
  // A process whose parent died is handed to another one, so a changed parent means that the engine is gone. The
  // engine's own hosts ask it over gRPC every five minutes instead, and stay behind for that long.
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && stop(1), PARENT_CHECK_INTERVAL).unref();
}
