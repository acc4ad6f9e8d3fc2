import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { objectPath } from "../../../components/kubernetes/object-path";
import { clusterApi, readObject } from "../../../lab/node/cluster-api";

/** A CustomResourceDefinition, as far as its versions go. */
interface Definition {
  readonly spec: { readonly versions: readonly { readonly name: string }[] };
  readonly status: { readonly storedVersions: readonly string[] };
}

const DEFINITIONS = "customresourcedefinitions.v1.apiextensions.k8s.io";
const ATTEMPTS = 300;
const PAUSE_MILLISECONDS = 200;

/** A kind whose definition an earlier release of its publisher's left, by which objects were stored in an older version. */
export class KindOfEarlierRelease {
  /**
   * @param definition name of the kind's CustomResourceDefinition, which has one version
   * @param older name of the version that goes
   */
  constructor(
    readonly definition: string,
    readonly older: string,
  ) {}

  /**
   * Lets the definition store in the older version, has an object written in it, and lets it store as before.
   * @param object namespace and name. Default: no object is written
   */
  async store(...object: [namespace: string, name: string] | []): Promise<void> {
    const [version] = (await this.get()).spec.versions;
    await this.patch(
      { op: "replace", path: "/spec/versions/0/storage", value: false },
      { op: "add", path: "/spec/versions/-", value: { ...version, name: this.older } },
    );
    if (object.length > 0) await this.write(...(object as [string, string]));
    await this.patch(
      { op: "replace", path: "/spec/versions/1/storage", value: false },
      { op: "replace", path: "/spec/versions/0/storage", value: true },
    );
  }

  /** Takes the older version out of the definition, as a newer release does. */
  async forget(): Promise<void> {
    await this.patch({ op: "remove", path: "/spec/versions/1" });
  }

  /** Versions in which, as the API server knows, objects may be stored. */
  async stored(): Promise<readonly string[]> {
    return (await this.get()).status.storedVersions;
  }

  private async write(namespace: string, name: string): Promise<void> {
    const [plural, ...group] = this.definition.split(".");
    const path = objectPath([plural, this.older, ...group].join("."), namespace, name);
    const note = { metadata: { annotations: { "written-as": this.older } } };
    // The API server offers a new version a moment after it took the definition.
    for (let attempt = 1; ; attempt++) {
      try {
        await clusterApi().patch(path, { merge: note });
        return;
      } catch (error) {
        assert.ok(attempt < ATTEMPTS, String(error));
        await sleep(PAUSE_MILLISECONDS);
      }
    }
  }

  private get(): Promise<Definition> {
    return readObject<Definition>(DEFINITIONS, undefined, this.definition);
  }

  private async patch(...steps: object[]): Promise<void> {
    await clusterApi().patch(objectPath(DEFINITIONS, undefined, this.definition), { steps });
  }
}
