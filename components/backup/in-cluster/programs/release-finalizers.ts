/**
 * The program beside Velero's server: `idle` waits for the pod's end; the kubelet calls `release NAMESPACE DEPLOYMENT`
 * before it.
 */
import { readFileSync } from "node:fs";
import { send } from "../../../in-cluster/request";
import { type Call, patient, releaseFinalizers } from "../release-finalizers";

const ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

/** JSON in a body; an object without anything where it is something else, as with "too many requests". */
function contentOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return {};
  }
}

const callApi: Call = async (method, path, body) => {
  const { status, body: text } = await send({
    method,
    url: `https://${process.env.KUBERNETES_SERVICE_HOST}:${process.env.KUBERNETES_SERVICE_PORT}${path}`,
    headers: {
      authorization: `Bearer ${readFileSync(`${ACCOUNT}/token`, "utf8").trim()}`,
      accept: "application/json",
      "content-type": "application/merge-patch+json",
    },
    body: body === undefined ? undefined : JSON.stringify(body),
    ca: readFileSync(`${ACCOUNT}/ca.crt`),
  });
  return { status, body: contentOf(text) };
};

async function main(): Promise<void> {
  const [task = "", namespace = "", deployment = ""] = process.argv.slice(2);
  if (task === "release") {
    const released = await releaseFinalizers(namespace, deployment, patient(callApi));
    process.stdout.write(`released ${released.join(", ") || "nothing"}\n`);
    return;
  }
  const forever = setInterval(() => {}, 2 ** 31 - 1);
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => clearInterval(forever));
  process.stdout.write("waiting for the pod's end\n");
}

void main();
