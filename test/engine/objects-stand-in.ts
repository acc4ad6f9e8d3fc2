import type { IncomingMessage, ServerResponse } from "node:http";
import { ApiServerStandIn } from "../support/kubernetes/api-server-stand-in";

/** A Kubernetes API that knows the objects it is given by their paths, and no others. */
export class ObjectsStandIn extends ApiServerStandIn {
  /** Path → object. */
  readonly objects = new Map<string, object>();

  override answer = ({ method, url = "" }: IncomingMessage, response: ServerResponse): void => {
    const found = method === "GET" ? this.objects.get(url) : undefined;
    response.writeHead(found ? 200 : 404).end(JSON.stringify(found ?? { message: `${url} not found` }));
  };
}
