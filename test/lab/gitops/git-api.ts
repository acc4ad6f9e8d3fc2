import { network } from "../../../lab/layout";
import { customersCertificate } from "../../support/engine/customers-certificate";
import { GitHostStandIn } from "../../support/lab/git-host-stand-in";
import type { GitServer } from "./git-server";

/**
 * The API of the lab's Git server for deploy keys: GitLab's, in a stand-in on this machine, over TLS with a CA of its own.
 * What is registered with it is what the server lets in.
 */
export class GitApi {
  /** The token that it knows. */
  readonly token = "glpat-of-the-lab-that-nobody-may-see";
  private readonly certificates = customersCertificate({ ipAddresses: [network.nodeAddress] });
  private readonly standIn: GitHostStandIn;

  /** @param customer whose stack registers keys; its stack has the same name */
  constructor(
    git: GitServer,
    private readonly customer: string,
  ) {
    const { certificate, privateKey } = this.certificates;
    this.standIn = new GitHostStandIn({
      kind: "gitlab",
      repository: "srv/git/fleet",
      token: this.token,
      tls: { cert: certificate, key: privateKey },
      changed: (keys) => git.register(...keys.map(({ line }) => line)),
    });
  }

  start(): Promise<void> {
    return this.standIn.start(network.nodeAddress);
  }

  stop(): Promise<void> {
    return this.standIn.stop();
  }

  /** What the settings say of it, with this token. */
  registration(token = this.token) {
    return { apiUrl: this.standIn.apiUrl, caCertificate: this.certificates.caCertificate, token };
  }

  /** A key of somebody else's, and one that a destroyed stack of the same name left. */
  async leftByOthers(): Promise<void> {
    await this.standIn.addByHand("a colleague's", "ssh-ed25519 AAAAcolleague colleague");
    await this.standIn.addByHand(this.titleOf(1), "ssh-ed25519 AAAAearlier earlier");
  }

  /** What the stack calls the key of a generation. */
  titleOf(generation: number): string {
    return `onprem-${this.customer}-fleet-${generation} (onprem-platform/${this.customer})`;
  }

  /** Titles of the keys that are registered. */
  titles(): string[] {
    return this.standIn.keys.map(({ title }) => title);
  }

  /** Lines of the keys that may only read. */
  readingLines(): string[] {
    return this.standIn.keys.filter(({ write }) => !write).map(({ line }) => line);
  }

  /** What was done, in order. */
  journal(): string[] {
    return this.standIn.journal;
  }
}
