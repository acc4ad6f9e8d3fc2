import { stringify } from "yaml";
import { controllers, surroundings } from "../../../components/gitops/manifest";

const part = { "app.kubernetes.io/part-of": "flux" };

function deployment(name: string): object {
  const container = {
    name: "manager",
    image: `ghcr.io/fluxcd/${name}:v1.9.5`,
    args: ["--events-addr=http://notification-controller.flux-system.svc.cluster.local./", "--watch-all-namespaces"],
    resources: { limits: { cpu: "1000m", memory: "1Gi" } },
  };
  return {
    spec: {
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { serviceAccountName: name, containers: [container] } },
    },
  };
}

function ofController(name: string, kinds: readonly string[]): object[] {
  const labels = { ...part, "app.kubernetes.io/component": name };
  const namespaced = { name, namespace: "flux-system", labels };
  return [
    ...kinds.map((kind) => ({
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: `${kind}.toolkit.fluxcd.io`, labels },
      spec: { scope: "Namespaced" },
    })),
    { apiVersion: "v1", kind: "ServiceAccount", metadata: namespaced },
    { apiVersion: "v1", kind: "Service", metadata: namespaced, spec: { selector: { app: name } } },
    { apiVersion: "apps/v1", kind: "Deployment", metadata: namespaced, ...deployment(name) },
  ];
}

function surrounding(key: string): object {
  const [kind = "", name = ""] = key.split("/");
  if (!kind.startsWith("ClusterRole"))
    return { apiVersion: "v1", kind, metadata: { name, namespace: "flux-system", labels: part }, spec: {} };
  const account = (subject: string) => ({ kind: "ServiceAccount", name: subject, namespace: "flux-system" });
  const roleRef = { kind: "ClusterRole", name: name === "crd-controller" ? name : "cluster-admin" };
  const binding = { roleRef, subjects: ["source-controller", "notification-controller"].map(account) };
  const content = kind === "ClusterRole" ? { rules: [] } : binding;
  return { apiVersion: "rbac.authorization.k8s.io/v1", kind, metadata: { name, labels: part }, ...content };
}

/**
 * A manifest in the shape of a release's, with every controller that can be installed and one that cannot.
 * @param change takes away or adds objects. Default: as released
 */
export function sampleManifest(change: (objects: object[]) => object[] = (objects) => objects): string {
  const ours = Object.entries(controllers).flatMap(([name, kinds]) => ofController(name, kinds));
  const objects = [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: "flux-system", labels: part } },
    ...surroundings.map(surrounding),
    { apiVersion: "v1", kind: "NetworkPolicy", metadata: { name: "allow-webhooks", labels: part }, spec: {} },
    ...ours.filter((object) => !isUnusedService(object)),
    ...ofController("source-watcher", ["artifactgenerators.source.extensions"]),
    webhookService,
  ];
  return change(objects)
    .map((object) => stringify(object))
    .join("---\n");
}

/** Only those who listen have a Service. */
function isUnusedService(object: object): boolean {
  const { kind, metadata } = object as { kind: string; metadata: { name: string } };
  return kind === "Service" && !["source-controller", "notification-controller"].includes(metadata.name);
}

const webhookService = {
  apiVersion: "v1",
  kind: "Service",
  metadata: {
    name: "webhook-receiver",
    namespace: "flux-system",
    labels: { ...part, "app.kubernetes.io/component": "notification-controller" },
  },
  spec: { selector: { app: "notification-controller" } },
};
