import type { GitOpsArgs } from "../../../components/gitops/args";
import { sampleManifest } from "./sample-manifest";

/** Arguments of the component GitOps that says nothing of its own: no parts beside Flux, nothing that is followed. */
export const minimal: GitOpsArgs = {
  customer: "acme",
  namespace: "flux-system",
  version: "2.9.5",
  manifest: sampleManifest(),
  notificationApi: "v1beta3",
  nodeImage: "registry.example.com/node:1",
  helmReleases: false,
  resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { cpu: undefined, memory: "512Mi" } },
  repositories: [],
  kustomizations: [],
  suspend: false,
  timeoutSeconds: 60,
  imageAutomation: undefined,
  imageMirror: undefined,
  imagePullCredentials: undefined,
  notifications: [],
  commitStatus: [],
  receiver: undefined,
  api: () => Promise.reject(new Error("no hook runs here")),
};

/** A Kustomization of the repository `fleet`. */
export const kustomization = (name: string, more: Partial<GitOpsArgs["kustomizations"][number]> = {}) => ({
  ...{ name, repository: "fleet", path: `./${name}`, interval: "10m", timeout: "5m", prune: true, wait: true },
  ...{ targetNamespace: undefined, dependsOn: [], suspend: false, ...more },
});
