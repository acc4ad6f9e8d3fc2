import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { stringify } from "yaml";
import { takenUp } from "../kubernetes/object-metadata";
import type { GrafanaSettings, Notifications } from "./args";
import { CONFIGURATION_SECRET, CREDENTIALS_SECRET, GRAFANA_SECRET, PULL_SECRET } from "./names";
import { alertmanagerConfiguration, credentialsOf } from "./notifications";

const PASSWORD_LENGTH = 32;

/** Arguments of {@link MonitoringSecrets}. */
export interface MonitoringSecretsArgs extends Notifications {
  readonly namespace: pulumi.Input<string>;
  readonly labels: Record<string, string>;
  readonly grafana: GrafanaSettings;
  /** Docker `config.json`. Default: none needed. */
  readonly imagePullCredentials?: pulumi.Input<string>;
}

/** What the chart is given by name: Alertmanager's configuration, receivers' credentials, Grafana's administrator. */
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
    // Nothing in it is secret, and policies and previews may show it: Alertmanager just wants it in a Secret.
    const configuration = stringify(alertmanagerConfiguration(args));
    this.secret("alertmanager-configuration", CONFIGURATION_SECRET.name, { [CONFIGURATION_SECRET.key]: configuration });
    const credentials = credentialsOf<pulumi.Input<string>>(args.receivers);
    if (Object.keys(credentials).length > 0) {
      this.secret("alertmanager-credentials", CREDENTIALS_SECRET, secretTexts(credentials));
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
    const content = { ".dockerconfigjson": pulumi.secret(imagePullCredentials) };
    this.secret("image-pull", PULL_SECRET, content, "kubernetes.io/dockerconfigjson");
  }

  private secret(
    resource: string,
    name: string,
    content: Readonly<Record<string, pulumi.Input<string>>>,
    type = "Opaque",
  ): void {
    const { labels, namespace } = this.args;
    const data = Object.fromEntries(
      Object.entries(content).map(([key, value]) => [
        key,
        pulumi.output(value).apply((text) => Buffer.from(text, "utf8").toString("base64")),
      ]),
    );
    new kubernetes.core.v1.Secret(
      resource,
      { metadata: { name, namespace, labels, annotations: takenUp }, type, data },
      { parent: this },
    );
  }
}

function secretTexts(texts: Readonly<Record<string, pulumi.Input<string>>>) {
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, pulumi.secret(text)]));
}
