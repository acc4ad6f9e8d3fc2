import assert from "node:assert/strict";
import type { PolicyFinding } from "../../ops/preview/findings";
import { MutatedProject, type ProjectMutation } from "./mutated-project";

interface MutationCase {
  /** The policy that must catch it. */
  policy: string;
  mutation: ProjectMutation;
  /** The property that the message must name. */
  property: string;
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
    policy: "pods-baseline",
    mutation: chart(
      "server-deployment.yaml",
      "      topologySpreadConstraints:",
      "      hostNetwork: true\n      topologySpreadConstraints:",
    ),
    property: "spec.template.spec.hostNetwork",
  },
  "a container that may become root": {
    policy: "pods-restricted",
    mutation: chart("_names.tpl", "allowPrivilegeEscalation: false", "allowPrivilegeEscalation: true"),
    property: "securityContext.allowPrivilegeEscalation",
  },
  "a namespace that lets more in": {
    policy: "namespaces-pod-security",
    mutation: {
      file: "dist/components/parse/parse-server.js",
      from: '"pod-security.kubernetes.io/enforce": "restricted"',
      to: '"pod-security.kubernetes.io/enforce": "baseline"',
    },
    property: 'metadata.labels["pod-security.kubernetes.io/enforce"]',
  },
  "an API token for everybody": {
    policy: "service-account-tokens",
    mutation: chart("_names.tpl", "automountServiceAccountToken: false", "automountServiceAccountToken: true"),
    property: "spec.template.spec.automountServiceAccountToken",
  },
  "an image whose tag moves": {
    policy: "images-pinned",
    mutation: chart(
      "server-deployment.yaml",
      "image: {{ $server.image }}",
      "image: lab.local/parseplatform/parse-server:latest",
    ),
    property: "spec.template.spec.initContainers[0].image",
  },
  "an image from elsewhere": {
    policy: "images-registry-allowed",
    mutation: chart("postgresql.yaml", "image: {{ $settings.image }}", "image: docker.io/library/postgres:15.14"),
    property: "spec.template.spec.containers[0].image",
  },
  "a container without bounds": {
    policy: "containers-bounded",
    mutation: chart("postgresql.yaml", "resources: {{- toYaml $settings.resources | nindent 12 }}", "resources: {}"),
    property: "spec.template.spec.containers[0].resources",
  },
  "a server that never says it is ready": {
    policy: "containers-probed",
    mutation: chart("postgresql.yaml", "readinessProbe:", "unreadinessProbe:"),
    property: "spec.template.spec.containers[0].readinessProbe",
  },
  "pods that talk to everybody": {
    policy: "network-default-deny",
    mutation: chart("network-policies.yaml", "{{- if .Values.networkPolicy.enabled }}", "{{- if false }}"),
    property: "spec.template.metadata.labels",
  },
  "a Service for the whole world": {
    policy: "services-internal",
    mutation: chart("server-service.yaml", "type: ClusterIP", "type: LoadBalancer"),
    property: "spec.type",
  },
  "a password in the environment": {
    policy: "containers-without-secrets",
    mutation: chart(
      "server-deployment.yaml",
      "{ name: NODE_ENV, value: production }",
      "{ name: DATABASE_PASSWORD, value: correct-horse }",
    ),
    property: "spec.template.spec.containers[0].env[0]",
  },
  "a secret in the chart's ConfigMap": {
    policy: "configuration-without-secrets",
    mutation: chart("server-config.yaml", "data:", `data:\n  token: ${RANDOM_WORD}`),
    property: "data.token",
  },
  "a secret among the chart's values": {
    policy: "chart-values-without-secrets",
    mutation: settings("parse", { options: { push: { android: { apiKey: RANDOM_WORD } } } }),
    property: "values.server.options.push.android.apiKey",
  },
  "a chart that cannot be rendered": {
    policy: "charts-rendered",
    mutation: chart("server-service.yaml", "type: ClusterIP", "type: {{ .Values.nothing.here }}"),
    property: "chart",
  },
  "one pod in production": {
    policy: "workloads-redundant",
    mutation: settings("policy", { production: true }),
    property: "spec.replicas",
  },
  "production without a backup": {
    policy: "backup-scheduled",
    mutation: settings("policy", { production: true }),
    property: "onprem:backup.schedules",
  },
  "production in which nobody is told": {
    policy: "alert-receiver",
    mutation: settings("policy", { production: true }),
    property: "onprem:monitoring.receivers",
  },
  "production in the dark": {
    policy: "monitoring-covers-components",
    mutation: settings("policy", { production: true }),
    property: "metadata.namespace",
  },
  "an exception that has expired": {
    policy: "exceptions-current",
    mutation: settings("policy", {
      exceptions: [
        { policy: "images-pinned", resource: "release", reason: "Decided by J. Doe for a test", expires: "2026-01-01" },
      ],
    }),
    property: "policy.exceptions[0]",
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

  for (const [name, { policy, mutation, property }] of Object.entries(CASES)) {
    it(`${policy} catches ${name}`, async () => {
      const { exitCode, findings, output } = await project.preview(mutation);
      assert.notEqual(exitCode, 0, output);
      const found = decided(findings).filter((finding) => finding.policy === policy);
      const places = found.map(({ message }) => message);
      assert.ok(found.length > 0, output);
      assert.ok(
        places.some((message) => message.includes(property)),
        places.join("\n"),
      );
      for (const message of places) assert.match(message, /"\S+"|the stack/, "names no resource");
      for (const message of places) assert.match(message, /\nMend: \S/, "names no way out");
    });
  }
});
