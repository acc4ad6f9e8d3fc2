import { parse } from "yaml";
import { valueAt } from "./property-path";
import { NAMESPACE } from "./schema";
import type { ProvenanceOf } from "./secrets";

/**
 * Reads from the text of a `Pulumi.<stack>.yaml` which values are encrypted. The engine hands a program its settings
 * decrypted and says of a whole section only whether anything in it is secret; the file says it of each value.
 * @param text the file's text, `undefined` where there is none
 * @param sectionIsSecret the engine's word on a section, for values that the file does not hold (environments, another file)
 */
export function provenanceFrom(text: string | undefined, sectionIsSecret: (section: string) => boolean): ProvenanceOf {
  const config = text === undefined ? undefined : readConfig(text);
  return (path, value) => {
    const [section = "", ...rest] = path;
    const top = config?.[`${NAMESPACE}:${section}`];
    for (let length = 0; length <= rest.length; length++) {
      if (isEncrypted(valueAt(top, rest.slice(0, length)))) return "secret";
    }
    const written = valueAt(top, rest);
    if (holdsEncrypted(written)) return "secret";
    if (written !== undefined && textOf(written) === textOf(value)) return "plain";
    return sectionIsSecret(String(section)) ? "unknown" : "plain";
  };
}

function readConfig(text: string): Record<string, unknown> | undefined {
  try {
    const config = valueAt(parse(text), ["config"]);
    return typeof config === "object" && config !== null ? (config as Record<string, unknown>) : undefined;
  } catch {
    // The engine has read this file already and reports what is wrong with it better than we could.
    return undefined;
  }
}

/** Whether anything inside a value is encrypted. */
function holdsEncrypted(node: unknown): boolean {
  if (isEncrypted(node)) return true;
  return typeof node === "object" && node !== null && Object.values(node).some(holdsEncrypted);
}

/** A value as text; of a mapping or a list as JSON, since what is in it may have names such as `toString`. */
const textOf = (value: unknown): string =>
  typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);

function isEncrypted(node: unknown): boolean {
  return typeof node === "object" && node !== null && Object.keys(node).length === 1 && "secure" in node;
}
