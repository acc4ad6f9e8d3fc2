import { execa } from "execa";
import { paths } from "../../lab/layout.js";
import { kubectl } from "../../lab/node/start.js";
import { labEnvironment } from "../../lab/stack.js";
import { LabStack, type StackSettings } from "./lab-stack";

/** Requests small enough for two cores. */
const small = { requests: { cpu: "20m", memory: "96Mi" }, limits: { memory: "768Mi" } };

/** A Velero object, as far as the tests look at it. */
export interface VeleroObject {
  metadata: { name: string; uid: string; labels?: Record<string, string> };
  spec: Record<string, unknown>;
  status?: { phase?: string; failureReason?: string; warnings?: number; errors?: number; message?: string };
}

/** A stack of the dev settings with Velero in a namespace of its own and a store in the cluster. */
export class BackupStack extends LabStack {
  /** Namespace of Velero. */
  readonly velero: string;

  constructor(name: string) {
    super(name);
    this.velero = `velero-${name}`;
  }

  override settings(): StackSettings {
    const settings = super.settings("dev");
    return {
      ...settings,
      cluster: { kind: "existing", kubeconfig: paths.kubeconfig },
      sources: { ...(settings.sources as object), manifests: paths.manifests },
      backup: {
        namespace: this.velero,
        locations: [
          {
            kind: "versitygw",
            name: "inside",
            default: true,
            storageSize: "2Gi",
            deletionProtection: false,
            resources: small,
          },
        ],
        schedules: [{ name: "yearly", cron: "0 0 1 1 *", retention: "48h" }],
        resources: small,
        volumeCopyResources: small,
      },
    };
  }

  /** Writes the settings with a change of the `backup` section. */
  writeBackup(change: (backup: Record<string, unknown>) => Record<string, unknown>): void {
    const settings = this.settings();
    this.write({ ...settings, backup: change(settings.backup as Record<string, unknown>) });
  }

  /** Gives the second location its keys, as an operator does. */
  async giveKeys(accessKeyId: string, secretAccessKey: string): Promise<void> {
    const path = "onprem:backup.locations[1]";
    await this.succeed("config", "set", "--secret", "--path", `${path}.accessKeyId`, accessKeyId);
    await this.succeed("config", "set", "--secret", "--path", `${path}.secretAccessKey`, secretAccessKey);
  }

  /** Velero's objects of a kind. */
  async veleroObjects(kind: string, selector = ""): Promise<VeleroObject[]> {
    const list = await kubectl("-n", this.velero, "get", `${kind}.velero.io`, "-l", selector, "-o", "json");
    return (JSON.parse(list) as { items: VeleroObject[] }).items;
  }

  /** Starts a backup as the schedule would make it. */
  async startBackup(name: string, location?: string): Promise<void> {
    const [schedule] = await this.veleroObjects("schedules");
    const template = schedule?.spec.template as Record<string, unknown>;
    const backup = {
      apiVersion: "velero.io/v1",
      kind: "Backup",
      metadata: { name, namespace: this.velero },
      spec: { ...template, ...(location ? { storageLocation: location } : {}) },
    };
    await execa("kubectl", ["create", "-f", "-"], { input: JSON.stringify(backup), env: labEnvironment() });
  }
}
