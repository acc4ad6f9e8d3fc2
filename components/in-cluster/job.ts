/** What a program of a Job does at its beginning and end. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";

/** Why a Job cannot do its work, and what to do: one sentence for people, which `pulumi up` shows. */
export class JobError extends Error {}

/** What a Job's program is started with: files and folders of its pod (components/kubernetes/program-job.ts). */
export interface JobFiles<Instruction> {
  /** Content of the file that says what to do. */
  readonly instruction: Instruction;
  /** CA of the server's certificate. Absent: the public ones. */
  readonly ca?: Buffer;
  /** Reads a key of the Secret with the credentials. */
  credential(key: string): string;
}

/** Reads what the program was started with: its arguments are the instruction's file, the credentials' folder, the CA's file. */
export function jobFiles<Instruction>(programArguments = process.argv.slice(2)): JobFiles<Instruction> {
  const [instruction = "", credentials = "", ca = ""] = programArguments;
  return {
    instruction: JSON.parse(readFileSync(instruction, "utf8")) as Instruction,
    ca: existsSync(ca) ? readFileSync(ca) : undefined,
    credential: (key) => readFileSync(`${credentials}/${key}`, "utf8").trim(),
  };
}

/** The kubelet makes this file, and keeps its content as the container's message. */
const MESSAGE_FILE = "/dev/termination-log";

/**
 * Does the work and prints what was done. A {@link JobError} ends the program with 1, and its sentence as the container's
 * message.
 * @param messageFile where that message is written, where it exists
 */
export async function runJob(work: () => Promise<string>, messageFile = MESSAGE_FILE): Promise<void> {
  try {
    process.stdout.write(`${await work()}\n`);
  } catch (error) {
    if (!(error instanceof JobError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
    if (existsSync(messageFile)) writeFileSync(messageFile, error.message);
  }
}
