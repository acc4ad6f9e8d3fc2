import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import { objectMetadata } from "../kubernetes/object-metadata";
import { createSecret } from "../kubernetes/secret";
import type { HttpsLogin, Repository, SshLogin } from "./args";

/** Arguments of {@link RepositoryLogin}. */
export interface RepositoryLoginArgs {
  /** Repository that Flux logs in to. */
  readonly repository: Repository;
  /** Customer's name, for the comment of each key. */
  readonly customer: string;
  /** Namespace of Flux. */
  readonly namespace: pulumi.Input<string>;
  /** Labels of every object. */
  readonly labels: Record<string, string>;
}

/** Files of a Secret: name → text. */
type Files = Readonly<Record<string, pulumi.Input<string>>>;

/**
 * How Flux logs in to one repository's server: a deploy key of the stack's own, or a token.
 *
 * Of a deploy key there are always two: the one that Flux uses, and the next. So that the next one can be registered
 * while the first still works, and the change itself needs nobody at the Git server.
 */
export class RepositoryLogin extends pulumi.ComponentResource {
  /** Name of the Secret; absent for an anonymous login. */
  readonly secretName: pulumi.Output<string> | undefined;
  /** Line that the Git server has to know; absent without a key. */
  readonly deployKey: pulumi.Output<string> | undefined;
  /** Line of the key of the next generation; absent without a key. */
  readonly nextDeployKey: pulumi.Output<string> | undefined;
  /** Another text whenever the login is another. */
  readonly revision: pulumi.Output<string>;

  constructor(
    name: string,
    private readonly args: RepositoryLoginArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("onprem:gitops:RepositoryLogin", name, {}, opts);
    const { authentication: login } = args.repository;
    if (login.kind === "ssh") {
      const key = this.key(login.deployKeyGeneration);
      this.deployKey = this.line(key, login.deployKeyGeneration);
      this.nextDeployKey = this.line(this.key(login.deployKeyGeneration + 1), login.deployKeyGeneration + 1);
      this.secretName = this.secret(sshFiles(login, key));
      this.revision = this.deployKey.apply((line) => fingerprint(line, ...login.knownHosts));
    } else if (login.kind === "https") {
      const { caCertificate = "", token, username } = login;
      this.secretName = this.secret(httpsFiles(login));
      this.revision = pulumi.unsecret(pulumi.output(token).apply((text) => fingerprint(text, username, caCertificate)));
    } else {
      this.revision = pulumi.output(fingerprint("anonymous"));
    }
    this.registerOutputs({ deployKey: this.deployKey, nextDeployKey: this.nextDeployKey });
  }

  private key(generation: number): tls.PrivateKey {
    // The engine tells resources apart by the types of their parents, not by the parents' names.
    return new tls.PrivateKey(
      `deploy-key-${this.args.repository.name}-${generation}`,
      { algorithm: "ED25519" },
      { parent: this },
    );
  }

  private line(key: tls.PrivateKey, generation: number): pulumi.Output<string> {
    const comment = `onprem-${this.args.customer}-${this.args.repository.name}-${generation}`;
    return key.publicKeyOpenssh.apply((text) => `${text.trim().split(" ").slice(0, 2).join(" ")} ${comment}`);
  }

  private secret(texts: Files): pulumi.Output<string> {
    const name = `git-${this.args.repository.name}`;
    const metadata = objectMetadata(name, this.args);
    return createSecret(name, { metadata, type: "Opaque", texts }, { parent: this }).metadata.name;
  }
}

/** First characters of a SHA-256; a token has far more entropy than can be searched. */
function fingerprint(...parts: string[]): string {
  return createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 16);
}

/** https://fluxcd.io/flux/components/source/gitrepositories/#ssh-authentication */
function sshFiles({ knownHosts }: SshLogin, key: tls.PrivateKey): Files {
  return { identity: key.privateKeyOpenssh, known_hosts: `${knownHosts.join("\n")}\n` };
}

/** https://fluxcd.io/flux/components/source/gitrepositories/#basic-access-authentication */
function httpsFiles({ caCertificate, token, username }: HttpsLogin): Files {
  return { username, password: token, ...(caCertificate === undefined ? {} : { "ca.crt": caCertificate }) };
}
