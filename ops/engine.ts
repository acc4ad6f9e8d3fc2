import { execa } from "execa";

/** The engine cannot be asked about a stack; said in one sentence, with the way out. */
export class EngineError extends Error {
  readonly code = "ENGINE";
}

/** What is known of an engine's command that failed. */
export interface EngineFailure {
  /** Of the system, where the engine could not be started: `ENOENT`. */
  readonly code?: string;
  readonly exitCode?: number | null;
  readonly signal?: string | null;
  readonly stderr?: string;
}

/** Signs in what the engine writes (https://github.com/pulumi/pulumi/tree/v3.274.1/pkg), and what each means for a person. */
const MEANINGS: readonly (readonly [RegExp, (stack: string) => string])[] = [
  [
    /must be set for login/,
    () => "the engine is logged in nowhere. Say where the state is: pulumi login, or PULUMI_BACKEND_URL",
  ],
  [
    /no stack named/,
    (stack) => `there is no stack ${stack} where the engine is logged in. Those that there are: pulumi stack ls`,
  ],
  [
    /passphrase must be set|incorrect passphrase/,
    () => "its passphrase is missing or wrong. Set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE",
  ],
  [
    /unable to open state directory/,
    () => "the folder of the engine's state (PULUMI_BACKEND_URL) is not there. In the lab: npm run lab up",
  ],
  [/no Pulumi\.yaml project file/, () => "this is not the folder of the program. Change to the one with Pulumi.yaml"],
];

/**
 * Why the engine failed, without a full stop. Pure.
 * @param stack that it was asked about
 */
export function reasonOf(stack: string, { code, exitCode, signal, stderr = "" }: EngineFailure): string {
  if (code === "ENOENT")
    return "there is no pulumi on PATH. In the lab: npm run lab exec -- COMMAND; elsewhere: https://www.pulumi.com/docs/install";
  const known = MEANINGS.find(([sign]) => sign.test(stderr));
  if (known) return known[1](stack);
  const said = stderr
    .trim()
    .replace(/^error: /, "")
    .replace(/\.$/, "");
  if (said !== "") return said;
  return signal
    ? `the engine was stopped by ${signal}`
    : `the engine ended with exit code ${exitCode}, and gave no reason`;
}

/**
 * A stack's outputs, with its secrets.
 * @throws EngineError when the engine is missing, not logged in, or does not know the stack
 */
export async function readOutputs<Outputs>(stack: string): Promise<Outputs> {
  const args = ["stack", "output", "--stack", stack, "--json", "--show-secrets", "--non-interactive"];
  const result = await execa("pulumi", args, { reject: false });
  if (result.failed) throw new EngineError(`The outputs of stack ${stack} cannot be read: ${reasonOf(stack, result)}.`);
  return JSON.parse(result.stdout) as Outputs;
}

/**
 * What `pulumi preview` finds to change in a stack: nothing, or what it says.
 * @throws EngineError when there is no engine to ask
 */
export async function findChanges(stack: string): Promise<string | undefined> {
  const args = ["preview", "--stack", stack, "--expect-no-changes", "--diff", "--non-interactive", "--color", "never"];
  const { all, code, exitCode, failed, signal } = await execa("pulumi", args, { reject: false, all: true });
  if (exitCode === undefined)
    throw new EngineError(`Stack ${stack} cannot be previewed: ${reasonOf(stack, { code, exitCode, signal })}.`);
  return failed ? all : undefined;
}
