import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import * as rancher2 from "@pulumi/rancher2";
import * as random from "@pulumi/random";
import { ProgramError } from "../errors/program-error";
import { googleLabels, googleName, regionOf, serviceAccountId } from "../google/names-and-labels";
import { type CertificateSource, RancherCertificate } from "./certificate";
import { rancherVersionOf, wantedState } from "./cloud-config";
import { MachineSecret } from "./machine-secret";
import { RancherMachine, type RancherMachineArgs } from "./rancher-machine";
import { RancherNetwork, type RancherNetworkArgs } from "./rancher-network";

/** Arguments of {@link RancherServer}. */
export interface RancherServerArgs
  extends Pick<RancherMachineArgs, "customer" | "zone" | "machineType" | "dataDiskSizeGb" | "snapshots" | "labels">,
    Pick<RancherNetworkArgs, "allowedRanges" | "clusterAddresses" | "hostname" | "dns" | "deletionProtection"> {
  /** Google Cloud project. */
  readonly project: string;
  /** Rancher's image with its tag. Another one is an upgrade in place. */
  readonly image: string;
  /** Addresses of the VM's subnet, in CIDR notation. */
  readonly networkRange: string;
  /** How Rancher gets its certificate. */
  readonly tls: CertificateSource;
}

/** Rancher gave no token, or the environment speaks for another Rancher. */
export class RancherLoginError extends ProgramError {
  /** Stable name of the error. */
  readonly code = "RANCHER_LOGIN";
  override readonly name = "RancherLoginError";
}

const PASSWORD_LENGTH = 32;
/** How long the provider waits for a Rancher that starts for the first time. */
const FIRST_START = "15m";
/** Logs and metrics of the VM: what Google's agents write. */
const MACHINE_ROLES = ["roles/logging.logWriter", "roles/monitoring.metricWriter"];

/**
 * The Rancher server on a VM of its own: network, certificate, secrets, machine, first login.
 *
 * Takes the provider `gcp` by its options. What comes after goes through {@link RancherServer.provider}, which has the
 * administrator's token and exists only once there is one.
 */
export class RancherServer extends pulumi.ComponentResource {
  /** Provider with the administrator's token. */
  readonly provider: rancher2.Provider;
  /** Address of Rancher, `https://…`. */
  readonly url: string;
  /** The static public address. */
  readonly address: pulumi.Output<string>;
  /** The administrator's password (secret); the login name is `admin`. */
  readonly adminPassword: pulumi.Output<string>;
  /** The CA that clients have to be told of; `undefined` where they know it. */
  readonly caCertificate: pulumi.Output<string> | undefined;
  /** The VM. */
  readonly instance: gcp.compute.Instance;
  /** Version of Rancher that the VM was last told to run; `undefined` where it was told none. */
  readonly version: pulumi.Output<string | undefined>;

  /** @throws RancherLoginError (asynchronously) when Rancher gives no token */
  constructor(
    name: string,
    private readonly args: RancherServerArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("onprem:rancher:RancherServer", name, {}, opts);
    this.url = `https://${args.hostname}`;
    const account = this.serviceAccount();
    const network = new RancherNetwork(
      "network",
      {
        ...args,
        region: regionOf(args.zone),
        range: args.networkRange,
        openForLetsEncrypt: args.tls.kind === "letsencrypt",
        machineAccount: account,
      },
      { parent: this },
    );
    this.address = network.address;
    const certificate = new RancherCertificate("certificate", { ...args, source: args.tls }, { parent: this });
    this.caCertificate = certificate.caCertificate;
    const bootstrapPassword = this.password("bootstrap-password");
    const machine = new RancherMachine(
      "machine",
      {
        ...args,
        account,
        subnetwork: network.subnetwork,
        address: network.address,
        wantedState: this.wantedState(certificate, bootstrapPassword, account),
      },
      { parent: this },
    );
    this.instance = machine.instance;
    this.version = machine.toldState.apply(rancherVersionOf);
    this.adminPassword = this.password("admin-password");
    this.provider = this.login(bootstrapPassword, [machine.instance, ...network.wayIn]);
    this.registerOutputs({ url: this.url, address: this.address });
  }

  private serviceAccount(): pulumi.Output<string> {
    const { customer, project } = this.args;
    const account = new gcp.serviceaccount.Account(
      "account",
      { accountId: serviceAccountId("rancher", customer), displayName: `Rancher server of ${customer}` },
      { parent: this },
    );
    const member = pulumi.interpolate`serviceAccount:${account.email}`;
    for (const role of MACHINE_ROLES) {
      const [, roleName = role] = role.split("/");
      new gcp.projects.IAMMember(`account-${roleName}`, { project, role, member }, { parent: this });
    }
    return account.email;
  }

  private password(name: string): pulumi.Output<string> {
    return new random.RandomPassword(name, { length: PASSWORD_LENGTH, special: false }, { parent: this }).result;
  }

  /** What the VM is to run; the secrets themselves go to Secret Manager. */
  private wantedState(
    certificate: RancherCertificate,
    bootstrapPassword: pulumi.Output<string>,
    reader: pulumi.Output<string>,
  ): pulumi.Output<string> {
    const { image, hostname } = this.args;
    const secrets = {
      bootstrapPassword: this.machineSecret("bootstrap-password", bootstrapPassword, reader),
      ...(certificate.bundle && { certificate: this.machineSecret("certificate", certificate.bundle, reader) }),
    };
    return pulumi
      .output(secrets)
      .apply((names) => wantedState({ image, hostname, certificate: certificate.origin, secrets: names }));
  }

  private machineSecret(name: string, value: pulumi.Output<string>, reader: pulumi.Output<string>) {
    const { customer, zone, labels } = this.args;
    return new MachineSecret(
      name,
      {
        secretId: `${googleName("rancher", customer)}-${name}`,
        region: regionOf(zone),
        value,
        reader,
        labels: googleLabels(customer, labels),
      },
      { parent: this },
    ).version;
  }

  /** Changes the first password for the administrator's and makes a provider of the token that comes of it. */
  private login(bootstrapPassword: pulumi.Output<string>, server: pulumi.Resource[]): rancher2.Provider {
    const connection = {
      apiUrl: this.url,
      timeout: FIRST_START,
      ...(this.caCertificate && { caCerts: this.caCertificate }),
    };
    const anonymous = new rancher2.Provider("anonymous", { ...connection, bootstrap: true }, { parent: this });
    const bootstrap = new rancher2.Bootstrap(
      "bootstrap",
      { initialPassword: bootstrapPassword, password: this.adminPassword },
      {
        parent: this,
        provider: anonymous,
        dependsOn: server,
        additionalSecretOutputs: ["token", "tempToken", "currentPassword", "initialPassword", "password"],
      },
    );
    const tokenKey = pulumi.secret(bootstrap.token.apply(requireToken));
    return new rancher2.Provider("administrator", { ...connection, tokenKey }, { parent: this });
  }
}

/** Without a token the provider would fail much later, and with every resource at once. */
function requireToken(token: string): string {
  if (token) return token;
  throw new RancherLoginError(
    'Rancher\'s first login (rancher2.Bootstrap) gave no token, so nothing further was done. Run `pulumi refresh` and then `pulumi up`; if it stays so, see docs/rancher.md, "The login has expired".',
  );
}

/**
 * Refuses an environment that speaks for another Rancher: the provider would take its word over this program's
 * (https://github.com/rancher/terraform-provider-rancher2/issues/1455).
 * @throws RancherLoginError naming the variables
 */
export function refuseRancherEnvironment(environment: NodeJS.ProcessEnv): void {
  const set = ["URL", "TOKEN_KEY", "ACCESS_KEY", "SECRET_KEY", "BOOTSTRAP", "CA_CERTS", "INSECURE"]
    .map((name) => `RANCHER_${name}`)
    .filter((name) => environment[name]);
  if (set.length === 0) return;
  throw new RancherLoginError(
    `The environment sets ${set.join(", ")}, which the Rancher provider would believe instead of the stack; nothing was created. Run \`unset ${set.join(" ")}\` and then the command again.`,
  );
}
