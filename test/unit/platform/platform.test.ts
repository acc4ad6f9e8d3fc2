import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { outputValue, type Registration, type Run } from "../../support/pulumi-mocks";
import { deploy, KUBECONFIG, own, REGISTERED, SYNC } from "../../support/sample-platform";
import { gke, rancher } from "../../support/settings/valid-settings";

describe("CustomerPlatform", () => {
  const path = process.env.PATH;
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "platform-test-"));
    const plugin = join(folder, "gke-gcloud-auth-plugin");
    writeFileSync(plugin, "#!/bin/sh\n");
    chmodSync(plugin, 0o755);
    process.env.PATH = `${folder}${delimiter}${path}`;
  });
  after(() => {
    process.env.PATH = path;
    rmSync(folder, { recursive: true });
  });

  /**
   * The kubeconfig that Parse's release goes by, and what Parse waits for and outlives nothing of: the engine orders
   * the children of a component after what the component depends on, and before it when it destroys.
   */
  const releaseOf = (run: Run<unknown>) => {
    const release = run.one("kubernetes:helm.sh/v3:Release");
    const [providerUrn] = release.provider.split(/::(?=[^:]*$)/);
    const provider = run.registrations.find(({ urn }) => urn === providerUrn);
    return {
      kubeconfig: String(provider?.inputs.kubeconfig),
      dependencies: run.one("onprem:parse:ParseServer").dependencies,
    };
  };

  describe("on a cluster of the customer's own", () => {
    it("makes backups of Parse's namespace, with the files of the release and images of the mirror", async () => {
      const sources = { images: "mirror.example.com", manifests: "unused" };
      const asked: string[] = [];
      const readReleaseFile = async ({ url }: { url: string }) => {
        asked.push(url);
        return "metadata: { name: some.velero.io }\nspec: {}";
      };
      const run = await deploy({ cluster: own, sources, backup: {} }, {}, { readReleaseFile });
      assert.equal(asked.length, 13);
      const server = run.one("kubernetes:apps/v1:Deployment", "server").inputs.spec as {
        template: { spec: { containers: { image: string }[] } };
      };
      assert.match(server.template.spec.containers[0]?.image ?? "", /^mirror\.example\.com\/velero\/velero:v/);
      const schedules = run.all("kubernetes:velero.io/v1:Schedule").map(({ inputs }) => inputs.spec);
      assert.equal(schedules.length, 3);
      for (const schedule of schedules as { template: { includedNamespaces: string[] } }[]) {
        assert.deepEqual(schedule.template.includedNamespaces, ["parse"]);
      }
      assert.deepEqual(await outputValue(run.result.backup?.schedules), ["hourly", "daily", "weekly"]);
    });

    it("has no Velero where no backup is asked for", async () => {
      const run = await deploy({ cluster: own });
      assert.equal(run.result.backup, undefined);
      assert.deepEqual(run.all("onprem:backup:Backup"), []);
    });

    it("needs no cloud", async () => {
      const run = await deploy({ cluster: own });
      assert.deepEqual(
        run.registrations.filter(({ type }) => /gcp|rancher2/.test(type)),
        [],
      );
      assert.equal(releaseOf(run).kubeconfig, KUBECONFIG);
      assert.equal(run.result.rancher, undefined);
    });

    it("registers it in Rancher by an agent, and puts nothing in it before it is active there", async () => {
      const run = await deploy({ cluster: own, rancher: rancher({ project: "acme-platform" }) });
      assert.equal(run.one(REGISTERED).inputs.gkeConfigV2, undefined);
      const agent = run.one("kubernetes:apps/v1:Deployment");
      assert.match(JSON.stringify(agent.inputs.spec), /rancher\/rancher-agent:v2\.14\.4/);
      assert.ok(releaseOf(run).dependencies.includes(run.one(SYNC).urn));
    });
  });

  describe("on GKE", () => {
    it("needs no Rancher", async () => {
      const run = await deploy({ cluster: gke() });
      assert.deepEqual(
        run.registrations.filter(({ type }) => type.startsWith("rancher2")),
        [],
      );
      assert.match(releaseOf(run).kubeconfig, /192\.0\.2\.10/);
    });

    it("lets Rancher into the control plane and the cluster into Rancher, and nobody else besides", async () => {
      const run = await deploy({ cluster: gke(), rancher: rancher() });
      const { masterAuthorizedNetworksConfig } = run.one("gcp:container/cluster:Cluster").inputs;
      assert.deepEqual((masterAuthorizedNetworksConfig as { cidrBlocks: unknown }).cidrBlocks, [
        { displayName: "rancher", cidrBlock: "192.0.2.1/32" },
      ]);
      const { sourceRanges } = run.one("gcp:compute/firewall:Firewall", "https").inputs;
      assert.deepEqual(sourceRanges, ["203.0.113.0/24", "192.0.2.20/32"]);
    });

    it("imports the cluster and puts nothing in it before it is active in Rancher", async () => {
      const run = await deploy({ cluster: gke(), rancher: rancher() });
      assert.equal((run.one(REGISTERED).inputs.gkeConfigV2 as { imported: boolean }).imported, true);
      assert.ok(releaseOf(run).dependencies.includes(run.one(SYNC).urn));
      assert.match(releaseOf(run).kubeconfig, /192\.0\.2\.10/, "but goes to it by its own address");
    });

    it("keeps Rancher's VM until the cluster is gone", async () => {
      const run = await deploy({ cluster: gke(), rancher: rancher() });
      const instance = run.one("gcp:compute/instance:Instance");
      assert.ok(run.one("onprem:cluster:GkeCluster").dependencies.includes(instance.urn));
    });

    it("has one provider of Google's, or two where Rancher has a project of its own", async () => {
      const projects = async (more: object) =>
        (await deploy({ cluster: gke(), rancher: rancher({ ...more }) }))
          .all("pulumi:providers:gcp")
          .map(({ inputs }) => inputs.project)
          .sort();
      assert.deepEqual(await projects({}), ["acme-platform"]);
      assert.deepEqual(await projects({ project: "acme-rancher" }), ["acme-platform", "acme-rancher"]);
    });

    it("is refused before anything is registered where Google's plugin is missing", async () => {
      const full = process.env.PATH;
      process.env.PATH = "/nowhere";
      try {
        await assert.rejects(deploy({ cluster: gke() }), {
          code: "KUBECONFIG_UNUSABLE",
          message: /nothing was created/,
        });
      } finally {
        process.env.PATH = full;
      }
    });
  });

  describe("people", () => {
    it("are made in Rancher, with the application's namespace in their project", async () => {
      const access = { users: [{ name: "jane" }], members: [{ user: "jane", role: "project-owner" }] };
      const run = await deploy({ cluster: gke(), rancher: rancher(), access });
      assert.deepEqual(Object.keys(await outputValue(run.result.access?.initialPasswords ?? {})), ["jane"]);
      const { metadata } = run.one("kubernetes:core/v1:NamespacePatch").inputs as { metadata: { name: string } };
      assert.equal(metadata.name, "parse");
    });
  });

  it("can be previewed from nothing, in each of its shapes", async () => {
    const shapes = [
      { cluster: gke(), rancher: rancher(), access: {} },
      { cluster: own, rancher: rancher({ project: "acme-platform" }) },
    ];
    for (const shape of shapes) {
      const run = await deploy(shape, { preview: true, compute: () => ({}) });
      assert.equal(run.all(SYNC).length, 1);
    }
  });

  it("registers nothing, in none of its shapes, before the gates have passed the versions", async () => {
    const shapes = [
      { cluster: gke(), rancher: rancher(), access: { users: [{ name: "jane" }] } },
      { cluster: own, rancher: rancher({ project: "acme-platform" }) },
    ];
    for (const shape of shapes) {
      const lastVersions = sleep(100).then(() => undefined);
      const { registrations } = await deploy(shape, {}, { lastVersions });
      const [platform, record, ...others] = registrations.map(({ type }) => type);
      assert.deepEqual([platform, record], ["onprem:platform:CustomerPlatform", "onprem:platform:VersionRecord"]);
      assert.ok(others.length > 10, others.join("\n"));
    }
  });

  it("makes no kind while Velero's server starts, which would fail its backups: monitoring's before, Flux's after", async () => {
    const repository = {
      name: "fleet",
      url: "https://git.example.com/acme/fleet.git",
      authentication: { kind: "anonymous" },
    };
    const gitops = { repositories: [repository], kustomizations: [{ name: "apps", repository: "fleet" }] };
    const run = await deploy({ cluster: own, backup: {}, monitoring: {}, gitops });
    const kindsOf = (component: Registration) =>
      run
        .all("kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition")
        .filter(({ parent }) => parent === component.urn);
    const [velero, gitOps] = [run.one("onprem:backup:Velero"), run.one("onprem:gitops:GitOps")];
    const monitored = kindsOf(run.one("onprem:monitoring:MonitoringDefinitions"));
    assert.ok(monitored.length > 0);
    for (const { urn } of monitored) assert.ok(velero.dependencies.includes(urn), urn);
    const flux = run.one("onprem:gitops:Flux");
    assert.ok(kindsOf(flux).length > 0);
    assert.equal(flux.parent, gitOps.urn);
    const server = run.one("kubernetes:apps/v1:Deployment", "server");
    assert.equal(server.parent, velero.urn);
    assert.ok(gitOps.dependencies.includes(server.urn));
  });

  it("says how to look into the cluster", async () => {
    const run = await deploy({ cluster: gke(), rancher: rancher() });
    const { rancher: link } = await outputValue(run.result.remoteAccess);
    assert.equal(link, "https://rancher.acme.example.com/dashboard/c/cluster-id/explorer");
  });
});
