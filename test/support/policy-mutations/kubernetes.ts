import { chart, type PolicyMutation, program, RANDOM_WORD, settings } from "./mutation";

const release = 'Release "release", ';
const server = `${release}Deployment parse-server`;
const database = `${release}StatefulSet parse-server-mongodb`;

/** One line for each policy on Kubernetes. They change different properties, so that one preview can show them all. */
export const kubernetesMutations: readonly PolicyMutation[] = [
  {
    finds: "a pod in the node's network",
    policy: "pods-baseline",
    on: server,
    property: "spec.template.spec.hostNetwork",
    mutation: chart(
      "server-deployment.yaml",
      "      topologySpreadConstraints:",
      "      hostNetwork: true\n      topologySpreadConstraints:",
    ),
  },
  {
    finds: "a container that may become root",
    policy: "pods-restricted",
    on: database,
    property: "spec.template.spec.containers[0].securityContext.allowPrivilegeEscalation",
    mutation: chart("_names.tpl", "allowPrivilegeEscalation: false", "allowPrivilegeEscalation: true"),
  },
  {
    finds: "a namespace that lets more in",
    policy: "namespaces-pod-security",
    on: 'Namespace "namespace"',
    property: 'metadata.labels["pod-security.kubernetes.io/enforce"]',
    mutation: program(
      "components/parse/parse-server",
      'podSecurityLabels)("restricted")',
      'podSecurityLabels)("baseline")',
    ),
  },
  {
    finds: "an API token for everybody",
    policy: "service-account-tokens",
    on: server,
    property: "spec.template.spec.automountServiceAccountToken",
    mutation: chart("_names.tpl", "automountServiceAccountToken: false", "automountServiceAccountToken: true"),
  },
  {
    finds: "an image whose tag moves",
    policy: "images-pinned",
    on: server,
    property: "spec.template.spec.initContainers[0].image",
    mutation: chart(
      "server-deployment.yaml",
      "image: {{ $server.image }}",
      "image: docker.io/parseplatform/parse-server:latest",
    ),
  },
  {
    finds: "an image from elsewhere",
    policy: "images-registry-allowed",
    on: database,
    property: "spec.template.spec.containers[0].image",
    mutation: chart(
      "mongodb.yaml",
      "- name: mongodb\n          image: {{ $settings.image }}",
      "- name: mongodb\n          image: registry.example.com/library/mongo:8.0.26",
    ),
  },
  {
    finds: "a container without bounds",
    policy: "containers-bounded",
    on: database,
    property: "spec.template.spec.containers[0].resources",
    mutation: chart("mongodb.yaml", "resources: {{- toYaml $settings.resources | nindent 12 }}", "resources: {}"),
  },
  {
    finds: "a database that never says it is ready",
    policy: "containers-probed",
    on: database,
    property: "spec.template.spec.containers[0].readinessProbe",
    mutation: chart("mongodb.yaml", "readinessProbe:", "unreadinessProbe:"),
  },
  {
    finds: "a server that may be down to one pod",
    policy: "workloads-redundant",
    on: `${release}Deployment parse/parse-server`,
    property: "spec.minReplicas of its autoscaler",
    mutation: settings(({ parse }) => {
      parse.autoscaling = { minReplicas: 1, maxReplicas: 6 };
    }),
  },
  {
    finds: "a database that a drained node may take away",
    policy: "disruption-budgets",
    on: `${release}StatefulSet parse/parse-server-mongodb`,
    property: "spec.template.metadata.labels",
    mutation: chart(
      "mongodb.yaml",
      'matchLabels: {{- include "parse.selector" $part | nindent 6 }}',
      "matchLabels: { app.kubernetes.io/name: nothing }",
    ),
  },
  {
    finds: "a role that reads everything of Velero's",
    policy: "rbac-without-wildcards",
    on: 'Role "node-agent-role"',
    property: "rules[1].resources",
    mutation: program(
      "components/backup/permissions",
      'resources: ["backupstoragelocations", "backups", "restores"]',
      'resources: ["*"]',
    ),
  },
  {
    finds: "pods that talk to everybody",
    policy: "network-default-deny",
    on: `${release}StatefulSet parse/parse-server-mongodb`,
    property: "spec.template.metadata.labels",
    mutation: chart("network-policies.yaml", "{{- if .Values.networkPolicy.enabled }}", "{{- if false }}"),
  },
  {
    finds: "a secret in a ConfigMap",
    policy: "configuration-without-secrets",
    on: `${release}ConfigMap parse-server-config`,
    property: "data.token",
    mutation: chart("_settings.tpl", "settings.json: |", `token: ${RANDOM_WORD}\nsettings.json: |`),
  },
  {
    finds: "a password in the environment",
    policy: "containers-without-secrets",
    on: server,
    property: "spec.template.spec.containers[0].env[0]",
    mutation: chart(
      "server-deployment.yaml",
      "{ name: NODE_ENV, value: production }",
      "{ name: DATABASE_PASSWORD, value: correct-horse }",
    ),
  },
  {
    finds: "a secret among the chart's values",
    policy: "chart-values-without-secrets",
    on: 'Release "release"',
    property: "values.server.options.push.apiKey",
    mutation: program(
      "components/parse/values",
      "options: { ...settings.options }",
      `options: { push: { apiKey: "${RANDOM_WORD}" } }`,
    ),
  },
  {
    finds: "a Service for the whole world",
    policy: "services-internal",
    on: `${release}Service parse-server`,
    property: "spec.type",
    mutation: chart("server-service.yaml", "type: ClusterIP", "type: LoadBalancer"),
  },
  {
    finds: "a certificate for another host",
    policy: "ingress-encrypted",
    on: `${release}Ingress parse-server`,
    property: "spec.rules[0].host",
    mutation: chart("server-ingress.yaml", "hosts: [{{ .host | quote }}]", "hosts: [other.example.com]"),
  },
];

/** Hides the chart's objects from every other policy, and so has a preview of its own. */
export const brokenChart: PolicyMutation = {
  finds: "a chart that cannot be rendered",
  policy: "charts-rendered",
  on: 'Release "release"',
  property: "chart",
  mutation: chart("server-service.yaml", "type: ClusterIP", "type: {{ .Values.nothing.here }}"),
};
