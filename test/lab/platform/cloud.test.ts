import assert from "node:assert/strict";
import { join } from "node:path";
import { RANCHER_NAMESPACE } from "../../../components/monitoring/names";
import { alertRules } from "../../../components/monitoring/rules";
import { prometheusRuleSpec } from "../../../components/monitoring/rules/rule";
import { watchedOf } from "../../../components/platform/platform-monitoring";
import { parseSettings } from "../../../components/settings";
import { mirrorFolders } from "../../../lab/mirror";
import { kubectl } from "../../../lab/node/start";
import { proveParse } from "../../../lab/proof";
import { LabStack, type StackSettings } from "../../support/lab/lab-stack";

const UNPROTECTED = { deletionProtection: false };

/** What a customer has, made small enough for the lab's one node: its clouds are stand-ins, what is in the cluster is real. */
const CUSTOMERS: ReadonlyArray<{
  readonly name: string;
  readonly cluster: (prod: StackSettings, dev: StackSettings) => object;
  readonly tls: object;
  readonly firstDeleted: string;
}> = [
  {
    name: "on Google Cloud through Rancher",
    cluster: (prod) => ({ ...(prod.cluster as object), ...UNPROTECTED }),
    tls: { kind: "letsencrypt" },
    firstDeleted: "gcp:container/cluster:Cluster",
  },
  {
    name: "with a cluster of its own, registered in Rancher",
    cluster: (_, dev) => dev.cluster as object,
    tls: { kind: "selfSigned" },
    firstDeleted: "rancher2:index/cluster:Cluster",
  },
];

for (const [index, customer] of CUSTOMERS.entries()) {
  describe(`a customer ${customer.name}`, () => {
    // One with the plugins of the clouds as processes, as a customer's are.
    const stack = new LabStack(`cloud-${index}`, { attached: index > 0 });
    before(async () => {
      await stack.create();
      stack.write(settingsOf(stack, customer));
      await leaveAgent();
      await bringMonitoring();
    });
    after(async () => {
      await stack.remove();
      // The real Rancher takes its agent away with the cluster's entry; the stand-in does not.
      await kubectl("delete", "namespace", "cattle-system", "cattle-dashboards", "--ignore-not-found");
    });

    it("is previewed from nothing, and made as previewed", async () => {
      const planned = cloudResources(await stack.succeed("preview", "--json"));
      for (const type of [customer.firstDeleted, "gcp:compute/instance:Instance", "rancher2:index/user:User"])
        assert.ok(
          planned.some((line) => line.startsWith(type)),
          planned.join("\n"),
        );
      assert.deepEqual(stack.ledger.read().resources, [], "a preview makes nothing");
      await stack.up();
      const made = stack.ledger.read().resources.map(({ type, name }) => `${type} ${name}`);
      assert.deepEqual(made.sort(), planned);
    });

    it("has a Parse Server that answers every call, in the real cluster", async () => {
      const calls = await proveParse(await stack.parseAddress());
      assert.ok(calls.length >= 9);
    });

    it("has monitoring by Rancher's app, with the rules that a stack without Rancher has", async () => {
      const app = stack.ledger.read().resources.find(({ type }) => type === "rancher2:index/appV2:AppV2");
      assert.equal(app?.properties.chartVersion, "109.0.0+up80.9.1-rancher.5");
      const list = await kubectl("-n", RANCHER_NAMESPACE, "get", "prometheusrules.monitoring.coreos.com", "-o", "json");
      const { items } = JSON.parse(list) as { items: { metadata: { name: string }; spec: unknown }[] };
      const { parse } = stack.settings();
      const watched = watchedOf(
        parseSettings({ customer: stack.name, cluster: { kind: "existing", kubeconfig: "-" }, parse }),
      );
      const rules = alertRules(watched, RANCHER_NAMESPACE);
      assert.deepEqual(
        Object.fromEntries(items.map(({ metadata, spec }) => [metadata.name, spec])),
        Object.fromEntries(rules.map((group) => [`onprem-${group.name}`, prometheusRuleSpec(group, undefined)])),
      );
    });

    it("has nothing to change: the clouds and the cluster are as the state says, and the state as the settings say", async () => {
      await stack.succeed("refresh", "--yes", "--skip-preview", "--expect-no-changes");
      await stack.expectNoChanges();
    });

    it("is told at once, and before anything is changed, that Rancher's protected VM cannot move", async () => {
      const settings = settingsOf(stack, customer);
      stack.write({ ...settings, rancher: { ...settings.rancher, zone: "europe-west3-b", deletionProtection: true } });
      const { exitCode, output } = await stack.run("preview");
      stack.write(settings);
      assert.notEqual(exitCode, 0);
      assert.match(output, /error: The settings would replace or delete what is protected; nothing was changed/);
      assert.match(output, /onprem:rancher\.zone: europe-west3-\w → europe-west3-b/);
    });

    it("leaves nothing in the clouds and in the cluster when it is destroyed, the cluster before the Rancher it is in", async () => {
      await stack.succeed("destroy", "--yes", "--skip-preview");
      assert.deepEqual(stack.ledger.read().resources, []);
      const deleted = stack.ledger.journal().flatMap(({ operation, type }) => (operation === "delete" ? [type] : []));
      assert.ok(deleted.includes(customer.firstDeleted));
      assert.ok(deleted.indexOf(customer.firstDeleted) < deleted.indexOf("gcp:compute/instance:Instance"));
      await assert.rejects(kubectl("get", "namespace", stack.namespace), /not found/);
    });
  });
}

/** What a preview would make in the clouds, sorted. */
function cloudResources(preview: string): string[] {
  // Warnings stand around it.
  const json = preview.slice(preview.indexOf("{"), preview.lastIndexOf("}") + 1);
  const { steps } = JSON.parse(json) as { steps: { op: string; urn: string; newState?: { type: string } }[] };
  return steps
    .filter(({ op, newState }) => op === "create" && /^(gcp|rancher2):/.test(newState?.type ?? ""))
    .map(({ urn, newState }) => `${newState?.type} ${urn.split("::").pop()}`)
    .sort();
}

/** What a Rancher that was lost leaves in a cluster: an agent that looks for it. */
async function leaveAgent(): Promise<void> {
  await kubectl("create", "namespace", "cattle-system");
  const image = "lab.local/library/busybox:1.35";
  await kubectl(
    "-n",
    "cattle-system",
    "create",
    "deployment",
    "cattle-cluster-agent",
    `--image=${image}`,
    "--replicas=0",
  );
  const lostCa = "CATTLE_CA_CHECKSUM=0000";
  await kubectl("-n", "cattle-system", "set", "env", "deployment/cattle-cluster-agent", lostCa);
}

/** What Rancher's app would bring along, which the stand-in only records: kinds, and the namespace of dashboards. */
async function bringMonitoring(): Promise<void> {
  const folder = join(mirrorFolders.manifests, "prometheus-operator", "prometheus-operator");
  const apply = ["apply", "--server-side", "--force-conflicts", "--recursive", "--filename", folder];
  await kubectl(...apply);
  await kubectl("create", "namespace", "cattle-dashboards");
}

/** Prod's cloud and Rancher, with the lab's database and images. */
function settingsOf(
  stack: LabStack,
  { cluster, tls }: (typeof CUSTOMERS)[number],
): StackSettings & { rancher: object } {
  const [prod, dev] = [stack.settings("prod"), stack.settings()];
  const { backup: _, ...sections } = prod;
  const rancher = {
    ...(prod.rancher as object),
    ...UNPROTECTED,
    project: "acme-platform",
    tls,
  };
  return {
    ...sections,
    cluster: cluster(prod, dev),
    rancher,
    sources: dev.sources,
    parse: dev.parse,
    policy: dev.policy,
  };
}
