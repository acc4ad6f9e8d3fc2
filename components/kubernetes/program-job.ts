import type { input as inputs } from "@pulumi/kubernetes/types";
import type * as pulumi from "@pulumi/pulumi";
import { resourcesOf, runAs, small, UNPRIVILEGED_USER, unprivileged } from "./pods";

/** A Job that runs one program of `in-cluster/programs/` once. */
export interface ProgramJob {
  /** Name of the container. */
  readonly name: string;
  /** Image with Node.js. */
  readonly image: string;
  /** File of the program, and of what it is told, in {@link ProgramJob.files}. A CA's certificate is `ca.pem` there. */
  readonly program: string;
  readonly told: string;
  /** Name of the ConfigMap with these files. */
  readonly files: pulumi.Input<string>;
  /** Name of the Secret whose keys become files. */
  readonly credentials: pulumi.Input<string>;
  /** On the pod: with another text it is another Job. */
  readonly annotations: Record<string, pulumi.Input<string>>;
  readonly labels: Record<string, string>;
  readonly imagePullSecrets?: readonly pulumi.Input<string>[];
  /** How long it may take, seconds. */
  readonly timeoutSeconds: number;
}

/**
 * Specification of such a Job, without any privilege. It is not tried again: its program is patient itself, and its last
 * words (`/dev/termination-log`) are what `pulumi up` shows.
 */
export function programJobSpec(job: ProgramJob): inputs.batch.v1.JobSpec {
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
        imagePullSecrets: job.imagePullSecrets?.map((secretName) => ({ name: secretName })),
        containers: [
          {
            name: job.name,
            image: job.image,
            imagePullPolicy: "IfNotPresent",
            command: ["node", `/program/${job.program}`, `/program/${job.told}`, "/credentials", "/program/ca.pem"],
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
