import * as kubernetes from "@pulumi/kubernetes";
import type { input as inputs } from "@pulumi/kubernetes/types";
import type * as pulumi from "@pulumi/pulumi";
import { resourcesOf, runAs, small, UNPRIVILEGED_USER, unprivileged } from "./pods";
import { createSecret } from "./secret";

/** A Job that runs one program of `in-cluster/programs/` once. */
export interface ProgramJob {
  /** Name of the container. */
  readonly name: string;
  /** Image with Node.js. */
  readonly image: string;
  /** The program's file in {@link ProgramJob.files}. */
  readonly program: string;
  /** File with its task there, JSON. A CA's certificate is `ca.pem` there. */
  readonly task: string;
  /** Name of the ConfigMap with these files. */
  readonly files: pulumi.Input<string>;
  /** Name of the Secret whose keys become files. */
  readonly credentials: pulumi.Input<string>;
  /** Annotations of the pod. A changed one makes the engine replace the Job. */
  readonly annotations: Record<string, pulumi.Input<string>>;
  /** Labels of the pod. */
  readonly labels: Record<string, string>;
  /** Names of Secrets with credentials of the image registry. */
  readonly imagePullSecrets: readonly pulumi.Input<string>[];
  /** How long it may take, seconds. */
  readonly timeoutSeconds: number;
}

/**
 * Specification of such a Job, without any privilege. It is not tried again: its program is patient itself, and its last
 * words (`/dev/termination-log`) are what `pulumi up` shows.
 */
function programJobSpec(job: ProgramJob): inputs.batch.v1.JobSpec {
  return {
    backoffLimit: 0,
    activeDeadlineSeconds: job.timeoutSeconds,
    template: {
      metadata: { labels: job.labels, annotations: job.annotations },
      spec: {
        restartPolicy: "Never",
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: runAs(UNPRIVILEGED_USER),
        imagePullSecrets: job.imagePullSecrets.map((secretName) => ({ name: secretName })),
        containers: [
          {
            name: job.name,
            image: job.image,
            imagePullPolicy: "IfNotPresent",
            command: ["node", `/program/${job.program}`, `/program/${job.task}`, "/credentials", "/program/ca.pem"],
            terminationMessagePolicy: "FallbackToLogsOnError",
            securityContext: unprivileged,
            resources: resourcesOf(small("128Mi")),
            volumeMounts: [
              { name: "program", mountPath: "/program", readOnly: true },
              { name: "credentials", mountPath: "/credentials", readOnly: true },
            ],
          },
        ],
        volumes: [
          { name: "program", configMap: { name: job.files } },
          { name: "credentials", secret: { secretName: job.credentials, defaultMode: 0o440 } },
        ],
      },
    },
  };
}

/** Files and credentials that the Jobs of one program share. */
export interface ProgramFiles {
  /** Beginning of the resources' names. */
  readonly resource: string;
  /** Metadata of the ConfigMap and of the Secret, which have one name. */
  readonly metadata: inputs.meta.v1.ObjectMeta;
  /** File name → text: the program and its tasks. */
  readonly files: Readonly<Record<string, pulumi.Input<string>>>;
  /** PEM of a CA that the program trusts. Absent: the public CAs. */
  readonly caCertificate: string | undefined;
  /** File name → text. */
  readonly credentials: Readonly<Record<string, pulumi.Input<string>>>;
}

/** Makes the ConfigMap and the Secret of a program's Jobs. */
export function createProgramFiles(
  { caCertificate, credentials, files, metadata, resource }: ProgramFiles,
  parent: pulumi.Resource,
): Pick<ProgramJob, "files" | "credentials"> {
  const data = { ...files, ...(caCertificate ? { "ca.pem": caCertificate } : {}) };
  const map = new kubernetes.core.v1.ConfigMap(`${resource}-program`, { metadata, data }, { parent });
  const secret = createSecret(`${resource}-credentials`, { metadata, texts: credentials }, { parent });
  return { files: map.metadata.name, credentials: secret.metadata.name };
}

/** Makes the Job of a program, which is replaced when its task changes; it is made once the program has ended well. */
export function createProgramJob(
  name: string,
  metadata: inputs.meta.v1.ObjectMeta,
  job: ProgramJob,
  opts: { readonly parent: pulumi.Resource; readonly dependsOn?: pulumi.Resource[] },
): kubernetes.batch.v1.Job {
  return new kubernetes.batch.v1.Job(
    name,
    { metadata, spec: programJobSpec(job) },
    // Deleted first, since the new Job has the same name, under which people look for it.
    { ...opts, deleteBeforeReplace: true, customTimeouts: { create: `${job.timeoutSeconds}s` } },
  );
}
