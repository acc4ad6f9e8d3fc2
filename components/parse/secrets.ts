import { createHmac } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { givenName } from "../kubernetes/given-name";
import { createSecret, pullSecret, type SecretContent } from "../kubernetes/secret";
import type { ParseServerArgs } from "./args";
import { clientKeyOption, type ParseSecretNames } from "./values";

/** Arguments of {@link ParseSecrets}. */
export interface ParseSecretsArgs
  extends Pick<
    ParseServerArgs,
    "clientKeys" | "secretGeneration" | "database" | "dashboard" | "imagePullCredentials" | "protectData"
  > {
  /** Namespace of the Secrets. */
  readonly namespace: pulumi.Input<string>;
  /** Labels of the Secrets. */
  readonly labels: Record<string, string>;
}

const KEY_LENGTH = 48;
/** MongoDB takes 6 to 1024 characters of the base64 set as a key file. */
const KEY_FILE_LENGTH = 1024;

/**
 * Everything secret that Parse Server and its database need, one Secret each.
 *
 * A Secret is immutable and its name says which one it is: what rotates carries its generation, what the customer gave
 * a keyed fingerprint. So a changed secret is a new Secret: pods roll to it, the old one goes when none needs it, and a
 * rollback still finds it.
 */
export class ParseSecrets extends pulumi.ComponentResource {
  /** Names of the Secrets, for the chart. */
  readonly names: pulumi.Output<ParseSecretNames>;
  /** The application id (secret). */
  readonly applicationId: pulumi.Output<string>;
  /** The master key (secret). */
  readonly masterKey: pulumi.Output<string>;
  /** Parse Server option → client key (secret). */
  readonly clientKeys: pulumi.Output<Record<string, string>>;
  /** The dashboard's password (secret); `undefined` without a dashboard. */
  readonly dashboardPassword: pulumi.Output<string> | undefined;

  constructor(
    name: string,
    private readonly args: ParseSecretsArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("onprem:parse:ParseSecrets", name, {}, opts);
    this.applicationId = this.permanent("application-id");
    this.masterKey = this.rotating("master-key");
    const keys = args.clientKeys.map((key) => ({
      option: clientKeyOption(key),
      name: `${key.toLowerCase()}-key`,
    }));
    const clientKeys = keys.map(({ option, name: key }) => ({ option, value: this.rotating(key), secret: key }));
    this.clientKeys = pulumi.secret(pulumi.all(Object.fromEntries(clientKeys.map((key) => [key.option, key.value]))));
    this.dashboardPassword = args.dashboard.enabled ? this.rotating("dashboard-password") : undefined;

    const generation = args.secretGeneration;
    this.names = pulumi.output({
      applicationId: this.store("application-id", "parse-application-id", this.applicationId),
      masterKey: this.store("master-key", `parse-master-key-${generation}`, this.masterKey),
      options: Object.fromEntries(
        clientKeys.map((key) => [key.option, this.store(key.secret, `parse-${key.secret}-${generation}`, key.value)]),
      ),
      dashboardPassword:
        this.dashboardPassword &&
        this.store("dashboard-password", `parse-dashboard-password-${generation}`, this.dashboardPassword),
      imagePull: args.imagePullCredentials && this.storePullCredentials(args.imagePullCredentials),
      ...this.databaseSecrets(),
    });
    this.registerOutputs({ names: this.names });
  }

  /** Made once: every client has the application id, and a database keeps the password that it was made with. */
  private permanent(name: string, length = KEY_LENGTH): pulumi.Output<string> {
    const options = { parent: this, protect: this.args.protectData };
    return new random.RandomPassword(name, { length, special: false }, options).result;
  }

  private rotating(name: string): pulumi.Output<string> {
    const keepers = { generation: String(this.args.secretGeneration) };
    return new random.RandomPassword(name, { length: KEY_LENGTH, special: false, keepers }, { parent: this }).result;
  }

  private databaseSecrets(): Record<string, pulumi.Input<string>> {
    const { database } = this.args;
    if (database.kind === "external") {
      const uri = pulumi.secret(database.uri);
      const certificate = database.caCertificate;
      return {
        databaseUri: this.store("database-uri", this.fingerprinted("parse-database-uri", uri), uri),
        ...(certificate && {
          databaseCa: this.store("database-ca", this.fingerprinted("parse-database-ca", certificate), certificate),
        }),
      };
    }
    const password = this.permanent("database-password");
    const databasePassword = this.store("database-password", "parse-database-password", password);
    if (database.kind === "postgresql") return { databasePassword };
    const root = this.permanent("database-root-password");
    const keyFile = this.permanent("database-key-file", KEY_FILE_LENGTH);
    return {
      databasePassword,
      databaseRootPassword: this.store("database-root-password", "parse-database-root-password", root),
      databaseKeyFile: this.store("database-key-file", "parse-database-key-file", keyFile),
    };
  }

  /** A name that changes with the content and, without the master key, says nothing about it. */
  private fingerprinted(prefix: string, value: pulumi.Input<string>): pulumi.Output<string> {
    const name = pulumi
      .all([this.masterKey, value])
      .apply(([key, content]) => `${prefix}-${createHmac("sha256", key).update(content).digest("hex").slice(0, 10)}`);
    return pulumi.unsecret(name);
  }

  private store(name: string, secretName: pulumi.Input<string>, value: pulumi.Input<string>): pulumi.Output<string> {
    return this.secret(name, secretName, { metadata: this.metadata(secretName), type: "Opaque", texts: { value } });
  }

  private storePullCredentials(credentials: pulumi.Input<string>): pulumi.Output<string> {
    const secretName = this.fingerprinted("parse-image-pull", credentials);
    return this.secret("image-pull", secretName, pullSecret(this.metadata(secretName), credentials));
  }

  private metadata(secretName: pulumi.Input<string>) {
    return { name: secretName, namespace: this.args.namespace, labels: this.args.labels };
  }

  private secret(name: string, secretName: pulumi.Input<string>, content: SecretContent): pulumi.Output<string> {
    const secret = createSecret(name, { ...content, immutable: true }, { parent: this });
    return givenName(secret, secretName);
  }
}
