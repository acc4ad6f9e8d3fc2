import * as pulumi from "@pulumi/pulumi";

/** The stack would make a password for repositories that have one. */
export class RepositoryPasswordMissingError extends Error {
  /** Stable name of the error. */
  readonly code = "REPOSITORY_PASSWORD_MISSING";
  override readonly name = "RepositoryPasswordMissingError";
}

/**
 * Makes sure that the stack makes no password while its backups have one.
 * @param last password of the last run; nothing where there were no backups
 * @throws RepositoryPasswordMissingError with the way out
 */
export function requireFirst(last: string | undefined): void {
  if (last === undefined) return;
  throw new RepositoryPasswordMissingError(
    "onprem:backup.repositoryPassword was taken out, and this stack has backups under it: Velero could neither read them nor add to them with a password that is made now. Put it back: pulumi config set --secret --path 'onprem:backup.repositoryPassword' (pulumi stack output --show-secrets --json | jq -r .backup.repositoryPassword has it). See docs/backup.md, \"The repository password\".",
  );
}

/**
 * Hooks that refuse to make a password for repositories that have one, in previews too.
 * @param name unique in the program
 * @param last password of the last run
 */
export function firstPasswordOnly(name: string, last: pulumi.Output<string | undefined>): pulumi.ResourceHookBinding {
  const run = async () => requireFirst(await new Promise<string | undefined>((resolve) => void last.apply(resolve)));
  return { beforeCreate: [new pulumi.ResourceHook(`${name}-before-create`, run, { onDryRun: true })] };
}
