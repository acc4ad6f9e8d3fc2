/** A VM with its network, address and disk, and beside them what Google Cloud refuses to make. */
import * as gcp from "@pulumi/gcp";

const zone = "europe-west3-a";
const google = { provider: new gcp.Provider("google", { project: "acme-platform", region: "europe-west3" }) };
const network = new gcp.compute.Network("network", { name: "acme", autoCreateSubnetworks: false }, google);
const subnetwork = new gcp.compute.Subnetwork(
  "nodes",
  { name: "acme", network: network.id, ipCidrRange: "10.0.0.0/20" },
  google,
);
const address = new gcp.compute.Address("address", {}, google);
const disk = new gcp.compute.Disk("disk", { zone }, google);
const machine = {
  zone,
  machineType: "e2-standard-4",
  bootDisk: { initializeParams: { image: "ubuntu-os-cloud/ubuntu-2404-lts-amd64" } },
  networkInterfaces: [{ subnetwork: subnetwork.id }],
};
const addressed = [{ subnetwork: subnetwork.id, accessConfigs: [{ natIp: address.address }] }];
const attachedDisks = [{ source: disk.selfLink }];
const first = new gcp.compute.Instance("first", { ...machine, networkInterfaces: addressed, attachedDisks }, google);

const afterwards = { ...google, dependsOn: first };
new gcp.compute.Network("same-name", { name: "acme", autoCreateSubnetworks: false }, afterwards);
new gcp.compute.Subnetwork("overlapping", { network: network.id, ipCidrRange: "10.0.8.0/24" }, afterwards);
new gcp.compute.Instance("same-address", { ...machine, networkInterfaces: addressed }, afterwards);
new gcp.compute.Instance("same-disk", { ...machine, attachedDisks }, afterwards);
const email = "nobody@acme-platform.iam.gserviceaccount.com";
new gcp.compute.Instance("no-account", { ...machine, serviceAccount: { email, scopes: [] } }, afterwards);
const cluster = { location: "europe-west3", initialNodeCount: 1 };
new gcp.container.Cluster("old-version", { ...cluster, minMasterVersion: "1.21" }, afterwards);
new gcp.container.Cluster(
  "no-network",
  { ...cluster, network: "projects/acme-platform/global/networks/x" },
  afterwards,
);
