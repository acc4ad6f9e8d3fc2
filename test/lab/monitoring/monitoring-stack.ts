import { mirrorFolders } from "../../../lab/mirror";
import { kubectl } from "../../../lab/node/start";
import type { StackSettings } from "../../support/lab/lab-stack";
import { BackupStack } from "../backup/backup-stack";
import type { AlertReceiver } from "./alert-receiver";

/** A stack with backups and with monitoring, in namespaces of its own, quick enough for a test. */
export class MonitoringStack extends BackupStack {
  /** Namespace of Prometheus and Alertmanager. */
  readonly monitoring: string;

  constructor(
    name: string,
    private readonly receiver: AlertReceiver,
  ) {
    super(name);
    this.monitoring = `monitoring-${name}`;
  }

  override settings(): StackSettings {
    const settings = super.settings();
    return {
      ...settings,
      sources: { ...(settings.sources as object), charts: mirrorFolders.charts },
      monitoring: {
        namespace: this.monitoring,
        retentionDays: 1,
        retentionSize: "1Gi",
        storageSize: "2Gi",
        scrapeInterval: "20s",
        resources: { requests: { cpu: "50m", memory: "192Mi" }, limits: { memory: "1Gi" } },
        receivers: [
          { kind: "webhook", name: "test", severities: ["critical", "warning", "info"], url: this.receiver.url },
        ],
        groupWait: "1s",
        groupInterval: "5s",
        grafana: { enabled: false },
      },
    };
  }

  /** Gives the receiver its token, as an operator does. */
  async giveToken(token: string): Promise<void> {
    const path = "onprem:monitoring.receivers[0].bearerToken";
    await this.succeed("config", "set", "--secret", "--path", path, token);
  }

  /** Takes a workload away, or brings it back. */
  async scale(namespace: string, workload: string, replicas: number): Promise<void> {
    await kubectl("-n", namespace, "scale", workload, `--replicas=${replicas}`);
  }
}
