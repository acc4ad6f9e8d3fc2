import { ProgramError } from "../errors/program-error";

/** The settings give another repository password than the one under which the backups are. */
export class RepositoryPasswordError extends ProgramError {
  /** Stable name of the error. */
  readonly code = "REPOSITORY_PASSWORD_CHANGED";
  override readonly name = "RepositoryPasswordError";
}

/**
 * Makes sure that a running stack keeps the password of its repositories: with another one no backup of theirs can be read,
 * and none be added. A password that was taken out of the settings is the component's to refuse, which knows whether it would
 * make another.
 * @param given by the settings; nothing where they give none
 * @param last of the stack's outputs; nothing where the stack has no backups yet
 * @throws RepositoryPasswordError with the way out, and neither password
 */
export function requireSamePassword(given: string | undefined, last: string | undefined): void {
  if (given === undefined || last === undefined || given === last) return;
  throw new RepositoryPasswordError(
    'onprem:backup.repositoryPassword is another password than the one of the last run; nothing was changed. Velero could neither read the backups that are there nor add to them. To keep the one of the last run, set it again (pulumi stack output --show-secrets --json | jq -r .backup.repositoryPassword has it), or take the setting out where this stack made its password itself. To begin anew: take the section onprem:backup out and run pulumi up, which leaves the backups of stores outside where they are; then put it back with the new password and another prefix. See docs/backup.md, "The repository password".',
  );
}
