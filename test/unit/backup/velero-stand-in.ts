import type { BackupObject } from "../../../components/backup/probe";
import type { ProbeApi } from "../../../components/backup/probe-run";

interface StoredObject extends BackupObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Record<string, string>;
    readonly creationTimestamp?: string;
  };
  readonly spec?: { readonly storageLocation?: string; readonly backupStorageLocation?: string; backupName?: string };
  status?: Record<string, unknown>;
}

const NAMESPACE = "velero";
const VELERO = `/apis/velero.io/v1/namespaces/${NAMESPACE}`;
const CORE = `/api/v1/namespaces/${NAMESPACE}`;

/** The API of a cluster with a Velero in it, whose time is the test's. */
export class VeleroStandIn implements ProbeApi {
  /** Path → object. */
  readonly objects = new Map<string, StoredObject>();
  /** What was made, by kind. */
  readonly made: { kind: string; object: StoredObject }[] = [];
  /** Milliseconds since 1970. */
  time = Date.parse("2026-11-30T12:00:00Z");
  /** Log of the server. */
  log = "";
  /** What Velero does with backups and requests at each moment. */
  act: () => void = () => undefined;

  constructor() {
    this.put(`${CORE}/pods`, "velero-1", { labels: { deploy: "velero" }, creationTimestamp: "2026-11-30T11:00:00Z" });
    this.put(`${VELERO}/backupstoragelocations`, "outside", { creationTimestamp: "2026-11-30T11:30:00Z" });
  }

  /** Has an object there, of the kind that the path lists. */
  put(path: string, name: string, metadata: object = {}, rest: object = {}): void {
    this.objects.set(`${path}/${name}`, { metadata: { name, ...metadata }, ...rest });
  }

  backup(name: string, rest: object, labels: Record<string, string> = {}): void {
    this.put(`${VELERO}/backups`, name, { labels }, rest);
  }

  repository(name: string, location: string, creationTimestamp: string): void {
    const spec = { backupStorageLocation: location };
    this.put(`${VELERO}/backuprepositories`, name, { creationTimestamp }, { spec });
  }

  /** The probe that was made last. */
  get probe(): StoredObject | undefined {
    const isProbe = ({ metadata }: StoredObject) => metadata.labels?.["onprem.platform/probe"] !== undefined;
    return this.of("backups").filter(isProbe).at(-1);
  }

  /** Objects of a kind. */
  of(kind: string): StoredObject[] {
    return [...this.objects].filter(([path]) => path.split("/").at(-2) === kind).map(([, object]) => object);
  }

  /** Every probe ends like this. */
  ending(phase: string, status: object = {}): void {
    this.act = () => {
      const { probe } = this;
      if (probe && probe.status === undefined) probe.status = { phase, ...status };
      this.deleteAsAsked();
    };
  }

  /** Deletes what requests ask for. */
  deleteAsAsked(): void {
    for (const { metadata, spec } of this.of("deletebackuprequests")) {
      this.objects.delete(`${VELERO}/backups/${spec?.backupName}`);
      this.objects.delete(`${VELERO}/deletebackuprequests/${metadata.name}`);
    }
  }

  async sleep(seconds: number): Promise<void> {
    this.time += seconds * 1000;
    this.act();
  }

  async get(path: string): Promise<unknown> {
    if (path.startsWith(`${CORE}/pods/velero-1/log?`)) return this.log;
    const [list = "", query = ""] = path.split("?");
    const found = this.objects.get(list);
    if (found) return found;
    if (/\/[a-z]+$/.test(list) && list.split("/").length === (list.startsWith("/api/") ? 6 : 7)) {
      const [label, value] = decodeURIComponent(query.replace("labelSelector=", "")).split("=");
      const items = this.of(list.split("/").pop() ?? "");
      return { items: items.filter(({ metadata }) => !label || metadata.labels?.[label] === value) };
    }
    throw Object.assign(new Error(`${path}: not found`), { status: 404 });
  }

  async create(path: string, object: object): Promise<unknown> {
    const stored = structuredClone(object) as StoredObject;
    this.made.push({ kind: path.split("/").pop() ?? "", object: stored });
    this.objects.set(`${path}/${stored.metadata.name}`, stored);
    this.act();
    return object;
  }

  async delete(path: string): Promise<void> {
    this.objects.delete(path);
  }
}
