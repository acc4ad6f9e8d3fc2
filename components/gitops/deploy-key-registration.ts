import { createHash } from "node:crypto";
import type * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { inClusterProgram } from "../kubernetes/in-cluster-program";
import { objectMetadata } from "../kubernetes/object-metadata";
import { createProgramFiles, createProgramJob } from "../kubernetes/program-job";
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

const TIMEOUT_SECONDS = 180;

/**
 * Registers the deploy keys of one repository by its Git server's API. Runs in the cluster, since the server may answer
 * nowhere else, and before Flux looks for the first time. What the server refuses fails `pulumi up` with the sentence
 * that says so. On destroy the keys stay registered: nothing runs any more that could remove them.
 */
export class DeployKeyRegistration extends pulumi.ComponentResource {
  /** Ends once the keys are registered. */
  readonly registered: kubernetes.batch.v1.Job;

  private readonly program = inClusterProgram("gitops/register-deploy-keys");
  private readonly objectName: string;
  private readonly made: ReturnType<typeof createProgramFiles>;

  constructor(
    name: string,
    private readonly args: DeployKeyRegistrationArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("onprem:gitops:DeployKeyRegistration", name, {}, opts);
    const { registration, repository } = args;
    this.objectName = `deploy-keys-${repository.name}`;
    const { caCertificate, token } = registration;
    const files = {
      "register-deploy-keys.js": this.program,
      "register.json": this.taskFile("register"),
      "retire.json": this.taskFile("retire"),
    };
    const metadata = objectMetadata(this.objectName, args);
    this.made = createProgramFiles(
      { resource: repository.name, metadata, files, caCertificate, credentials: { token } },
      this,
    );
    this.registered = this.createJob("register", []);
    this.registerOutputs({});
  }

  /** Removes the stack's older keys from the server, after this was made: until then both are valid. */
  retireAfter(seenInUse: pulumi.Resource): void {
    this.createJob("retire", [seenInUse]);
  }

  private taskFile(task: Task): pulumi.Output<string> {
    const { lines, registration, repository, write } = this.args;
    const { kind } = registration;
    const apiUrl = registration.apiUrl.replace(/\/+$/, "");
    const place = { name: repository.name, apiUrl, repository: pathOf(repository.url) };
    const stack = `${pulumi.getProject()}/${pulumi.getStack()}`;
    return pulumi
      .output(lines)
      .apply((known) => JSON.stringify({ ...place, kind, task, lines: known, write, stack } satisfies Registration));
  }

  private createJob(task: Task, dependsOn: pulumi.Resource[]): kubernetes.batch.v1.Job {
    const { image, imagePullSecrets, labels, registration, repository } = this.args;
    const { caCertificate = "", token } = registration;
    const fingerprint = pulumi
      .all([this.taskFile(task), token])
      .apply((parts) => hashOf(this.program, caCertificate, ...parts));
    return createProgramJob(
      `${repository.name}-${task}`,
      objectMetadata(`${task}-${this.objectName}`, this.args),
      {
        ...this.made,
        name: "deploy-keys",
        image,
        program: "register-deploy-keys.js",
        task: `${task}.json`,
        // Other keys are another Job.
        annotations: { "onprem.platform/deploy-keys": pulumi.unsecret(fingerprint) },
        labels,
        imagePullSecrets,
        timeoutSeconds: TIMEOUT_SECONDS,
      },
      { parent: this, dependsOn },
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
