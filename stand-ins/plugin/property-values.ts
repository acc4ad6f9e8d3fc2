import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";

/** A property as the engine's protocol carries it: JSON, with marks for secrets and unknown values. */
export type PropertyValue = null | boolean | number | string | PropertyValue[] | { [name: string]: PropertyValue };

/** The properties of a resource or the arguments of a function; an absent property is not in the map. */
export type PropertyMap = { [name: string]: PropertyValue };

/** The value that stands for "known after the update" in a preview (`plugin.UnknownStringValue` in the engine's SDK). */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The key and value that mark an object as a special one, here a secret (`resource.SigKey`, `resource.SecretSig`). */
const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

/** Marks a value as secret: the engine then encrypts it in the state and hides it in every output. */
export function secret(value: PropertyValue): PropertyValue {
  return { [SIGNATURE_KEY]: SECRET_SIGNATURE, value };
}

/** The value without its secret marks, at any depth. */
export function withoutSecrets(value: PropertyValue): PropertyValue {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (value === null || typeof value !== "object") return value;
  if (value[SIGNATURE_KEY] === SECRET_SIGNATURE) return withoutSecrets(value.value ?? null);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withoutSecrets(item)]));
}

/** Whether the value is, or contains, something that only the update will know. */
export function containsUnknown(value: PropertyValue | undefined): boolean {
  if (value === undefined || value === null) return false;
  if (Array.isArray(value)) return value.some(containsUnknown);
  if (typeof value === "object") return Object.values(value).some(containsUnknown);
  return value === UNKNOWN;
}

/** Reads a protocol message: null properties count as absent, secrets come as their plain values. */
export function fromStruct(struct: Struct | undefined): PropertyMap {
  const properties = (struct?.toJavaScript() ?? {}) as PropertyMap;
  const present = Object.entries(properties).filter(([, value]) => value !== null);
  return Object.fromEntries(present.map(([name, value]) => [name, withoutSecrets(value)]));
}

/** Writes a protocol message. */
export function toStruct(properties: PropertyMap): Struct {
  return Struct.fromJavaScript(properties as { [name: string]: JavaScriptValue });
}
