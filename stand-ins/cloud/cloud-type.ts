import type { PropertyMap, PropertyValue } from "../plugin/property-values";
import type { CheckFailure } from "../plugin/resource-provider";
import type { LedgerContent, LedgerEntry } from "./ledger";

/** What a model may look at: what exists, and under which provider settings the call came. */
export interface CloudContext {
  /** The provider's own settings. */
  settings: PropertyMap;
  /** Whose resources these are: the Rancher server's URL; empty for Google Cloud. */
  account: string;
  /** What exists. */
  content: LedgerContent;
  /** How many things had this key before, and counts this one: 0, 1, 2 … */
  count(key: string): number;
}

/** A property that names something else in the cloud. */
export interface Reference {
  /** The property, through nested blocks and lists, e.g. `networkInterfaces.subnetwork`. */
  path: string;
  /** The type of what it names. */
  to: string;
  /** The target's property that is meant. Default: its id, link or name. */
  by?: string;
  /** Whether what it names must exist. Default: true. */
  mustExist?: boolean;
  /**
   * What deleting the target does: it is refused, takes this along, leaves it, or takes the target out of the list that
   * the path leads through. Default: `refuse`.
   */
  onTargetDeletion?: "refuse" | "cascade" | "ignore" | "detach";
  /** Only one thing at a time may name the target, of all references with this word. */
  exclusive?: string;
  /** Values that name something the cloud has without anybody having made it. */
  builtIn?(value: string, content: LedgerContent): boolean;
}

/** How a resource type of a stand-in cloud behaves beyond what the SDK's types say. */
export interface CloudType {
  /** The cloud's id; fields are in braces, e.g. `projects/{project}/global/networks/{name}`. Or a function. */
  id: string | ((properties: PropertyMap, context: CloudContext) => string);
  /** Computed outputs that no general rule gives. */
  computed?(properties: PropertyMap, context: CloudContext, id: string): PropertyMap;
  references?: readonly Reference[];
  /** Bad inputs that the API would refuse; unknown values are left out before. */
  check?(inputs: PropertyMap): CheckFailure[];
  /** The reason for which the API refuses the creation. */
  refuseCreate?(properties: PropertyMap, context: CloudContext): string | undefined;
  /** The reason for which the API or the provider refuses the update. */
  refuseUpdate?(old: PropertyMap, properties: PropertyMap, context: CloudContext): string | undefined;
  /** The reason for which the API or the provider refuses the deletion. */
  refuseDelete?(entry: LedgerEntry, context: CloudContext): string | undefined;
  /** Changed properties that replace the resource although not every change of them does. */
  replaces?(old: PropertyMap, properties: PropertyMap): string[];
  /** Whether creating what exists already succeeds. Default: it is refused, the name is taken. */
  sharesId?: boolean;
  /** Whether the id is never given out again. Default: it is free after the deletion. */
  retiresId?: boolean;
  /** The property that gets a generated value when it is left out. Default: `name` where it may be left out. */
  autoName?: string | false;
}

/** A word for people: `gcp:compute/network:Network` is a `network`. */
export function kindOf(type: string): string {
  const name = type.split(":").pop() ?? type;
  return name.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
}

/** The values at a path, through every list on the way. */
export function valuesAt(properties: PropertyValue | undefined, path: string): PropertyValue[] {
  const [first = "", ...rest] = path.split(".");
  if (properties === undefined || properties === null) return [];
  if (Array.isArray(properties)) return properties.flatMap((item) => valuesAt(item, path));
  if (typeof properties !== "object") return [];
  const value = properties[first];
  if (rest.length > 0) return valuesAt(value, rest.join("."));
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}
