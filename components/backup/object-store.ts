import { createHash } from "node:crypto";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { objectMetadata, skipAwait } from "../kubernetes/object-metadata";
import { resourcesOf, runAs, small, unprivileged } from "../kubernetes/pods";
import { createSecret } from "../kubernetes/secret";
import type { BackupImages, InClusterLocation } from "./args";
import { FOLDERS, STORE_BUCKET, STORE_USER, type StoreProgram, storePrograms } from "./store-programs";

/** Arguments of {@link ObjectStore}. */
export interface ObjectStoreArgs {
  /** What the store is to be. */
  readonly location: InClusterLocation;
  /** Namespace of Velero. */
  readonly namespace: pulumi.Input<string>;
  /** Images to run. */
  readonly images: BackupImages;
  /** Labels of every object. */
  readonly labels: Record<string, string>;
  /** Names of Secrets with credentials of the image registry. */
  readonly imagePullSecrets: readonly pulumi.Input<string>[];
}

const SECRET_LENGTH = 40;
/** A user that no store's image gives a meaning to. */
const STORE_USER_ID = 10_001;

/**
 * An S3 store of one pod with one volume, for Velero alone: a bucket and a user that may use nothing but the bucket.
 *
 * Credentials are made in the stack. A raised generation makes new ones, and the pod that knows the new ones replaces the
 * one that knew the old before Velero is told of them.
 */
export class ObjectStore extends pulumi.ComponentResource {
  /** Address of the store inside the cluster. */
  readonly endpoint: pulumi.Output<string>;
  readonly bucket = STORE_BUCKET;
  readonly region: string;
  /** Velero's access key id. */
  readonly accessKeyId = STORE_USER;
  /** Velero's secret access key (secret). Of use once what is in `serving` is there. */
  readonly secretAccessKey: pulumi.Output<string>;
  /** What has to be there before the store takes the credentials. */
  readonly serving: readonly pulumi.Resource[];
  /** What the pods that may connect need to reach. */
  readonly port: number;

  private readonly program: StoreProgram;
  private readonly objectName: string;
  private readonly labels: Record<string, string>;

  constructor(
    name: string,
    private readonly args: ObjectStoreArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("onprem:backup:ObjectStore", name, {}, opts);
    const { location } = args;
    this.program = storePrograms[location.kind];
    this.objectName = `store-${location.name}`;
    // Not Velero's own `component`: its pods are selected by that.
    this.labels = { ...args.labels, component: "object-store", "app.kubernetes.io/instance": this.objectName };
    this.port = this.program.port;
    this.region = this.program.region;
    this.endpoint = pulumi.interpolate`http://${this.objectName}.${args.namespace}.svc:${this.port}`;

    const rootSecret = this.credentials("root");
    const userSecret = this.credentials("user");
    const scripts = this.configMap();
    const claim = this.claim();
    const service = this.service();
    const pod = this.pod(rootSecret.name, userSecret.name, scripts, claim);
    this.networkPolicy();
    this.secretAccessKey = pulumi.secret(userSecret.value);
    this.serving = [pod, service];
    this.registerOutputs({ endpoint: this.endpoint, bucket: this.bucket });
  }

  /** With the location in it: the engine tells the children of two stores apart by their names alone. */
  private childName(what: string): string {
    return `${this.args.location.name}-${what}`;
  }

  private metadata(objectName = this.objectName, annotations: Readonly<Record<string, string>> = {}) {
    return objectMetadata(objectName, { namespace: this.args.namespace, labels: this.labels }, annotations);
  }

  /** An immutable Secret whose name says its generation, so that changed credentials are another pod. */
  private credentials(whose: "root" | "user") {
    const generation = this.args.location.secretGeneration;
    const { result } = new random.RandomPassword(
      this.childName(`${whose}-secret-access-key`),
      { length: SECRET_LENGTH, special: false, keepers: { generation: String(generation) } },
      { parent: this },
    );
    const secret = createSecret(
      this.childName(`${whose}-credentials`),
      {
        metadata: this.metadata(`${this.objectName}-${whose}-${generation}`),
        type: "Opaque",
        immutable: true,
        texts: { accessKeyId: whose === "root" ? "root" : STORE_USER, secretAccessKey: result },
      },
      { parent: this },
    );
    return { name: secret.metadata.name, value: result };
  }

  private configMap(): pulumi.Output<string> {
    const checksum = createHash("sha256").update(JSON.stringify(this.program.scripts)).digest("hex").slice(0, 10);
    const scripts = new kubernetes.core.v1.ConfigMap(
      this.childName("scripts"),
      { metadata: this.metadata(`${this.objectName}-scripts-${checksum}`), data: { ...this.program.scripts } },
      { parent: this },
    );
    return scripts.metadata.name;
  }

  /** Not the StatefulSet's own claim: this one grows with the settings, and is protected by itself. */
  private claim(): kubernetes.core.v1.PersistentVolumeClaim {
    const { storageSize, storageClass, deletionProtection } = this.args.location;
    return new kubernetes.core.v1.PersistentVolumeClaim(
      this.childName("data"),
      {
        // A volume that is made on the pod's node waits for the pod.
        metadata: this.metadata(this.objectName, skipAwait),
        spec: {
          accessModes: ["ReadWriteOnce"],
          storageClassName: storageClass,
          resources: { requests: { storage: storageSize } },
        },
      },
      { parent: this, protect: deletionProtection },
    );
  }

  private service(): kubernetes.core.v1.Service {
    return new kubernetes.core.v1.Service(
      this.childName("service"),
      {
        metadata: this.metadata(this.objectName, skipAwait),
        spec: {
          type: "ClusterIP",
          selector: { "app.kubernetes.io/instance": this.objectName },
          ports: [{ name: "s3", port: this.port, targetPort: "s3" }],
        },
      },
      { parent: this },
    );
  }

  private networkPolicy(): void {
    new kubernetes.networking.v1.NetworkPolicy(
      this.childName("network-policy"),
      {
        metadata: this.metadata(),
        spec: {
          podSelector: { matchLabels: { "app.kubernetes.io/instance": this.objectName } },
          policyTypes: ["Ingress", "Egress"],
          // Velero's own pods, and those that it starts, which carry no label that is the same for all.
          ingress: [{ from: [{ podSelector: {} }], ports: [{ protocol: "TCP", port: this.port }] }],
          egress: [],
        },
      },
      { parent: this },
    );
  }

  private pod(
    rootSecret: pulumi.Input<string>,
    userSecret: pulumi.Input<string>,
    scripts: pulumi.Input<string>,
    claim: kubernetes.core.v1.PersistentVolumeClaim,
  ): kubernetes.apps.v1.StatefulSet {
    const selector = { "app.kubernetes.io/instance": this.objectName };
    return new kubernetes.apps.v1.StatefulSet(
      this.childName("store"),
      {
        metadata: this.metadata(),
        spec: {
          replicas: 1,
          serviceName: this.objectName,
          revisionHistoryLimit: 3,
          selector: { matchLabels: selector },
          template: {
            metadata: { labels: this.labels },
            spec: {
              automountServiceAccountToken: false,
              enableServiceLinks: false,
              terminationGracePeriodSeconds: 30,
              securityContext: runAs(STORE_USER_ID),
              imagePullSecrets: this.args.imagePullSecrets.map((secretName) => ({ name: secretName })),
              containers: [this.server(), this.provisioner()],
              volumes: [
                { name: "data", persistentVolumeClaim: { claimName: claim.metadata.name } },
                { name: "scripts", configMap: { name: scripts } },
                { name: "root", secret: { secretName: rootSecret, defaultMode: 0o440 } },
                { name: "user", secret: { secretName: userSecret, defaultMode: 0o440 } },
                { name: "server-state", emptyDir: { medium: "Memory", sizeLimit: "16Mi" } },
                { name: "provisioner-state", emptyDir: { sizeLimit: "16Mi" } },
              ],
            },
          },
        },
      },
      // Made anew for another pod: an update is taken for ready by pulumi-kubernetes before the cluster has looked at it
      // (`await/statefulset.go` does not ask for `observedGeneration`), while the old pod is still to be replaced.
      { parent: this, replaceOnChanges: ["spec.template"], deleteBeforeReplace: true },
    );
  }

  private container(script: "serve.sh" | "provision.sh", state: string) {
    return {
      image: this.program.image(this.args.images),
      imagePullPolicy: "IfNotPresent",
      command: ["sh", `${FOLDERS.scripts}/${script}`],
      env: Object.entries(this.program.environment).map(([variable, value]) => ({ name: variable, value })),
      securityContext: unprivileged,
      terminationMessagePolicy: "FallbackToLogsOnError",
      volumeMounts: [
        { name: "scripts", mountPath: FOLDERS.scripts, readOnly: true },
        { name: "root", mountPath: `${FOLDERS.credentials}/root`, readOnly: true },
        { name: "user", mountPath: `${FOLDERS.credentials}/user`, readOnly: true },
        { name: state, mountPath: FOLDERS.state },
      ],
    };
  }

  private server() {
    const container = this.container("serve.sh", "server-state");
    const { healthPath } = this.program;
    const probe = healthPath ? { httpGet: { path: healthPath, port: "s3" } } : { tcpSocket: { port: "s3" } };
    return {
      ...container,
      name: "store",
      ports: [{ name: "s3", containerPort: this.port }],
      startupProbe: { ...probe, periodSeconds: 2, failureThreshold: 150 },
      readinessProbe: { ...probe, periodSeconds: 10 },
      livenessProbe: { ...probe, periodSeconds: 20, timeoutSeconds: 5, failureThreshold: 6 },
      resources: resourcesOf(this.args.location.resources),
      volumeMounts: [...container.volumeMounts, { name: "data", mountPath: FOLDERS.data }],
    };
  }

  private provisioner() {
    return {
      ...this.container("provision.sh", "provisioner-state"),
      name: "provisioner",
      // Asked until it is true, and then no more: each answer is a program that starts in the container.
      startupProbe: {
        exec: { command: ["test", "-f", `${FOLDERS.state}/provisioned`] },
        periodSeconds: 2,
        failureThreshold: 300,
      },
      // MinIO's client was killed at 128 MiB.
      resources: resourcesOf(small("256Mi")),
    };
  }
}
