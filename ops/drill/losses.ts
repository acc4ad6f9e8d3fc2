import { RecoveryError } from "../recovery/errors";
import type { Extent } from "../recovery/restore-specification";

/** What a drill loses and brings back; `nothing` is a restore beside the application. */
export const LOSSES = ["nothing", "objects", "volume", "namespace"] as const;

/** One of {@link LOSSES}. */
export type Loss = (typeof LOSSES)[number];

/** Each loss in words. */
export const LOSS_WORDS: Readonly<Record<Loss, string>> = {
  nothing: "nothing (a copy beside the application)",
  objects: "every object of every class",
  volume: "the database with its volume",
  namespace: "the application's namespace",
};

/** What has to be restored after a loss. Lost objects come back with the database that they were in. */
export function extentOf(loss: Loss): Extent {
  return loss === "nothing" || loss === "namespace" ? "namespace" : "database";
}

/**
 * The losses that a command line asks for, in its order.
 * @param text names with commas between them
 * @param reallyDestroy whether it was said that the application's data are to go
 * @throws RecoveryError for a name that there is not, and for a loss that was not asked for in so many words
 */
export function lossesOf(text: string, reallyDestroy: boolean, stack: string): Loss[] {
  const names = text.split(",").map((name) => name.trim());
  const losses = LOSSES.filter((loss) => names.includes(loss));
  const unknown = names.filter((name) => !LOSSES.includes(name as Loss));
  if (unknown.length > 0 || losses.length !== names.length)
    throw new RecoveryError(`--lose ${text}: there are ${LOSSES.join(", ")}, each once, with commas between them.`);
  const destroyed = losses.filter((loss) => loss !== "nothing").map((loss) => LOSS_WORDS[loss]);
  if (destroyed.length > 0 && !reallyDestroy)
    throw new RecoveryError(
      `--lose ${text} deletes of ${stack}: ${destroyed.join("; ")}. It is brought back from the backup, and what was written since is gone. Say --really-destroy too if that is meant.`,
    );
  return losses;
}
