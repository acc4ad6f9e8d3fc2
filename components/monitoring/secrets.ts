import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { stringify } from "yaml";
import { objectMetadata } from "../kubernetes/object-metadata";
import { createSecret, pullSecret } from "../kubernetes/secret";
import type { GrafanaSettings, Notifications } from "./args";
import { CONFIGURATION_SECRET, CREDENTIALS_SECRET, GRAFANA_SECRET, PULL_SECRET } from "./names";
import { alertmanagerConfiguration, credentialsOf } from "./notifications";

const PASSWORD_LENGTH = 32;

/** Arguments of {@link MonitoringSecrets}. */
export interface MonitoringSecretsArgs extends Notifications {
  /** Namespace of the Secrets. */
  readonly namespace: pulumi.Input<string>;
  /** Labels of the Secrets. */
  readonly labels: Record<string, string>;
  /** Grafana. */
  readonly grafana: GrafanaSettings;
  /** Docker `config.json`. Absent: none needed. */
  readonly imagePullCredentials: pulumi.Input<string> | undefined;
}

/** Secrets that the chart refers to by name: Alertmanager's configuration, receivers' credentials, Grafana's administrator. */
export class MonitoringSecrets extends pulumi.ComponentResource {
  /** Password of Grafana's administrator (secret); `undefined` without Grafana. */
  readonly grafanaPassword: pulumi.Output<string> | undefined;

  constructor(
    name: string,
    private readonly args: MonitoringSecretsArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("onprem:monitoring:MonitoringSecrets", name, {}, opts);
    this.pullSecret();
    // Nothing in it is secret. Alertmanager's operator reads it from a Secret.
    const configuration = stringify(alertmanagerConfiguration(args));
    this.secret("alertmanager-configuration", CONFIGURATION_SECRET.name, { [CONFIGURATION_SECRET.key]: configuration });
    const credentials = credentialsOf(args.receivers);
    if (Object.keys(credentials).length > 0) {
      this.secret("alertmanager-credentials", CREDENTIALS_SECRET, credentials);
    }
    this.grafanaPassword = args.grafana.enabled ? this.grafana(args.grafana.secretGeneration) : undefined;
    this.registerOutputs({});
  }

  private grafana(generation: number): pulumi.Output<string> {
    const { result } = new random.RandomPassword(
      "grafana-password",
      { length: PASSWORD_LENGTH, special: false, keepers: { generation: String(generation) } },
      { parent: this },
    );
    const { name, passwordKey, userKey } = GRAFANA_SECRET;
    const password = pulumi.secret(result);
    this.secret("grafana-administrator", name, { [userKey]: "admin", [passwordKey]: password });
    return password;
  }

  private pullSecret(): void {
    const { imagePullCredentials } = this.args;
    if (imagePullCredentials === undefined) return;
    const content = pullSecret(objectMetadata(PULL_SECRET, this.args), imagePullCredentials);
    createSecret("image-pull", content, { parent: this });
  }

  private secret(resource: string, name: string, texts: Readonly<Record<string, pulumi.Input<string>>>): void {
    createSecret(resource, { metadata: objectMetadata(name, this.args), type: "Opaque", texts }, { parent: this });
  }
}
