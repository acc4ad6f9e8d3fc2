import { setMaxListeners } from "node:events";
import { chmod, mkdir, rm } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type ClusterObjects, type FollowOptions, RefusedRequest } from "./cluster-objects";
import {
  type Claim,
  claimPath,
  eventOf,
  isReleased,
  type Node,
  type StorageClass,
  type Volume,
  volumeFor,
  wantsVolume,
} from "./objects";

/** What will not be better at another try: the object asks for what there is not. */
class Refusal extends Error {}

/** Settings of a provisioner. */
export interface ProvisionerSettings {
  /** What storage classes call it. */
  readonly name: string;
  /** The folder in which each volume is a folder. */
  readonly folder: string;
  /** Milliseconds until a failed volume is tried again; doubled at each failure, up to thirty times as much. Default: 2,000. */
  readonly retryMilliseconds?: number;
  /** Takes lines for the log. Default: nobody. */
  readonly log?: (line: string) => void;
}

const CLAIMS = "/api/v1/persistentvolumeclaims";
const VOLUMES = "/api/v1/persistentvolumes";

/**
 * Makes and removes `local` volumes for claims: folders of the machine that it runs on, which is the lab's one node. It
 * follows claims and volumes and keeps nothing: after a stop at any point the next start sees what is left to do.
 */
export class VolumeProvisioner {
  /** What is under way, by the object's uid: whether the object has changed since. */
  private readonly work = new Map<string, { changed: boolean }>();
  private readonly root: string;

  constructor(
    private readonly cluster: ClusterObjects,
    private readonly settings: ProvisionerSettings,
  ) {
    this.root = resolve(settings.folder);
  }

  /** Provisions until the signal ends it. */
  async run(options: FollowOptions): Promise<void> {
    const interrupted = (reason: string) => this.log(`interrupted: ${reason}`);
    const all = { interrupted, ...options };
    // One for each volume that waits for another try.
    setMaxListeners(0, options.signal);
    await Promise.all([
      this.cluster.follow<Claim>(CLAIMS, (claim) => this.takeClaim(claim, options.signal), all),
      this.cluster.follow<Volume>(VOLUMES, (volume) => this.takeVolume(volume, options.signal), all),
    ]);
  }

  private takeClaim(claim: Claim, signal: AbortSignal): void {
    if (!wantsVolume(claim, this.settings.name)) return;
    const { namespace, name } = claim.metadata;
    void this.attempt(claim.metadata.uid, signal, async () => {
      const current = await this.current<Claim>(claimPath(namespace, name), claim);
      if (current && wantsVolume(current, this.settings.name))
        await this.reported(current, "ProvisioningFailed", () => this.provision(current));
    });
  }

  private takeVolume(volume: Volume, signal: AbortSignal): void {
    if (!isReleased(volume, this.settings.name)) return;
    void this.attempt(volume.metadata.uid, signal, async () => {
      const current = await this.current<Volume>(`${VOLUMES}/${volume.metadata.name}`, volume);
      if (current && isReleased(current, this.settings.name))
        await this.reported(current, "VolumeFailedDelete", () => this.remove(current));
    });
  }

  /** An object as it is now; undefined once it is gone, though another may have its name. */
  private async current<Kind extends Claim | Volume>(path: string, { metadata }: Kind): Promise<Kind | undefined> {
    try {
      const found = await this.cluster.get<Kind>(path);
      return found.metadata.uid === metadata.uid ? found : undefined;
    } catch (error) {
      if (error instanceof RefusedRequest && error.status === 404) return undefined;
      throw error;
    }
  }

  /** Does what an object needs, once at a time for each; what failed is tried again later. */
  private async attempt(uid: string, signal: AbortSignal, act: () => Promise<void>): Promise<void> {
    const running = this.work.get(uid);
    if (running) {
      running.changed = true;
      return;
    }
    const work = { changed: true };
    this.work.set(uid, work);
    const { retryMilliseconds = 2_000 } = this.settings;
    for (let failures = 0; work.changed && !signal.aborted; ) {
      try {
        work.changed = false;
        await act();
      } catch (error) {
        if (error instanceof Refusal) continue;
        work.changed = true;
        await sleep(retryMilliseconds * Math.min(2 ** failures++, 30), undefined, { signal }).catch(() => {});
      }
    }
    this.work.delete(uid);
  }

  /** Says on the object what failed, as Kubernetes' own provisioners do. */
  private async reported(object: Claim | Volume, failure: string, act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      await this.tell(object, "Warning", failure, (error as Error).message);
      throw error;
    }
  }

  private async tell(object: Claim | Volume, type: string, reason: string, message: string): Promise<void> {
    this.log(`${object.metadata.name}: ${reason}: ${message}`);
    const event = eventOf(object, this.settings.name, { type, reason, message });
    // What became of the volume does not hang on it.
    await this.cluster
      .create(`/api/v1/namespaces/${event.metadata.namespace}/events`, event)
      .catch((error: Error) => this.log(error.message));
  }

  private async provision(claim: Claim): Promise<void> {
    const storageClass = await this.cluster.get<StorageClass>(
      `/apis/storage.k8s.io/v1/storageclasses/${claim.spec.storageClassName}`,
    );
    const refuse = (why: string) =>
      new Refusal(`failed to provision volume with StorageClass "${storageClass.metadata.name}": ${why}`);
    if (storageClass.volumeBindingMode !== "WaitForFirstConsumer")
      throw refuse("it must bind its volumes when a pod first needs them");
    const nodeName = claim.metadata.annotations?.["volume.kubernetes.io/selected-node"];
    // No pod needs it yet.
    if (!nodeName) return;
    const mode = claim.spec.accessModes.find((name) => name !== "ReadWriteOnce" && name !== "ReadWriteOncePod");
    if (mode) throw refuse(`access mode ${mode}: a local volume has ReadWriteOnce or ReadWriteOncePod`);
    if (claim.spec.volumeMode === "Block") throw refuse("volume mode Block: a local volume is a folder");

    const node = await this.cluster.get<Node>(`/api/v1/nodes/${nodeName}`);
    const volume = volumeFor(claim, storageClass, node, { root: this.root, provisioner: this.settings.name });
    await mkdir(volume.spec.local.path, { recursive: true });
    // A mode that is given when a folder is made is lowered by the process' umask. Pods run as any user.
    await chmod(volume.spec.local.path, 0o777);
    try {
      await this.cluster.create(VOLUMES, volume);
    } catch (error) {
      if (!(error instanceof RefusedRequest) || error.status !== 409) throw error;
      // Made already, and not bound yet.
      return;
    }
    const done = `Successfully provisioned volume ${volume.metadata.name}`;
    await this.tell(claim, "Normal", "ProvisioningSucceeded", done);
  }

  private async remove(volume: Volume): Promise<void> {
    const folder = resolve(volume.spec.local?.path ?? "");
    if (dirname(folder) !== this.root)
      throw new Refusal(`${volume.spec.local?.path} is not a folder in ${this.root}: it is not removed`);
    await rm(folder, { recursive: true, force: true });
    await this.cluster.delete(`${VOLUMES}/${volume.metadata.name}`);
    this.log(`${volume.metadata.name}: removed ${folder}`);
  }

  private log(line: string): void {
    this.settings.log?.(line);
  }
}
