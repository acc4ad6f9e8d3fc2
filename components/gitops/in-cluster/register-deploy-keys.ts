/**
 * Registers the deploy keys of one repository at its Git server, or removes those that are out of use. Part of a program
 * that runs in the cluster.
 */
import { PATIENCE_MILLISECONDS, PAUSE_MILLISECONDS, patient as patientWith } from "../../in-cluster/patience";
import {
  type Ask,
  type GitHost,
  type KeyRegistry,
  type KnownKey,
  type Place,
  RegistrationError,
  type WantedKey,
} from "./git-hosts";

/** What the Job is told. */
export interface Registration extends Place {
  kind: GitHost;
  /**
   * `register`: the keys are there, and may do what they shall. `retire`: the stack's own keys that are not among them
   * are gone; for when Flux has been seen to use the new one.
   */
  task: "register" | "retire";
  /** Lines of the key in use and of the next one. */
  lines: string[];
  /** Whether they may push. */
  write: boolean;
  /** Name of the stack. */
  stack: string;
}

/** Type and key, without the comment: some servers leave it out, others change it. */
function material(line: string): string {
  return line.trim().split(/\s+/).slice(0, 2).join(" ");
}

/** What a key is called at the Git server: its comment, and whose it is. */
function titleOf(line: string, stack: string): string {
  return `${line.trim().split(/\s+/)[2] ?? ""} (${stack})`;
}

/** A title without the key's generation; nothing where it is not one that this program gives. */
function family(title: string): string | undefined {
  const [, name, stack] = /^(.+)-\d+ (\(.+\))$/.exec(title) ?? [];
  return name && stack && `${name} ${stack}`;
}

function sameKeys(known: KnownKey[], key: WantedKey): KnownKey[] {
  return known.filter(({ line }) => material(line) === material(key.line));
}

/** A server that took a key, and whose answer was lost, refuses the same key when it is asked again. */
async function add(registry: KeyRegistry, key: WantedKey): Promise<void> {
  try {
    await registry.add(key);
  } catch (refused) {
    const known = await registry.list().catch(() => []);
    if (!sameKeys(known, key).some((one) => one.write === key.write)) throw refused;
  }
}

/**
 * Does what the Job is told; what is so already stays as it is, and nobody else's keys are touched.
 * @returns what was done, in words
 * @throws RegistrationError when the Git server does not let it
 */
export async function registerKeys(registration: Registration, registry: KeyRegistry): Promise<string> {
  const { lines, name, repository, stack, task, write } = registration;
  const wanted = lines.map((line) => ({ title: titleOf(line, stack), line, write }));
  const known = await registry.list();
  if (task === "retire") {
    const ours = new Set(wanted.map(({ title }) => family(title)));
    const kept = new Set(lines.map(material));
    const isOld = ({ line, title }: WantedKey) => {
      const its = family(title);
      return its !== undefined && ours.has(its) && !kept.has(material(line));
    };
    const old = known.filter(isOld);
    for (const { id } of old) await registry.remove(id);
    return `${name}: ${old.map(({ title }) => title).join(", ") || "no key"} removed from ${repository}`;
  }
  const added: string[] = [];
  for (const key of wanted) {
    const same = sameKeys(known, key);
    if (same.some((one) => one.write === write)) continue;
    // What a key may do cannot be changed at every server; it can be registered again.
    for (const { id } of same) await registry.remove(id);
    await add(registry, key);
    added.push(key.title);
  }
  return `${name}: ${added.join(", ") || "nothing new"} registered at ${repository}`;
}

/** Asks again while nobody answers, or the server says that it cannot just now. */
export function patient(
  ask: Ask,
  { apiUrl, name }: Place,
  milliseconds = PATIENCE_MILLISECONDS,
  pauseMilliseconds = PAUSE_MILLISECONDS,
): Ask {
  return patientWith(ask, {
    milliseconds,
    pauseMilliseconds,
    giveUp: ({ code = "", message }, over) => {
      if (/CERT|SELF_SIGNED|UNABLE_TO/.test(code))
        return new RegistrationError(
          `${apiUrl} shows a certificate that no known authority signed (${message}): give its CA in authentication.registration.caCertificate of the repository ${name}.`,
        );
      if (!over) return undefined;
      return new RegistrationError(
        `${apiUrl} cannot be reached from the cluster (${message}): correct authentication.registration.apiUrl of the repository ${name}, or open the way to it.`,
      );
    },
  });
}
