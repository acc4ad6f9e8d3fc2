import type { Properties, ResourceFacts } from "../../../../policy/definition";
import { type PolicyCase, resource } from "../policy-case";

const labels = { "app.kubernetes.io/name": "parse-server" };

const restricted = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
};

const container = {
  name: "server",
  image: "docker.io/parseplatform/parse-server:9.10.0",
  command: ["node", "/parse-config/config.js"],
  args: ["--port", "1337"],
  env: [{ name: "NODE_ENV", value: "production" }],
  ports: [{ containerPort: 1337 }],
  readinessProbe: { httpGet: { path: "/ready", port: 1337 } },
  livenessProbe: { httpGet: { path: "/health", port: 1337 } },
  resources: { requests: { cpu: "250m", memory: "512Mi" }, limits: { memory: "1Gi" } },
  securityContext: restricted,
};

const podSpec = {
  automountServiceAccountToken: false,
  securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } },
  containers: [container],
  volumes: [{ name: "tmp", emptyDir: {} }],
};

function object(
  apiVersion: string,
  kind: string,
  more: Properties,
  name = "server",
  namespace = "parse",
): ResourceFacts {
  return resource(`kubernetes:${apiVersion}:${kind}`, { apiVersion, kind, metadata: { name, namespace }, ...more });
}

const deployment = object("apps/v1", "Deployment", {
  spec: {
    replicas: 2,
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: podSpec },
  },
});

const cronJob = object("batch/v1", "CronJob", {
  spec: { jobTemplate: { spec: { template: { metadata: { labels }, spec: podSpec } } } },
});

const budget = object("policy/v1", "PodDisruptionBudget", { spec: { selector: { matchLabels: labels } } });
const denial = object("networking.k8s.io/v1", "NetworkPolicy", {
  spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
});
const scaler = object("autoscaling/v2", "HorizontalPodAutoscaler", {
  spec: { minReplicas: 2, maxReplicas: 6, scaleTargetRef: { kind: "Deployment", name: "server" } },
});
const scaled = object("apps/v1", "Deployment", {
  spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: podSpec } },
});
const namespace = resource("kubernetes:core/v1:Namespace", {
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name: "parse", labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
});
const role = object("rbac.authorization.k8s.io/v1", "ClusterRole", {
  rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get", "list"] }],
});
const binding = object("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", {
  roleRef: { kind: "ClusterRole", name: "log-reader" },
});
const configMap = object("core/v1", "ConfigMap", {
  data: {
    "settings.json": '{"mountPath":"/parse","masterKeyFile":"/parse-secrets/masterKey/value","checksum":"9f86d081"}',
    passwordFile: "/run/secrets/password",
  },
});
const release = resource(
  "kubernetes:helm.sh/v3:Release",
  {
    name: "monitoring",
    namespace: "monitoring",
    chart: "kube-prometheus-stack",
    values: { grafana: { admin: { existingSecret: "grafana-admin", passwordKey: "password" } }, replicas: 2 },
  },
  { name: "monitoring" },
);
const service = object("core/v1", "Service", { spec: { type: "ClusterIP", ports: [{ port: 1337 }] } });
const ingress = object("networking.k8s.io/v1", "Ingress", {
  spec: {
    tls: [{ hosts: ["parse.acme.example.com"], secretName: "parse-tls" }],
    rules: [{ host: "parse.acme.example.com" }],
  },
});

const pod = "spec.template.spec";
const first = `${pod}.containers[0]`;
const inJob = "spec.jobTemplate.spec.template.spec";

/** Random to the eye, made for this test. */
const RANDOM_WORD = "q7Zp2VxL9sKd4RtYwB8nMf3H";

/** Cases of the policies on Kubernetes objects. */
export const kubernetesCases: Readonly<Record<string, PolicyCase>> = {
  "pods-baseline": {
    compliant: [deployment, cronJob],
    violating: [
      { set: `${pod}.hostNetwork`, to: true },
      { of: 1, set: `${inJob}.hostPID`, to: true },
      { set: `${pod}.volumes[0]`, to: { name: "tmp", hostPath: { path: "/" } }, found: `${pod}.volumes[0].hostPath` },
      { set: `${first}.securityContext.privileged`, to: true },
      { set: `${first}.securityContext.capabilities.add`, to: ["SYS_ADMIN"] },
      { set: `${first}.ports[0].hostPort`, to: 80 },
    ],
    unknown: `${pod}.hostNetwork`,
  },
  "pods-restricted": {
    compliant: [deployment, cronJob],
    violating: [
      { set: `${first}.securityContext.allowPrivilegeEscalation`, to: undefined },
      { set: `${first}.securityContext.capabilities.drop`, to: ["NET_RAW"] },
      { set: `${first}.securityContext.capabilities.add`, to: ["CHOWN"] },
      { set: `${pod}.securityContext.runAsNonRoot`, to: false, found: `${first}.securityContext.runAsNonRoot` },
      { set: `${first}.securityContext.runAsUser`, to: 0 },
      {
        of: 1,
        set: `${inJob}.securityContext.seccompProfile`,
        to: undefined,
        found: `${inJob}.containers[0].securityContext.seccompProfile.type`,
      },
    ],
    unknown: `${first}.securityContext.allowPrivilegeEscalation`,
  },
  "namespaces-pod-security": {
    compliant: [namespace],
    violating: [
      { set: 'metadata.labels["pod-security.kubernetes.io/enforce"]', to: "baseline" },
      { set: 'metadata.labels["pod-security.kubernetes.io/enforce"]', to: undefined },
    ],
    unknown: 'metadata.labels["pod-security.kubernetes.io/enforce"]',
  },
  "service-account-tokens": {
    compliant: [deployment],
    violating: [{ set: `${pod}.automountServiceAccountToken`, to: undefined }],
    unknown: `${pod}.automountServiceAccountToken`,
  },
  "images-pinned": {
    compliant: [deployment],
    violating: [
      { set: `${first}.image`, to: "docker.io/library/mongo" },
      { set: `${first}.image`, to: "registry.example.com:5000/library/mongo" },
      { set: `${first}.image`, to: "docker.io/library/mongo:latest" },
    ],
    unknown: `${first}.image`,
  },
  "images-registry-allowed": {
    compliant: [deployment],
    violating: [
      { set: `${first}.image`, to: "evil.example.com/parse-server:9.10.0" },
      {
        set: `${first}.image`,
        to: "docker.io/parseplatform/parse-server:9.10.0",
        settings: { imageMirror: "mirror.acme" },
      },
    ],
    unknown: `${first}.image`,
  },
  "containers-bounded": {
    compliant: [deployment, cronJob],
    violating: [
      { set: `${first}.resources.limits`, to: undefined, found: `${first}.resources` },
      { set: `${first}.resources.requests.cpu`, to: undefined, found: `${first}.resources` },
    ],
    unknown: `${first}.resources.limits.memory`,
  },
  "containers-probed": {
    compliant: [deployment],
    violating: [
      { set: `${first}.readinessProbe`, to: undefined },
      { set: `${first}.livenessProbe`, to: undefined },
    ],
    unknown: `${first}.readinessProbe`,
  },
  "workloads-redundant": {
    compliant: [deployment, budget],
    violating: [
      { set: "spec.replicas", to: 1 },
      { set: "spec.replicas", to: undefined, found: "spec.minReplicas of its autoscaler" },
    ],
    unknown: "spec.replicas",
  },
  "disruption-budgets": {
    compliant: [scaled, scaler, budget],
    violating: [
      { of: 2, set: "spec.selector.matchLabels", to: { app: "other" }, found: "spec.template.metadata.labels" },
      { of: 2, set: "metadata.namespace", to: "other", found: "spec.template.metadata.labels" },
    ],
    unknown: 'spec.template.metadata.labels["app.kubernetes.io/name"]',
  },
  "rbac-without-wildcards": {
    compliant: [role, binding],
    violating: [
      { set: "rules[0].verbs", to: ["*"] },
      { set: "rules[0].resources", to: ["*"] },
      { of: 1, set: "roleRef.name", to: "cluster-admin" },
    ],
    unknown: "rules[0].verbs",
  },
  "network-default-deny": {
    compliant: [deployment, denial],
    violating: [
      { of: 1, set: "spec.policyTypes", to: ["Ingress"], found: "spec.template.metadata.labels" },
      { of: 1, set: "metadata.namespace", to: "other", found: "spec.template.metadata.labels" },
      { of: 1, set: "spec.podSelector", to: { matchLabels: { app: "x" } }, found: "spec.template.metadata.labels" },
    ],
    unknown: "spec.template.spec.hostNetwork",
  },
  "configuration-without-secrets": {
    compliant: [configMap],
    violating: [
      { set: "data.token", to: RANDOM_WORD },
      {
        set: 'data["settings.json"]',
        to: `{"restAPIKey":"${RANDOM_WORD}"}`,
        found: 'data["settings.json"].restAPIKey',
      },
      { set: "data.uri", to: "mongodb://parse:hunter22@mongodb:27017/parse" },
      { set: "data.databasePassword", to: "correct-horse" },
    ],
    unknown: "data.token",
    unknownIsPassedOver: true,
  },
  "containers-without-secrets": {
    compliant: [deployment],
    violating: [
      {
        set: `${first}.env[0]`,
        to: { name: "MASTER_KEY", valueFrom: { secretKeyRef: { name: "parse", key: "value" } } },
      },
      { set: `${first}.env[0]`, to: { name: "POSTGRES_PASSWORD", value: "correct-horse" } },
      { set: `${first}.env[0]`, to: { name: "OPTIONS", value: RANDOM_WORD } },
      { set: `${first}.envFrom`, to: [{ secretRef: { name: "parse" } }] },
      { set: `${first}.args[1]`, to: RANDOM_WORD },
    ],
    unknown: `${first}.args[1]`,
    unknownIsPassedOver: true,
  },
  "chart-values-without-secrets": {
    compliant: [release],
    violating: [
      { set: "values.grafana.adminPassword", to: "prom-operator" },
      {
        set: "values.alertmanager",
        to: { url: `https://hooks.slack.com/services/T0A1/B2C3/${RANDOM_WORD}` },
        found: "values.alertmanager.url",
      },
    ],
    unknown: "values.grafana.adminPassword",
    unknownIsPassedOver: true,
  },
  "services-internal": {
    compliant: [service],
    violating: [
      { set: "spec.type", to: "LoadBalancer" },
      { set: "spec.type", to: "NodePort" },
      { set: "spec.externalIPs", to: ["203.0.113.7"] },
    ],
    unknown: "spec.type",
  },
  "ingress-encrypted": {
    compliant: [ingress],
    violating: [
      { set: "spec.tls", to: undefined, found: "spec.rules[0].host" },
      { set: "spec.rules[0].host", to: "other.acme.example.com" },
    ],
    unknown: "spec.rules[0].host",
  },
};
