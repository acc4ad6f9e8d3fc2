import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { prometheusStack } from "../../../components/releases/prometheus";
import { flux, images, velero } from "../../../components/releases/releases";
import { imageRecipes } from "../../../lab/images/recipes";
import { imageMirror, projectRoot } from "../../../lab/layout";
import { earlierLabFluxManifest, labFluxManifest } from "../../../lab/mirror/flux";

const read = (...path: string[]) => readFileSync(join(projectRoot, ...path), "utf8");

/** An image as Docker Hub's users write it: without the registry, and without `library` for its own images. */
const short = ({ repository, tag }: { readonly repository: string; readonly tag: string }) =>
  `${repository.replace(/^docker\.io\/(library\/)?/, "")}:${tag}`;

/** Version of a Go module that one of the lab's go.mod files asks for itself. */
function required(toolchain: string, module: string): string | undefined {
  const direct = read("lab", "toolchain", toolchain, "go.mod").replace(/^.*\/\/ indirect$/gm, "");
  return new RegExp(`^\\s*(?:require )?${module.replace(/[.]/g, "\\.")} (v\\S+)$`, "m").exec(direct)?.[1];
}

/** Prometheus' own versions as Go modules: https://github.com/prometheus/prometheus/blob/main/RELEASE.md */
const prometheusModule = (version: string) => {
  const [major = "", minor = "", patch = ""] = version.split(".");
  return `v0.${major}${minor.padStart(2, "0")}.${patch}`;
};

describe("versions that are pinned outside components/releases are the same there", () => {
  const { alertmanager, prometheus, prometheusOperator } = prometheusStack.programs;

  it("in the values of Parse Server's chart", () => {
    const { dashboard, database, server } = parse(read("charts", "parse-server", "values.yaml"));
    assert.equal(server.image, short(images.parseServer));
    assert.equal(dashboard.image, short(images.parseDashboard));
    assert.equal(database.mongodb.image, short(images.mongodb));
    assert.equal(database.postgresql.image, short(images.postgresql));
    assert.equal(parse(read("charts", "parse-server", "Chart.yaml")).appVersion, images.parseServer.tag);
  });

  it("in the lab's images, which have the names and tags that the platform asks a mirror for", () => {
    const references = Object.values(imageRecipes).flatMap((part) =>
      Object.values(part).map(({ reference }) => reference),
    );
    const pathOf = (repository: string) => repository.split("/").slice(1).join("/");
    const pinned = Object.entries(images).flatMap(([role, release]) => {
      const built = references.filter((one) => one.startsWith(`${imageMirror}/${pathOf(release.repository)}:`));
      return built.map((reference) => [role, reference, `${imageMirror}/${pathOf(release.repository)}:${release.tag}`]);
    });
    // Debian has PostgreSQL 15; the lab's settings ask for that tag.
    const others = pinned.filter(([role]) => role !== "postgresql");
    assert.deepEqual(
      others.map(([role]) => role),
      ["parseServer", "versitygw", "velero", "veleroPluginForAws", "blackboxExporter"],
    );
    for (const [role, reference, expected] of others) assert.equal(reference, expected, role);
    for (const [name, version] of Object.entries({ prometheus, alertmanager })) {
      assert.ok(references.includes(`${imageMirror}/prometheus/${name}:v${version}`), name);
    }
    for (const name of ["prometheus-operator", "prometheus-config-reloader"]) {
      assert.ok(references.includes(`${imageMirror}/prometheus-operator/${name}:v${prometheusOperator}`), name);
    }
  });

  it("in what the lab builds those images from", () => {
    const { dependencies } = JSON.parse(read("lab", "images", "parse-server", "package.json"));
    const { packages } = JSON.parse(read("lab", "images", "parse-server", "package-lock.json"));
    assert.equal(dependencies["parse-server"], images.parseServer.tag);
    assert.equal(packages["node_modules/parse-server"].version, images.parseServer.tag);
    assert.equal(required("backup", "github.com/vmware-tanzu/velero"), images.velero.tag);
    assert.equal(required("backup", "github.com/vmware-tanzu/velero-plugin-for-aws"), images.veleroPluginForAws.tag);
    assert.equal(required("backup", "github.com/versity/versitygw"), images.versitygw.tag);
    assert.equal(required("monitoring", "github.com/prometheus/blackbox_exporter"), images.blackboxExporter.tag);
    assert.equal(required("monitoring", "github.com/prometheus/alertmanager"), `v${alertmanager}`);
    assert.equal(required("monitoring", "github.com/prometheus/prometheus"), prometheusModule(prometheus));
    const operator = "github.com/prometheus-operator/prometheus-operator";
    assert.equal(required("monitoring", operator), `v${prometheusOperator}`);
  });

  it("in the lab's mirror of charts and manifests", () => {
    const chart = parse(read("lab", "mirror", prometheusStack.chart, "Chart.yaml"));
    assert.deepEqual([chart.version, chart.appVersion], [prometheusStack.version, `v${prometheusOperator}`]);
    assert.equal(labFluxManifest.version, flux.version);
    assert.notEqual(earlierLabFluxManifest.version, flux.version);
    assert.equal(images.velero.tag, `v${velero.version}`);
  });
});
