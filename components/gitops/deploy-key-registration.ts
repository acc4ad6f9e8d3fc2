import { createHash } from "node:crypto";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { inClusterProgram } from "../kubernetes/in-cluster-program";
import { objectMetadata } from "../kubernetes/object-metadata";
import { programJobSpec } from "../kubernetes/program-job";
import { createSecret } from "../kubernetes/secret";
import type { KeyRegistration, Repository } from "./args";
import type { Registration } from "./in-cluster/register-deploy-keys";

/** Arguments of {@link DeployKeyRegistration}. */
export interface DeployKeyRegistrationArgs {
  /** Repository that the keys are for. */
  readonly repository: Pick<Repository, "name" | "url">;
  /** API that registers them. */
  readonly registration: KeyRegistration;
  /** Lines of the key in use and of the next one. */
  readonly lines: pulumi.Input<pulumi.Input<string>[]>;
  /** Whether the keys may push. */
  readonly write: boolean;
  /** Image with Node.js. */
  readonly image: string;
  /** Namespace of Flux. */
  readonly namespace: pulumi.Input<string>;
  /** Labels of every object. */
  readonly labels: Record<string, string>;
  /** Names of Secrets with credentials of the image registry. */
  readonly imagePullSecrets: readonly pulumi.Input<string>[];
}

type Task = Registration["task"];

const PROGRAMS = ["git-hosts", "register-deploy-keys"] as const;
const TIMEOUT_SECONDS = 180;

/**
 * Registers the deploy keys of one repository by its Git server's API. Runs in the cluster, since the server may answer
 * nowhere else, and before Flux looks for the first time. What the server refuses fails `pulumi up` with the sentence
 * that says so. On destroy the keys stay registered: nothing runs any more that could remove them.
 */
export class DeployKeyRegistration extends pulumi.ComponentResource {
  /** Ends once the keys are registered. */
  readonly registered: kubernetes.batch.v1.Job;

  private readonly programs = Object.fromEntries(
    PROGRAMS.map((program) => [`${program}.js`, inClusterProgram(`gitops/${program}`)]),
  );
  private readonly objectName: string;
  private readonly files: pulumi.Output<string>;
  private readonly credentials: pulumi.Output<string>;

  constructor(
    name: string,
    private readonly args: DeployKeyRegistrationArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("onprem:gitops:DeployKeyRegistration", name, {}, opts);
    const { registration, repository } = args;
    this.objectName = `deploy-keys-${repository.name}`;
    const { caCertificate, token } = registration;
    const data = {
      ...this.programs,
      "register.json": this.told("register"),
      "retire.json": this.told("retire"),
      ...(caCertificate ? { "ca.pem": caCertificate } : {}),
    };
    const files = new kubernetes.core.v1.ConfigMap(
      `${repository.name}-program`,
      { metadata: this.metadata(this.objectName), data },
      { parent: this },
    );
    this.files = files.metadata.name;
    const credentials = createSecret(
      `${repository.name}-credentials`,
      { metadata: this.metadata(this.objectName), texts: { token } },
      { parent: this },
    );
    this.credentials = credentials.metadata.name;
    this.registered = this.createJob("register", []);
    this.registerOutputs({});
  }

  /** Removes the stack's older keys from the server, after this was made: until then both are valid. */
  retireAfter(seenInUse: pulumi.Resource): void {
    this.createJob("retire", [seenInUse]);
  }

  private told(task: Task): pulumi.Output<string> {
    const { lines, registration, repository, write } = this.args;
    const { kind } = registration;
    const apiUrl = registration.apiUrl.replace(/\/+$/, "");
    const place = { name: repository.name, apiUrl, repository: pathOf(repository.url) };
    const stack = `${pulumi.getProject()}/${pulumi.getStack()}`;
    return pulumi
      .output(lines)
      .apply((known) => JSON.stringify({ ...place, kind, task, lines: known, write, stack } satisfies Registration));
  }

  private metadata(objectName: string) {
    return objectMetadata(objectName, this.args);
  }

  /** What the Job is told is in its pod's annotations, so that other keys are another Job. */
  private createJob(task: Task, dependsOn: pulumi.Resource[]): kubernetes.batch.v1.Job {
    const { image, imagePullSecrets, labels, registration, repository } = this.args;
    const { caCertificate = "", token } = registration;
    const fingerprint = pulumi
      .all([this.told(task), token])
      .apply((parts) => hashOf(...Object.values(this.programs), caCertificate, ...parts));
    return new kubernetes.batch.v1.Job(
      `${repository.name}-${task}`,
      {
        metadata: this.metadata(`${task}-${this.objectName}`),
        spec: programJobSpec({
          name: "deploy-keys",
          image,
          program: "register-deploy-keys.js",
          told: `${task}.json`,
          files: this.files,
          credentials: this.credentials,
          annotations: { "onprem.platform/deploy-keys": pulumi.unsecret(fingerprint) },
          labels,
          imagePullSecrets,
          timeoutSeconds: TIMEOUT_SECONDS,
        }),
      },
      {
        parent: this,
        dependsOn,
        // One name, so that the Job of today is what one finds: the old one has to go first.
        deleteBeforeReplace: true,
        customTimeouts: { create: `${TIMEOUT_SECONDS}s` },
      },
    );
  }
}

/** First characters of a SHA-256; a token has far more entropy than can be searched. */
function hashOf(...parts: string[]): string {
  return createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 16);
}

/** Path of a repository at its server, as the API names it. */
function pathOf(url: string): string {
  return new URL(url).pathname.replace(/^\/+|\/+$/g, "").replace(/\.git$/, "");
}
