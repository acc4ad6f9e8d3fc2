import type { Command } from "commander";
import { EngineError } from "./engine";

/**
 * Runs a command to its end. An error that the command knows, or of the engine's, is told by its message alone, any other
 * with its stack; all end the process with exit code 1.
 * @param known the class of errors that say in one sentence what went wrong
 */
export async function runCommand(command: Command, known: abstract new (...args: never[]) => Error): Promise<void> {
  try {
    await command.parseAsync();
  } catch (error) {
    const text =
      error instanceof known || error instanceof EngineError
        ? error.message
        : ((error as Error).stack ?? String(error));
    process.stderr.write(`${text}\n`);
    process.exitCode = 1;
  }
}
