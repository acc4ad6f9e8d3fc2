import type { ClusterReader } from "./api-client";
import type { FoundMetadata, ObjectIdentity } from "./ownership";

/** What is read of an object. */
export interface FoundObject {
  readonly metadata: FoundMetadata;
  readonly spec?: unknown;
}

/** https://kubernetes.io/docs/reference/using-api/api-concepts/#standard-api-terminology */
interface ResourceList {
  readonly resources: ReadonlyArray<{ name: string; kind: string; namespaced: boolean }>;
}

/** How many questions are on their way at a time. */
const AT_ONCE = 16;

/** Answers that mean that nothing can be there, or that whoever asks may not know. */
const NOTHING = new Set([403, 404]);

/** Finds objects by kind and name, asking the API once how it calls each kind. */
export class ObjectLookup {
  private readonly kinds = new Map<string, Promise<ResourceList | undefined>>();

  constructor(private readonly reader: ClusterReader) {}

  /** An object; `undefined` where there is none, or no such kind, or where it may not be read. */
  async find({ apiVersion, kind, namespace, name }: ObjectIdentity): Promise<FoundObject | undefined> {
    const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const known = this.kinds.get(root) ?? this.read<ResourceList>(root);
    this.kinds.set(root, known);
    const resources = (await known)?.resources ?? [];
    const resource = resources.find((candidate) => candidate.kind === kind && !candidate.name.includes("/"));
    if (!resource) return undefined;
    const place = resource.namespaced ? `/namespaces/${namespace ?? "default"}` : "";
    return this.read<FoundObject>(`${root}${place}/${resource.name}/${name}`);
  }

  /** Those of the objects that are there, in their order. */
  async findAll(objects: readonly ObjectIdentity[]): Promise<Array<{ object: ObjectIdentity; found: FoundObject }>> {
    const answers: Array<FoundObject | undefined> = [];
    let next = 0;
    const worker = async () => {
      for (let index = next++; index < objects.length; index = next++) {
        const object = objects[index];
        if (object) answers[index] = await this.find(object);
      }
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, objects.length) }, worker));
    return objects.flatMap((object, index) => {
      const found = answers[index];
      return found ? [{ object, found }] : [];
    });
  }

  private async read<Content>(path: string): Promise<Content | undefined> {
    try {
      return (await this.reader.get(path)) as Content;
    } catch (error) {
      if (NOTHING.has((error as { status?: number }).status ?? 0)) return undefined;
      throw error;
    }
  }
}
