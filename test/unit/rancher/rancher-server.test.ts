import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { RancherServerArgs } from "../../../components/rancher/rancher-server";
import type { Run } from "../../support/pulumi-mocks";
import { deploy, FIREWALL, INSTANCE, metadataOf } from "./rancher-server-run";

/** Generated passwords and keys as the harness makes them. */
const secretsIn = (run: Run<unknown>) =>
  run
    .all("gcp:secretmanager/secretVersion:SecretVersion")
    .map(({ inputs }) => String(inputs.secretData))
    .filter((text) => !text.startsWith("{"));

describe("RancherServer", () => {
  it("puts every resource of Google's on the given provider, somewhere under itself", async () => {
    const run = await deploy();
    const parents = run.registrations.filter(({ type }) => type.startsWith("onprem:rancher:")).map(({ urn }) => urn);
    const children = run.registrations.filter(({ type }) => type.startsWith("gcp:"));
    assert.ok(children.length > 15);
    for (const child of children) {
      assert.ok(parents.includes(child.parent), child.name);
      assert.match(child.provider, /::google::google-id$/, child.name);
    }
  });

  it("can be previewed from nothing", async () => {
    const run = await deploy({}, { preview: true, compute: () => ({}) });
    assert.equal(run.all(INSTANCE).length, 1);
  });

  describe("the firewall", () => {
    const open = async (args: Partial<RancherServerArgs> = {}) =>
      Object.fromEntries(
        (await deploy(args))
          .all(FIREWALL)
          .map(({ inputs }) => [(inputs.allows as { ports: string[] }[])[0]?.ports.join(), inputs.sourceRanges]),
      );

    it("lets in those whom the settings name, and the clusters", async () => {
      const clusterAddresses = [pulumi.output("192.0.2.20")];
      assert.deepEqual((await open({ clusterAddresses }))["443"], ["203.0.113.0/28", "192.0.2.20/32"]);
    });

    it("lets in SSH from Identity-Aware Proxy only", async () => {
      assert.deepEqual((await open())["22"], ["35.235.240.0/20"]);
    });

    it("opens port 80 where Let's Encrypt needs it and nowhere else", async () => {
      assert.deepEqual((await open({ tls: { kind: "letsencrypt" } }))["80"], ["0.0.0.0/0"]);
      assert.deepEqual(Object.keys(await open()).sort(), ["22", "443"]);
    });

    it("is for the VM's service account, and logged", async () => {
      for (const { inputs } of (await deploy()).all(FIREWALL)) {
        assert.deepEqual(inputs.targetServiceAccounts, ["rancher-acme@example.com"]);
        assert.ok(inputs.logConfig);
      }
    });
  });

  describe("the service account", () => {
    it("may write logs and metrics, read its own secrets, and nothing else", async () => {
      const run = await deploy();
      const member = "serviceAccount:rancher-acme@example.com";
      const grants = run.registrations.filter(({ inputs }) => inputs.member === member);
      assert.deepEqual(grants.map(({ inputs }) => inputs.role).sort(), [
        "roles/logging.logWriter",
        "roles/monitoring.metricWriter",
        "roles/secretmanager.secretAccessor",
        "roles/secretmanager.secretAccessor",
      ]);
      const ofSecrets = run.all("gcp:secretmanager/secretIamMember:SecretIamMember");
      assert.deepEqual(ofSecrets.map(({ inputs }) => inputs.secretId).sort(), [
        "bootstrap-password-id",
        "certificate-id",
      ]);
    });
  });

  describe("the VM", () => {
    const HARDENING: readonly [statement: string, property: string, value: unknown][] = [
      [
        "proves what it booted",
        "shieldedInstanceConfig",
        { enableSecureBoot: true, enableVtpm: true, enableIntegrityMonitoring: true },
      ],
      ["cannot be deleted by mistake", "deletionProtection", true],
      ["forwards nothing", "canIpForward", false],
      ["may be stopped to become another machine type", "allowStoppingForUpdate", true],
      ["is a current machine type", "machineType", "e2-standard-4"],
      ["comes back by itself", "scheduling", { automaticRestart: true, onHostMaintenance: "MIGRATE" }],
    ];
    for (const [statement, property, value] of HARDENING) {
      it(statement, async () => {
        assert.deepEqual((await deploy()).one(INSTANCE).inputs[property], value);
      });
    }

    it("takes logins from OS Login alone, and none on its serial port", async () => {
      const metadata = metadataOf(await deploy());
      assert.equal(metadata["enable-oslogin"], "TRUE");
      assert.equal(metadata["block-project-ssh-keys"], "TRUE");
      assert.equal(metadata["serial-port-enable"], "FALSE");
    });

    it("runs Ubuntu 24.04 by the name that does not differ in every preview", async () => {
      const { bootDisk } = (await deploy()).one(INSTANCE).inputs as {
        bootDisk: { initializeParams: { image: string } };
      };
      assert.equal(bootDisk.initializeParams.image, "ubuntu-os-cloud/ubuntu-2404-lts-amd64");
    });

    it("has no startup script, a change of which would replace it", async () => {
      assert.equal((await deploy()).one(INSTANCE).inputs.metadataStartupScript, undefined);
    });

    it("goes before its replacement comes, since there is one address and one data disk", async () => {
      const instance = (await deploy()).one(INSTANCE);
      assert.equal(instance.deleteBeforeReplace, true);
      const [card, ...others] = instance.inputs.networkInterfaces as { accessConfigs: unknown }[];
      assert.deepEqual(others, []);
      assert.deepEqual(card?.accessConfigs, [{ natIp: "192.0.2.1" }]);
      assert.equal((instance.inputs.attachedDisks as { deviceName: string }[])[0]?.deviceName, "rancher-data");
    });

    it("is asked for a new version by its metadata alone: nothing else moves", async () => {
      const [before, after] = [await deploy(), await deploy({ image: "docker.io/rancher/rancher:v2.15.0" })];
      const changed = before.registrations.filter(({ type, name, inputs }) => {
        const same = after.one(type, name);
        return JSON.stringify(inputs) !== JSON.stringify(same.inputs);
      });
      assert.deepEqual(
        changed.map(({ name }) => name),
        ["instance"],
      );
      const [old, fresh] = [metadataOf(before), metadataOf(after)];
      assert.deepEqual({ ...old, "rancher-server": "" }, { ...fresh, "rancher-server": "" });
      assert.match(fresh["rancher-server"] ?? "", /rancher:v2\.15\.0/);
    });
  });

  describe("the data disk", () => {
    it("is a disk of its own, with a snapshot a day that outlives mistakes", async () => {
      const run = await deploy();
      const disk = run.one("gcp:compute/disk:Disk");
      assert.equal(disk.inputs.size, 50);
      const { snapshotSchedulePolicy: policy } = run.one("gcp:compute/resourcePolicy:ResourcePolicy").inputs as {
        snapshotSchedulePolicy: { schedule: unknown; retentionPolicy: unknown };
      };
      assert.deepEqual(policy.schedule, { dailySchedule: { daysInCycle: 1, startTime: "01:00" } });
      assert.deepEqual(policy.retentionPolicy, {
        maxRetentionDays: 14,
        onSourceDiskDelete: "APPLY_RETENTION_POLICY",
      });
    });

    it("follows one schedule at a time, which is named anew where it changes", async () => {
      const run = await deploy();
      assert.equal(run.one("gcp:compute/resourcePolicy:ResourcePolicy").inputs.name, undefined);
      const attachment = run.one("gcp:compute/diskResourcePolicyAttachment:DiskResourcePolicyAttachment");
      assert.equal(attachment.inputs.name, "snapshots-1a2b3c");
      assert.equal(attachment.deleteBeforeReplace, true);
    });
  });

  it("protects the VM, its data and its address until the settings say otherwise", async () => {
    const names = async (deletionProtection: boolean) =>
      (await deploy({ deletionProtection })).registrations.filter((one) => one.protect).map(({ name }) => name);
    assert.deepEqual((await names(true)).sort(), ["address", "data-disk", "instance"]);
    assert.deepEqual(await names(false), []);
  });

  describe("secrets", () => {
    it("are in Secret Manager, in the VM's region, and marked secret", async () => {
      const run = await deploy();
      const secrets = run.all("gcp:secretmanager/secret:Secret");
      assert.deepEqual(secrets.map(({ inputs }) => inputs.secretId).sort(), [
        "rancher-acme-bootstrap-password",
        "rancher-acme-certificate",
      ]);
      for (const { inputs } of secrets)
        assert.deepEqual(inputs.replication, { userManaged: { replicas: [{ location: "europe-west3" }] } });
      for (const version of run.all("gcp:secretmanager/secretVersion:SecretVersion"))
        assert.deepEqual(version.secretInputs, ["secretData"]);
    });

    it("are not in the VM's metadata, which names their versions", async () => {
      const run = await deploy();
      const metadata = JSON.stringify(metadataOf(run));
      const [password = ""] = secretsIn(run);
      assert.match(password, /^bootstrappassword/);
      assert.ok(!metadata.includes(password));
      assert.doesNotMatch(metadata, /PRIVATE|CERTIFICATE PEM/);
      assert.deepEqual(JSON.parse(metadataOf(run)["rancher-server"] ?? "").secrets, {
        bootstrapPassword: "versions/of/bootstrap-password/1",
        certificate: "versions/of/certificate/1",
      });
      assert.deepEqual(run.one(INSTANCE).secretInputs, [], "so that changes can be read in previews");
    });

    it("have no certificate among them where Let's Encrypt makes it", async () => {
      const run = await deploy({ tls: { kind: "letsencrypt" } });
      assert.equal(run.all("gcp:secretmanager/secret:Secret").length, 1);
    });
  });

  describe("the DNS record", () => {
    it("is made where the settings say in which zone", async () => {
      const dns = { managedZone: "acme-example-com", ttlSeconds: 300, project: "dns-project" };
      assert.deepEqual((await deploy({ dns })).one("gcp:dns/recordSet:RecordSet").inputs, {
        name: "rancher.acme.example.com.",
        type: "A",
        ttl: 300,
        managedZone: "acme-example-com",
        project: "dns-project",
        rrdatas: ["192.0.2.1"],
      });
      assert.deepEqual((await deploy()).all("gcp:dns/recordSet:RecordSet"), []);
    });
  });
});
