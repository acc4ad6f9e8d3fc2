import { randomBytes } from "node:crypto";
import { imageMirror } from "../../../lab/layout";
import { kubectl, kubectlWith } from "../../../lab/node/start";

const BUCKET = "customers";

/** An S3 store that no stack manages, in a namespace of its own: the stand-in for a customer's store elsewhere. */
export class OutsideStore {
  readonly bucket = BUCKET;
  readonly endpoint: string;
  readonly accessKeyId = `key-${randomBytes(8).toString("hex")}`;
  private secretAccessKey = "";

  /** @param memory room in memory, such as `512Mi`, that ends as a disk's does and goes with the pod; a volume when absent */
  constructor(
    readonly namespace: string,
    private readonly memory?: string,
  ) {
    this.endpoint = `http://s3.${namespace}.svc:7070`;
  }

  /** The secret access key that the store takes now. */
  get secret(): string {
    return this.secretAccessKey;
  }

  /** Starts the store, or starts it anew with a new key; what it holds stays. */
  async start(): Promise<void> {
    this.secretAccessKey = randomBytes(20).toString("hex");
    await kubectlWith({ apiVersion: "v1", kind: "Namespace", metadata: { name: this.namespace } }, "apply");
    await kubectl("-n", this.namespace, "delete", "pod", "s3", "--ignore-not-found", "--wait", "--grace-period=1");
    await kubectlWith({ apiVersion: "v1", kind: "List", items: this.objects() }, "apply");
    await kubectl("-n", this.namespace, "wait", "--for=condition=Ready", "pod/s3", "--timeout=900s");
  }

  /** Names in a folder of the bucket. */
  async list(folder: string): Promise<string[]> {
    const names = await kubectl("-n", this.namespace, "exec", "s3", "--", "ls", `/data/${BUCKET}/${folder}`);
    return names.split("\n").filter((name) => name !== "");
  }

  /** Runs a script in the store's pod, in the bucket's folder. */
  run(script: string): Promise<string> {
    return kubectl("-n", this.namespace, "exec", "s3", "--", "sh", "-ec", `cd /data/${BUCKET}; ${script}`);
  }

  /** Takes the store off the network, or brings it back; what it holds stays. */
  async connect(connected: boolean): Promise<void> {
    const patch = JSON.stringify({ spec: { selector: { app: connected ? "s3" : "nobody" } } });
    await kubectl("-n", this.namespace, "patch", "service", "s3", "--patch", patch);
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
    const { namespace, memory } = this;
    const command = [
      `mkdir -p /data/${BUCKET}`,
      // In memory, older kernels keep no extended attributes, which the gateway would put its notes into.
      `exec versitygw --port :7070 --region us-east-1 --access ${this.accessKeyId} --secret ${this.secretAccessKey} posix ${memory ? "--sidecar /notes" : ""} /data`,
    ].join(" && ");
    const claim = {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name: "data", namespace },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "2Gi" } } },
    };
    return [
      ...(memory ? [] : [claim]),
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
              volumeMounts: [
                { name: "data", mountPath: "/data" },
                { name: "notes", mountPath: "/notes" },
              ],
            },
          ],
          volumes: [
            {
              name: "data",
              ...(memory
                ? { emptyDir: { medium: "Memory", sizeLimit: memory } }
                : { persistentVolumeClaim: { claimName: "data" } }),
            },
            { name: "notes", emptyDir: {} },
          ],
        },
      },
    ];
  }
}
