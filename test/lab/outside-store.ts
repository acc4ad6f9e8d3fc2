import { randomBytes } from "node:crypto";
import { execa } from "execa";
import { imageMirror } from "../../lab/layout.js";
import { kubectl } from "../../lab/node/start.js";
import { labEnvironment } from "../../lab/stack.js";

const BUCKET = "customers";

/** An S3 store that no stack manages, in a namespace of its own: the stand-in for a customer's store elsewhere. */
export class OutsideStore {
  readonly bucket = BUCKET;
  readonly endpoint: string;
  readonly accessKeyId = `key-${randomBytes(8).toString("hex")}`;
  private secretAccessKey = "";

  constructor(readonly namespace: string) {
    this.endpoint = `http://s3.${namespace}.svc:7070`;
  }

  /** The secret access key that the store takes now. */
  get secret(): string {
    return this.secretAccessKey;
  }

  /** Starts the store, or starts it anew with a new key; what it holds stays. */
  async start(): Promise<void> {
    this.secretAccessKey = randomBytes(20).toString("hex");
    await apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: this.namespace } });
    await kubectl("-n", this.namespace, "delete", "pod", "s3", "--ignore-not-found", "--wait", "--grace-period=1");
    await apply({ apiVersion: "v1", kind: "List", items: this.objects() });
    await kubectl("-n", this.namespace, "wait", "--for=condition=Ready", "pod/s3", "--timeout=60s");
  }

  /** Names in a folder of the bucket. */
  async list(folder: string): Promise<string[]> {
    const names = await kubectl("-n", this.namespace, "exec", "s3", "--", "ls", `/data/${BUCKET}/${folder}`);
    return names.split("\n").filter((name) => name !== "");
  }

  /** An object's content. */
  read(path: string): Promise<string> {
    return kubectl("-n", this.namespace, "exec", "s3", "--", "cat", `/data/${BUCKET}/${path}`);
  }

  /** Takes the store and all that it holds away. */
  async remove(): Promise<void> {
    await kubectl("delete", "namespace", this.namespace, "--ignore-not-found", "--wait");
  }

  private objects(): object[] {
    const namespace = this.namespace;
    const command = [
      `mkdir -p /data/${BUCKET}`,
      `exec versitygw --port :7070 --region us-east-1 --access ${this.accessKeyId} --secret ${this.secretAccessKey} posix /data`,
    ].join(" && ");
    return [
      {
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        metadata: { name: "data", namespace },
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "2Gi" } } },
      },
      {
        apiVersion: "v1",
        kind: "Service",
        metadata: { name: "s3", namespace },
        spec: { selector: { app: "s3" }, ports: [{ port: 7070 }] },
      },
      {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: "s3", namespace, labels: { app: "s3" } },
        spec: {
          securityContext: { runAsUser: 65534, fsGroup: 65534 },
          containers: [
            {
              name: "s3",
              image: `${imageMirror}/versity/versitygw:v1.8.0`,
              imagePullPolicy: "IfNotPresent",
              command: ["sh", "-c", command],
              readinessProbe: { tcpSocket: { port: 7070 }, periodSeconds: 1 },
              volumeMounts: [{ name: "data", mountPath: "/data" }],
            },
          ],
          volumes: [{ name: "data", persistentVolumeClaim: { claimName: "data" } }],
        },
      },
    ];
  }
}

async function apply(object: object): Promise<void> {
  await execa("kubectl", ["apply", "-f", "-"], { input: JSON.stringify(object), env: labEnvironment() });
}
