import assert from "node:assert/strict";
import { gkeSpecification } from "../../../components/rancher/gke-specification";

const cluster = {
  customer: "acme",
  project: "acme-platform",
  location: "europe-west3",
  regional: true,
  nodeLocations: ["europe-west3-a", "europe-west3-b"],
  nodesPerZone: 2,
  machineType: "e2-standard-4",
  diskSizeGb: 100,
  kubernetesVersion: "1.35",
  maintenanceStart: "02:00",
  controlPlaneRange: "172.16.0.0/28",
};
const context = {
  credentialId: "cattle-global-data:cc-1",
  network: "gke-acme",
  subnetwork: "gke-acme",
  podRangeName: "pods",
  serviceRangeName: "services",
  authorisedNetworks: [{ name: "rancher", range: "192.0.2.1/32" }],
  labels: { customer: "acme" },
};

describe("a GKE cluster that Rancher creates", () => {
  const specification = gkeSpecification(cluster, context);

  it("is private and VPC-native, in the network made for it", () => {
    assert.deepEqual(specification.privateClusterConfig, {
      enablePrivateNodes: true,
      enablePrivateEndpoint: false,
      masterIpv4CidrBlock: "172.16.0.0/28",
    });
    assert.deepEqual(specification.ipAllocationPolicy, {
      useIpAliases: true,
      clusterSecondaryRangeName: "pods",
      servicesSecondaryRangeName: "services",
    });
    assert.equal(specification.network, "gke-acme");
  });

  it("has one pool with everything that Rancher does not allow to be left out", () => {
    const [pool, ...others] = specification.nodePools;
    assert.deepEqual(others, []);
    assert.deepEqual(
      [pool?.name, pool?.initialNodeCount, pool?.version, pool?.maxPodsConstraint],
      ["nodes", 2, "1.35", 110],
    );
    assert.deepEqual(pool?.management, { autoRepair: true, autoUpgrade: true });
    assert.deepEqual(pool?.autoscaling, { enabled: false });
    assert.equal(pool?.config.machineType, "e2-standard-4");
  });

  it("is in a region or in a zone", () => {
    assert.equal("zone" in specification, false);
    const zonal = gkeSpecification({ ...cluster, location: "europe-west3-a", regional: false }, context);
    assert.deepEqual(["zone" in zonal && zonal.zone, "region" in zonal], ["europe-west3-a", false]);
  });
});
