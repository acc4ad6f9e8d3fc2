import assert from "node:assert/strict";
import * as gcp from "@pulumi/gcp";
import { GkeNetwork } from "../../../components/cluster/gke-network";
import { outputValue, runProgram } from "../../support/pulumi-mocks";

const ranges = {
  nodeRange: "10.10.0.0/20",
  podRange: "10.20.0.0/16",
  serviceRange: "10.30.0.0/20",
  controlPlaneRange: "172.16.0.0/28",
};

const deploy = () =>
  runProgram(
    () => {
      const google = new gcp.Provider("google", { project: "acme-platform" });
      const args = { customer: "acme", region: "europe-west3", ...ranges, labels: { "cost-centre": "4711" } };
      return new GkeNetwork("network", args, { providers: { gcp: google } });
    },
    { compute: ({ type }) => (type === "gcp:compute/address:Address" ? { address: "192.0.2.20" } : undefined) },
  );

describe("GkeNetwork", () => {
  it("makes every resource on the given provider, under itself", async () => {
    const run = await deploy();
    const component = run.one("onprem:cluster:GkeNetwork");
    const children = run.registrations.filter(({ type }) => type.startsWith("gcp:"));
    assert.equal(children.length, 6);
    for (const child of children) {
      assert.equal(child.parent, component.urn, child.name);
      assert.match(child.provider, /::google::google-id$/, child.name);
    }
  });

  it("has one subnet with ranges for pods and Services, from which Google's APIs can be reached", async () => {
    const run = await deploy();
    assert.equal(run.one("gcp:compute/network:Network").inputs.autoCreateSubnetworks, false);
    const { inputs } = run.one("gcp:compute/subnetwork:Subnetwork");
    assert.equal(inputs.ipCidrRange, ranges.nodeRange);
    assert.deepEqual(inputs.secondaryIpRanges, [
      { rangeName: "pods-10-20-0-0-16", ipCidrRange: ranges.podRange },
      { rangeName: "services-10-30-0-0-20", ipCidrRange: ranges.serviceRange },
    ]);
    assert.equal(inputs.privateIpGoogleAccess, true);
    assert.ok(inputs.logConfig);
    const { result } = run;
    assert.equal(await outputValue(result.place.network), "gke-acme");
    assert.deepEqual(
      [result.place.podRangeName, result.place.serviceRangeName],
      ["pods-10-20-0-0-16", "services-10-30-0-0-20"],
    );
  });

  it("lets nodes out through one static address that it hands out", async () => {
    const run = await deploy();
    assert.equal(await outputValue(run.result.egressAddress), "192.0.2.20");
    const { inputs } = run.one("gcp:compute/routerNat:RouterNat");
    assert.equal(inputs.natIpAllocateOption, "MANUAL_ONLY");
    assert.equal((inputs.natIps as unknown[]).length, 1);
    assert.deepEqual(run.one("gcp:compute/address:Address").inputs.labels, {
      "cost-centre": "4711",
      customer: "acme",
      "managed-by": "onprem-platform",
    });
  });

  it("lets in nobody but the control plane, and that only to webhooks", async () => {
    const { inputs } = (await deploy()).one("gcp:compute/firewall:Firewall");
    assert.deepEqual(inputs.sourceRanges, [ranges.controlPlaneRange]);
    assert.deepEqual(inputs.allows, [{ protocol: "tcp", ports: ["8443", "9443"] }]);
  });
});
