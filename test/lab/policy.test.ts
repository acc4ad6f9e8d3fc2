import assert from "node:assert/strict";
import type { PolicyFinding } from "../../ops/preview/findings";
import { MutatedProject, type ProjectMutation } from "./mutated-project";

interface MutationCase {
  /** The policies that must catch it, each with the property that its message must name. */
  policies: Record<string, string>;
  mutation: ProjectMutation;
}

const chart = (file: string, from: string, to: string): ProjectMutation => ({
  file: `charts/parse-server/templates/${file}`,
  from,
  to,
});
const settings = (section: string, change: Record<string, unknown>): ProjectMutation => ({
  settings: (sections) => {
    sections[`onprem:${section}`] = { ...sections[`onprem:${section}`], ...change };
  },
});

/** A word that looks random, made for this test. */
const RANDOM_WORD = "q7Zp2VxL9sKd4RtYwB8nMf3H";

/** One line each, in the program, its settings or its chart. What needs a cloud is in test/engine/policies.test.ts. */
const CASES: Readonly<Record<string, MutationCase>> = {
  "a pod in the node's network": {
    policies: { "pods-baseline": "spec.template.spec.hostNetwork" },
    mutation: chart(
      "server-deployment.yaml",
      "      topologySpreadConstraints:",
      "      hostNetwork: true\n      topologySpreadConstraints:",
    ),
  },
  "a container that may become root": {
    policies: { "pods-restricted": "securityContext.allowPrivilegeEscalation" },
    mutation: chart("_names.tpl", "allowPrivilegeEscalation: false", "allowPrivilegeEscalation: true"),
  },
  "a namespace that lets more in": {
    policies: { "namespaces-pod-security": 'metadata.labels["pod-security.kubernetes.io/enforce"]' },
    mutation: {
      file: "dist/components/parse/parse-server.js",
      from: '"pod-security.kubernetes.io/enforce": "restricted"',
      to: '"pod-security.kubernetes.io/enforce": "baseline"',
    },
  },
  "an API token for everybody": {
    policies: { "service-account-tokens": "spec.template.spec.automountServiceAccountToken" },
    mutation: chart("_names.tpl", "automountServiceAccountToken: false", "automountServiceAccountToken: true"),
  },
  "an image whose tag moves": {
    policies: { "images-pinned": "spec.template.spec.initContainers[0].image" },
    mutation: chart(
      "server-deployment.yaml",
      "image: {{ $server.image }}",
      "image: lab.local/parseplatform/parse-server:latest",
    ),
  },
  "an image from elsewhere": {
    policies: { "images-registry-allowed": "spec.template.spec.containers[0].image" },
    mutation: chart(
      "postgresql.yaml",
      "- name: postgresql\n          image: {{ $settings.image }}",
      "- name: postgresql\n          image: docker.io/library/postgres:15.14",
    ),
  },
  "a container without bounds": {
    policies: { "containers-bounded": "spec.template.spec.containers[0].resources" },
    mutation: chart("postgresql.yaml", "resources: {{- toYaml $settings.resources | nindent 12 }}", "resources: {}"),
  },
  "a server that never says it is ready": {
    policies: { "containers-probed": "spec.template.spec.containers[0].readinessProbe" },
    mutation: chart("postgresql.yaml", "readinessProbe:", "unreadinessProbe:"),
  },
  "pods that talk to everybody": {
    policies: { "network-default-deny": "spec.template.metadata.labels" },
    mutation: chart("network-policies.yaml", "{{- if .Values.networkPolicy.enabled }}", "{{- if false }}"),
  },
  "a Service for the whole world": {
    policies: { "services-internal": "spec.type" },
    mutation: chart("server-service.yaml", "type: ClusterIP", "type: LoadBalancer"),
  },
  "a password in the environment": {
    policies: { "containers-without-secrets": "spec.template.spec.containers[0].env[0]" },
    mutation: chart(
      "server-deployment.yaml",
      "{ name: NODE_ENV, value: production }",
      "{ name: DATABASE_PASSWORD, value: correct-horse }",
    ),
  },
  "a secret in the chart's ConfigMap": {
    policies: { "configuration-without-secrets": "data.token" },
    mutation: chart("server-config.yaml", "  settings.json: |", `  token: ${RANDOM_WORD}\n  settings.json: |`),
  },
  "a secret among the chart's values": {
    policies: { "chart-values-without-secrets": "values.server.options.push.apiKey" },
    mutation: {
      file: "dist/components/parse/values.js",
      from: "options: settings.options ?? {}",
      to: `options: { push: { apiKey: "${RANDOM_WORD}" } }`,
    },
  },
  "a chart that cannot be rendered": {
    policies: { "charts-rendered": "chart" },
    mutation: chart("server-service.yaml", "type: ClusterIP", "type: {{ .Values.nothing.here }}"),
  },
  "a stack that is too small for production": {
    policies: {
      "workloads-redundant": "spec.replicas",
      "backup-scheduled": "onprem:backup.schedules",
      "alert-receiver": "onprem:monitoring.receivers",
      "monitoring-covers-components": "metadata.namespace",
    },
    mutation: settings("policy", { production: true }),
  },
  "an exception that has expired": {
    policies: { "exceptions-current": "policy.exceptions[0]" },
    mutation: settings("policy", {
      exceptions: [
        { policy: "images-pinned", resource: "release", reason: "Decided by J. Doe for a test", expires: "2026-01-01" },
      ],
    }),
  },
};

const decided = (findings: readonly PolicyFinding[]) => findings.filter(({ level }) => level !== "undecided");

describe("the policy pack on the dev stack, on the lab's engine and cluster", function () {
  this.timeout(120_000);
  const project = new MutatedProject();
  before(() => project.create());
  after(() => project.remove());

  it("has nothing to say of the stack as it is", async () => {
    const { exitCode, findings, output } = await project.preview();
    assert.equal(exitCode, 0, output);
    assert.deepEqual(decided(findings), []);
  });

  for (const [name, { policies, mutation }] of Object.entries(CASES)) {
    it(`finds ${name}: ${Object.keys(policies).join(", ")}`, async () => {
      const { exitCode, findings, output } = await project.preview(mutation);
      assert.notEqual(exitCode, 0, output);
      for (const [policy, property] of Object.entries(policies)) {
        const found = decided(findings).filter((finding) => finding.policy === policy);
        const messages = found.map(({ message }) => message);
        assert.ok(
          messages.some((message) => message.includes(property)),
          output,
        );
        for (const message of messages) assert.match(message, /"\S+"|the stack/, "names no resource");
        for (const message of messages) assert.match(message, /\nMend: \S/, "names no way out");
      }
    });
  }
});
