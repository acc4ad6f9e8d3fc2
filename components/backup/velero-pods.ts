/** What Velero's server and node agent run as. Pure. */

import {
  type Resources,
  resourcesOf,
  runAs,
  runtimeSeccomp,
  small,
  UNPRIVILEGED_USER,
  unprivileged,
} from "../kubernetes/pods";
import type { BackupImages, Timeouts } from "./args";
import { NODE_AGENT_NAME, SERVER_NAME } from "./names";

/** Port of the metrics of both. */
export const METRICS_PORT = 8085;
/** Where every node's kubelet keeps the volumes of its pods. */
const KUBELET_PODS = "/var/lib/kubelet/pods";

/** What both pods share. */
export interface VeleroPodSettings<Text> {
  readonly images: BackupImages;
  readonly labels: Record<string, string>;
  /** Names of Secrets with credentials of the image registry. */
  readonly imagePullSecrets: readonly Text[];
}

/** What the server needs to know. */
export interface ServerSettings<Text> extends VeleroPodSettings<Text> {
  /** Plugins by the providers of the locations. */
  readonly plugins: readonly ("aws" | "gcp")[];
  readonly resources: Resources;
  /** How long Velero lets its work take. */
  readonly timeouts: Timeouts;
  /** Name of the ConfigMap with the program that lets a destroy end. */
  readonly finalizerProgram: Text;
  /** Name of the ConfigMap that says which volumes are not copied. */
  readonly volumePolicies: Text;
  readonly namespace: string;
}

/** How long the server's pod may take to stop: for the program that lets a destroy end, and asks again when it must. */
const STOP_SECONDS = 90;

const field = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } });

const probe = { httpGet: { path: "/metrics", port: "metrics" }, periodSeconds: 15, timeoutSeconds: 5 };

function plugin(name: "aws" | "gcp", images: BackupImages) {
  return {
    name: `plugin-for-${name}`,
    image: name === "aws" ? images.pluginForAws : images.pluginForGcp,
    imagePullPolicy: "IfNotPresent",
    securityContext: unprivileged,
    resources: resourcesOf(small("128Mi")),
    volumeMounts: [{ name: "plugins", mountPath: "/target" }],
  };
}

/** Labels that select the server's pod. */
export const serverSelector = { component: "velero", deploy: SERVER_NAME };
/** Labels that select the node agent's pods; Velero finds them by `role`. */
export const nodeAgentSelector = { component: "velero", name: NODE_AGENT_NAME, role: NODE_AGENT_NAME };

/** Specification of the server's Deployment. One server at a time: two would both work on the same backup. */
export function serverSpec<Text>(settings: ServerSettings<Text>) {
  const { images, imagePullSecrets, labels, plugins } = settings;
  return {
    replicas: 1,
    revisionHistoryLimit: 3,
    strategy: { type: "Recreate" },
    selector: { matchLabels: serverSelector },
    template: {
      metadata: { labels: { ...labels, ...serverSelector } },
      spec: {
        serviceAccountName: SERVER_NAME,
        enableServiceLinks: false,
        terminationGracePeriodSeconds: STOP_SECONDS,
        securityContext: runAs(UNPRIVILEGED_USER),
        imagePullSecrets: imagePullSecrets.map((name) => ({ name })),
        initContainers: plugins.map((name) => plugin(name, images)),
        containers: [serverContainer(settings), finalizerContainer(settings)],
        volumes: [
          { name: "plugins", emptyDir: { sizeLimit: "1Gi" } },
          { name: "scratch", emptyDir: {} },
          { name: "tmp", emptyDir: {} },
          { name: "finalizer-program", configMap: { name: settings.finalizerProgram } },
        ],
      },
    },
  };
}

/** Which volumes are not copied: what a pod keeps in an emptyDir it does not expect to find again. */
export const VOLUME_POLICIES = JSON.stringify({
  version: "v1",
  volumePolicies: [{ conditions: { volumeTypes: ["emptyDir"] }, action: { type: "skip" } }],
});

function serverContainer<Text>({ images, resources, timeouts, volumePolicies }: ServerSettings<Text>) {
  return {
    name: SERVER_NAME,
    image: images.velero,
    imagePullPolicy: "IfNotPresent",
    command: ["/velero"],
    args: [
      "server",
      "--uploader-type=kopia",
      "--default-volumes-to-fs-backup=true",
      `--global-backup-volume-policies-configmap=${volumePolicies}`,
      `--fs-backup-timeout=${timeouts.fileSystemBackup}`,
      `--default-item-operation-timeout=${timeouts.itemOperations}`,
      // The hooks at MongoDB's members count on it (charts/parse-server/files/mongodb/backup-lock.sh).
      "--concurrent-backups=1",
    ],
    env: [
      field("VELERO_NAMESPACE", "metadata.namespace"),
      { name: "VELERO_SCRATCH_DIR", value: "/scratch" },
      { name: "LD_LIBRARY_PATH", value: "/plugins" },
      { name: "HOME", value: "/scratch" },
    ],
    ports: [{ name: "metrics", containerPort: METRICS_PORT }],
    startupProbe: { ...probe, periodSeconds: 2, failureThreshold: 60 },
    readinessProbe: probe,
    livenessProbe: { ...probe, failureThreshold: 8 },
    securityContext: unprivileged,
    resources: resourcesOf(resources),
    volumeMounts: [
      { name: "plugins", mountPath: "/plugins" },
      { name: "scratch", mountPath: "/scratch" },
      { name: "tmp", mountPath: "/tmp" },
    ],
  };
}

/** Beside the server, since it has to do its work after the server can no longer do it. */
function finalizerContainer<Text>({ images, namespace }: ServerSettings<Text>) {
  const program = "/program/release-finalizers.js";
  return {
    name: "release-finalizers",
    image: images.node,
    imagePullPolicy: "IfNotPresent",
    command: ["node", program, "idle"],
    lifecycle: { preStop: { exec: { command: ["node", program, "release", namespace, SERVER_NAME] } } },
    securityContext: unprivileged,
    resources: resourcesOf(small("128Mi")),
    volumeMounts: [{ name: "finalizer-program", mountPath: "/program", readOnly: true }],
  };
}

/** What the node agent needs to know. */
export interface NodeAgentSettings<Text> extends VeleroPodSettings<Text> {
  /** Name of the ConfigMap with its configuration. */
  readonly configuration: Text;
}

/** Specification of the node agent's DaemonSet. On every node: a volume is copied where its pod is. */
export function nodeAgentSpec<Text>({ configuration, images, imagePullSecrets, labels }: NodeAgentSettings<Text>) {
  return {
    selector: { matchLabels: nodeAgentSelector },
    updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "25%" } },
    template: {
      metadata: { labels: { ...labels, ...nodeAgentSelector } },
      spec: {
        serviceAccountName: NODE_AGENT_NAME,
        enableServiceLinks: false,
        tolerations: [{ operator: "Exists" }],
        securityContext: { runAsUser: 0, ...runtimeSeccomp },
        imagePullSecrets: imagePullSecrets.map((name) => ({ name })),
        containers: [nodeAgentContainer(images, configuration)],
        volumes: [
          { name: "host-pods", hostPath: { path: KUBELET_PODS } },
          { name: "scratch", emptyDir: {} },
          { name: "tmp", emptyDir: {} },
        ],
      },
    },
  };
}

function nodeAgentContainer<Text>(images: BackupImages, configuration: Text) {
  return {
    name: NODE_AGENT_NAME,
    image: images.velero,
    imagePullPolicy: "IfNotPresent",
    command: ["/velero"],
    args: ["node-agent", "server", `--node-agent-configmap=${configuration}`],
    env: [
      field("NODE_NAME", "spec.nodeName"),
      field("VELERO_NAMESPACE", "metadata.namespace"),
      { name: "VELERO_SCRATCH_DIR", value: "/scratch" },
      { name: "HOME", value: "/scratch" },
    ],
    ports: [{ name: "metrics", containerPort: METRICS_PORT }],
    // Root, to see other pods' volumes, but without a capability: the copying is done by the pods that it starts.
    securityContext: { ...unprivileged },
    resources: { requests: { cpu: "20m", memory: "64Mi" }, limits: { memory: "512Mi" } },
    volumeMounts: [
      { name: "host-pods", mountPath: "/host_pods", mountPropagation: "HostToContainer" },
      { name: "scratch", mountPath: "/scratch" },
      { name: "tmp", mountPath: "/tmp" },
    ],
  };
}

/** No limit in Velero's notation: https://velero.io/docs/v1.18/data-movement-pod-resource-configuration/ */
const NO_LIMIT = "0";

/**
 * Content of the node agent's configuration.
 * @param resources of each pod that copies a volume
 */
export function nodeAgentConfiguration({ requests, limits }: Resources): string {
  return JSON.stringify({
    loadConcurrency: { globalConfig: 2 },
    podResources: {
      cpuRequest: requests.cpu,
      memoryRequest: requests.memory,
      cpuLimit: limits.cpu ?? NO_LIMIT,
      memoryLimit: limits.memory,
    },
  });
}
