import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { type Kubeconfig, mergeKubeconfigs, parseKubeconfig } from "../components/grammars/kubeconfig";
import { KubernetesApiError } from "../components/kubernetes/api-error";
import { withAbsolutePaths } from "../components/kubernetes/kubeconfig-paths";

/** What Kubernetes gives each pod: https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/ */
const SERVICE_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

/**
 * The kubeconfig that kubectl takes in an environment: the files of KUBECONFIG as one, those that are not there left out;
 * without KUBECONFIG the one in the home folder; in a pod that has none its service account.
 * @throws KubernetesApiError when there is none, or a file is none
 */
export function ambientKubeconfig(environment: NodeJS.ProcessEnv): string {
  const home = join(environment.HOME || homedir(), ".kube", "config");
  const named = (environment.KUBECONFIG ?? "").split(delimiter).filter((path) => path !== "");
  const paths = environment.KUBECONFIG ? [...new Set(named)] : [home];
  const files = paths.map((path) => resolve(path)).filter((path) => existsSync(path));
  if (files.length > 0) return JSON.stringify(mergeKubeconfigs(files.map(read)));
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port = "443" } = environment;
  if (host) return inCluster(host.includes(":") ? `[${host}]` : host, port);
  throw new KubernetesApiError(`There is no kubeconfig: ${paths.join(", ")} is not there`);
}

/** Paths are relative to the file that they stand in, whatever file the current context stands in. */
function read(path: string): Kubeconfig {
  const text = readFileSync(path, "utf8");
  const kubeconfig = parseKubeconfig(text.trim() === "" ? "{}" : withAbsolutePaths(text, dirname(path)));
  if (kubeconfig) return kubeconfig;
  throw new KubernetesApiError(`The kubeconfig ${path} is not one: YAML with clusters, contexts and users is expected`);
}

function inCluster(host: string, port: string): string {
  return JSON.stringify({
    "current-context": "pod",
    contexts: [{ name: "pod", context: { cluster: "pod", user: "pod" } }],
    clusters: [
      {
        name: "pod",
        cluster: { server: `https://${host}:${port}`, "certificate-authority": `${SERVICE_ACCOUNT}/ca.crt` },
      },
    ],
    users: [{ name: "pod", user: { tokenFile: `${SERVICE_ACCOUNT}/token` } }],
  });
}
