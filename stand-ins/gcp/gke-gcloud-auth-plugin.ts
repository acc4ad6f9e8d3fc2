/**
 * Stands in for Google's `gke-gcloud-auth-plugin`: prints the credentials of the lab's cluster in the form that
 * Kubernetes clients expect of an exec plugin
 * (https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins).
 */
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { labCluster } from "./lab-cluster";

/** What the plugin prints. @throws Error when `ONPREM_LAB_KUBECONFIG` names no kubeconfig */
export function execCredential(): string {
  const cluster = labCluster();
  if (!cluster)
    throw new Error("this stand-in for gke-gcloud-auth-plugin needs ONPREM_LAB_KUBECONFIG: the lab's kubeconfig");
  return JSON.stringify({
    apiVersion: "client.authentication.k8s.io/v1beta1",
    kind: "ExecCredential",
    status: { clientCertificateData: cluster.clientCertificate, clientKeyData: cluster.clientKey },
  });
}

/** Puts the stand-in as `gke-gcloud-auth-plugin` into a folder, which is then to be on PATH. */
export function installGkeAuthPlugin(folder: string): string {
  const path = join(folder, "gke-gcloud-auth-plugin");
  const quoted = [process.execPath, __filename].map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, `#!/bin/sh\nexec ${quoted.join(" ")} "$@"\n`);
  chmodSync(path, 0o755);
  return path;
}

if (require.main === module) {
  try {
    process.stdout.write(`${execCredential()}\n`);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}
