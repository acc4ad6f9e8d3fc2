import type { PropertyMap, PropertyValue } from "../plugin/property-values";
import { shortLink } from "../schema/difference";
import { type CloudType, kindOf, type Reference, valuesAt } from "./cloud-type";
import type { LedgerContent, LedgerEntry } from "./ledger";

/** The types of all clouds whose references to each other count. */
export type CloudTypes = { readonly [token: string]: CloudType };

/** Whether the value, as a property gives it, means the entry. */
export function means(value: string, entry: LedgerEntry, by?: string): boolean {
  if (by !== undefined) return entry.properties[by] === value;
  const short = shortLink(value);
  if (short === entry.id || short === shortLink(String(entry.properties.selfLink ?? ""))) return true;
  return !short.includes("/") && entry.properties.name === value;
}

/** The entry that a reference's value names. */
function target(content: LedgerContent, reference: Reference, account: string, value: string): LedgerEntry | undefined {
  return content.resources.find(
    (entry) => entry.type === reference.to && entry.account === account && means(value, entry, reference.by),
  );
}

function textsAt(properties: PropertyMap, path: string): string[] {
  return valuesAt(properties, path).filter((value): value is string => typeof value === "string" && value !== "");
}

/** The first reference to something that does not exist, or that another thing has for itself. */
export function brokenReference(
  content: LedgerContent,
  types: CloudTypes,
  subject: LedgerEntry,
): { reference: Reference; value: string; holder?: LedgerEntry } | undefined {
  for (const reference of types[subject.type]?.references ?? []) {
    for (const value of textsAt(subject.properties, reference.path)) {
      if (reference.builtIn?.(value, content)) continue;
      const found = target(content, reference, subject.account, value);
      if (!found && reference.mustExist !== false) return { reference, value };
      if (!found || !reference.exclusive) continue;
      const holder = referring(content, types, found, ({ exclusive }) => exclusive === reference.exclusive).find(
        (entry) => entry.type !== subject.type || entry.id !== subject.id,
      );
      if (holder) return { reference, value, holder };
    }
  }
  return undefined;
}

/** What refers to the entry by a reference that `counts`. */
export function referring(
  content: LedgerContent,
  types: CloudTypes,
  entry: LedgerEntry,
  counts: (reference: Reference) => boolean,
): LedgerEntry[] {
  return content.resources.filter((other) => {
    if (other === entry || other.account !== entry.account) return false;
    const references = (types[other.type]?.references ?? []).filter(({ to }) => to === entry.type).filter(counts);
    return references.some(({ path, by }) => textsAt(other.properties, path).some((value) => means(value, entry, by)));
  });
}

/** What refuses the entry's deletion, because it is in use. */
export function usersOf(content: LedgerContent, types: CloudTypes, entry: LedgerEntry): LedgerEntry[] {
  return referring(content, types, entry, ({ onTargetDeletion }) => (onTargetDeletion ?? "refuse") === "refuse");
}

/** What goes along when the entry is deleted, in the order in which it goes. */
export function dependentsOf(content: LedgerContent, types: CloudTypes, entry: LedgerEntry): LedgerEntry[] {
  const direct = referring(content, types, entry, ({ onTargetDeletion }) => onTargetDeletion === "cascade");
  return direct.flatMap((dependent) => [...dependentsOf(content, types, dependent), dependent]);
}

/** Takes the entry out of the lists of what can go on without it. */
export function detach(content: LedgerContent, types: CloudTypes, entry: LedgerEntry): void {
  for (const other of referring(content, types, entry, ({ onTargetDeletion }) => onTargetDeletion === "detach")) {
    for (const { onTargetDeletion, path, to } of types[other.type]?.references ?? []) {
      const [list = "", ...rest] = path.split(".");
      const items = other.properties[list];
      if (onTargetDeletion !== "detach" || to !== entry.type || !Array.isArray(items)) continue;
      const names = (item: PropertyValue) =>
        valuesAt(item, rest.join(".")).some((value) => means(String(value), entry));
      other.properties[list] = items.filter((item) => !names(item));
    }
  }
}

/** How a message names an entry. */
export function nameOf(entry: LedgerEntry): string {
  return `${kindOf(entry.type)} '${entry.id}'`;
}
