import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { googleLabels, googleName, regionOf } from "../google/names-and-labels";
import { DATA_DEVICE, userData } from "./cloud-config";
import { WANTED_STATE } from "./machine-programs";

/** Arguments of {@link RancherMachine}. */
export interface RancherMachineArgs {
  /** Customer's name. */
  readonly customer: string;
  /** Google Cloud zone. */
  readonly zone: string;
  /** Machine type. */
  readonly machineType: string;
  /** Data disk, GB. */
  readonly dataDiskSizeGb: number;
  /** Daily snapshots of the data disk. */
  readonly snapshots: { readonly hourUtc: number; readonly retentionDays: number };
  /** E-mail of the VM's service account. */
  readonly account: pulumi.Input<string>;
  /** Link to the subnet. */
  readonly subnetwork: pulumi.Input<string>;
  /** The static public address. */
  readonly address: pulumi.Input<string>;
  /** What the VM is to run, as JSON without secrets. */
  readonly wantedState: pulumi.Input<string>;
  /** Refuses to delete or replace the VM and its data disk. */
  readonly deletionProtection: boolean;
  /** Further labels. */
  readonly labels: Record<string, string>;
}

/** The name without `-amd64` differs from what Google answers, and with it every preview. */
const IMAGE_FAMILY = "ubuntu-os-cloud/ubuntu-2404-lts-amd64";
const BOOT_DISK_GB = 30;

/** The VM that Rancher runs on, and the disk that its data is on. The VM can be replaced, the disk stays. */
export class RancherMachine extends pulumi.ComponentResource {
  /** The VM. */
  readonly instance: gcp.compute.Instance;
  /** What the VM was last told to run: not what this run asks for, where it leaves the VM as it is. */
  readonly toldState: pulumi.Output<string | undefined>;

  constructor(name: string, args: RancherMachineArgs, opts?: pulumi.ComponentResourceOptions) {
    super("onprem:rancher:RancherMachine", name, {}, opts);
    const labels = googleLabels(args.customer, args.labels);
    const disk = this.dataDisk(args, labels);
    this.instance = new gcp.compute.Instance(
      "instance",
      {
        name: googleName("rancher", args.customer),
        zone: args.zone,
        machineType: args.machineType,
        labels,
        bootDisk: {
          autoDelete: true,
          initializeParams: { image: IMAGE_FAMILY, size: BOOT_DISK_GB, type: "pd-balanced", labels },
        },
        attachedDisks: [{ source: disk.selfLink, deviceName: DATA_DEVICE, mode: "READ_WRITE" }],
        networkInterfaces: [{ subnetwork: args.subnetwork, accessConfigs: [{ natIp: args.address }] }],
        canIpForward: false,
        // The scope is Google's recommendation; what may be done is said by the account's roles.
        serviceAccount: { email: args.account, scopes: ["https://www.googleapis.com/auth/cloud-platform"] },
        shieldedInstanceConfig: { enableSecureBoot: true, enableVtpm: true, enableIntegrityMonitoring: true },
        scheduling: { automaticRestart: true, onHostMaintenance: "MIGRATE" },
        metadata: {
          "enable-oslogin": "TRUE",
          "block-project-ssh-keys": "TRUE",
          "serial-port-enable": "FALSE",
          "user-data": userData(),
          [WANTED_STATE]: args.wantedState,
        },
        allowStoppingForUpdate: true,
        deletionProtection: args.deletionProtection,
      },
      {
        parent: this,
        protect: args.deletionProtection,
        // A new VM can have neither the address nor the disk while the old one has them.
        deleteBeforeReplace: true,
      },
    );
    // Its own address says that there is one: what was asked for is an output of one that was left out of the run too.
    this.toldState = pulumi
      .all([this.instance.metadata, this.instance.selfLink])
      .apply(([metadata, made]) => (made ? metadata?.[WANTED_STATE] : undefined));
    this.registerOutputs({ instance: this.instance.name });
  }

  private dataDisk(args: RancherMachineArgs, labels: Record<string, string>): gcp.compute.Disk {
    const { customer, zone } = args;
    const disk = new gcp.compute.Disk(
      "data-disk",
      { name: `${googleName("rancher", customer)}-data`, zone, type: "pd-balanced", size: args.dataDiskSizeGb, labels },
      { parent: this, protect: args.deletionProtection },
    );
    // Auto-named: a schedule that a disk follows cannot be deleted, so its replacement has to come first.
    const schedule = new gcp.compute.ResourcePolicy(
      "snapshots",
      {
        region: regionOf(zone),
        snapshotSchedulePolicy: {
          schedule: {
            dailySchedule: { daysInCycle: 1, startTime: `${String(args.snapshots.hourUtc).padStart(2, "0")}:00` },
          },
          retentionPolicy: {
            maxRetentionDays: args.snapshots.retentionDays,
            onSourceDiskDelete: "APPLY_RETENTION_POLICY",
          },
          snapshotProperties: { labels, storageLocations: regionOf(zone) },
        },
      },
      { parent: this },
    );
    new gcp.compute.DiskResourcePolicyAttachment(
      "snapshots",
      { name: schedule.name, disk: disk.name, zone },
      // One schedule at a time: two would make two snapshots a day.
      { parent: this, deleteBeforeReplace: true },
    );
    return disk;
  }
}
