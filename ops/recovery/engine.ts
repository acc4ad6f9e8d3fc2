import { execa } from "execa";

/** What `pulumi preview` finds to change in a stack: nothing, or what it says. */
export async function findChanges(stack: string): Promise<string | undefined> {
  const args = ["preview", "--stack", stack, "--expect-no-changes", "--diff", "--non-interactive", "--color", "never"];
  const { exitCode, all } = await execa("pulumi", args, { reject: false, all: true });
  return exitCode === 0 ? undefined : all;
}
