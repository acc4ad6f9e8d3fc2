/** Program that brings the engine's copy of the lab's settings up to the checked-in files: see lab/engine-command.ts. */
import { LabError } from "./errors";
import { refreshStackSettings } from "./stack-settings";

try {
  refreshStackSettings();
} catch (error) {
  if (!(error instanceof LabError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
