/** What the conditions of Flux's objects mean, in one sentence each. Pure. */

/** A Flux object as the cluster has it: https://fluxcd.io/flux/components/source/gitrepositories/#gitrepository-status */
export interface FluxStatus {
  readonly metadata: {
    readonly name: string;
    readonly generation?: number;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: { readonly suspend?: boolean };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly lastHandledReconcileAt?: string;
    readonly lastAppliedRevision?: string;
    readonly artifact?: { readonly revision: string };
    readonly conditions?: readonly Condition[];
  };
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

/** A repository, as far as the sentences need it. */
export interface FollowedRepository {
  readonly kind: "GitRepository";
  readonly name: string;
  readonly url: string;
  readonly branch: string;
  /** Whether the login has to be one that may push. */
  readonly write?: boolean;
  /** The line that the Git server has to know. Absent without a deploy key. */
  readonly deployKey?: string;
}

/** A Kustomization, as far as the sentences need it. */
export interface AppliedKustomization {
  readonly kind: "Kustomization";
  readonly name: string;
  /** Name of its repository. */
  readonly repository: string;
  readonly path: string;
}

/** An object that is waited for. */
export type Awaited = FollowedRepository | AppliedKustomization;

/** How an object stands. */
export type Readiness =
  | { readonly state: "ready" }
  /** Flux is at it. */
  | { readonly state: "waiting" }
  | {
      readonly state: "failing";
      /** What is wrong, for a person, with the way out: the same words for the same failure. */
      readonly problem: string;
      /** Flux's own words. */
      readonly says: string;
      /** Nothing but a change of the settings or of the repository can help. */
      readonly final: boolean;
    };

/** Annotation that asks Flux to look at once; the status repeats its value when it has looked. */
export const RECONCILE_REQUEST = "reconcile.fluxcd.io/requestedAt";

/**
 * How an object stands.
 * @param object as the cluster has it; `undefined` when it is not there yet
 * @param sourceRevision of a Kustomization's repository: it is ready when it has applied this
 */
export function readinessOf(awaited: Awaited, object: FluxStatus | undefined, sourceRevision?: string): Readiness {
  if (!object) return { state: "waiting" };
  if (object.spec.suspend) return { state: "ready" };
  const ready = object.status?.conditions?.find(({ type }) => type === "Ready");
  if (ready?.status === "True")
    return isCurrent(awaited, object, sourceRevision) ? { state: "ready" } : { state: "waiting" };
  if (ready?.status !== "False") return { state: "waiting" };
  return awaited.kind === "GitRepository" ? repositoryProblem(awaited, ready) : kustomizationProblem(awaited, ready);
}

/** Whether what is ready is what was asked for last, not what was there before. */
function isCurrent({ kind }: Awaited, { metadata, status }: FluxStatus, sourceRevision?: string): boolean {
  if (status?.observedGeneration !== metadata.generation) return false;
  const request = metadata.annotations?.[RECONCILE_REQUEST];
  if (request !== undefined && status?.lastHandledReconcileAt !== request) return false;
  return kind === "GitRepository" || sourceRevision === undefined || status?.lastAppliedRevision === sourceRevision;
}

interface Explanation {
  /** What Flux says. */
  readonly says: RegExp;
  readonly final: boolean;
  /** What it means, and the way out. */
  readonly means: (repository: FollowedRepository) => string;
}

const EXPLANATIONS: readonly Explanation[] = [
  {
    says: /key mismatch/,
    final: true,
    means: ({ name }) =>
      `shows another host key than the one pinned. Ask whoever runs the server whether its key was changed, by another way than this network, before you change authentication.knownHosts of ${name}`,
  },
  {
    says: /knownhosts: key is unknown/,
    final: true,
    means: () =>
      "has no key of its own in authentication.knownHosts. Add its line; with a port, the line begins with [host]:port",
  },
  {
    says: /no common algorithm for host key/,
    final: true,
    means: () => "has no host key of the type that authentication.knownHosts pins. Pin its ed25519 key",
  },
  {
    says: /unable to authenticate/,
    final: false,
    means: ({ deployKey, name, write }) =>
      `does not know the deploy key of ${name}. Register this line there, ${write ? "with write access" : "for reading only"}: ${deployKey ?? ""}`,
  },
  {
    says: /couldn't find remote ref|reference not found/,
    final: true,
    means: ({ branch }) => `has no branch ${branch} in that repository. Push it, or correct branch`,
  },
  {
    says: /x509:|certificate/,
    final: true,
    means: () => "has a certificate that no known authority signed. Give its CA in authentication.caCertificate",
  },
  {
    says: /authentication required|authorization failed|invalid credentials|invalid username or password|\b40[13]\b/i,
    final: false,
    means: () => "refuses the token. Set another one in authentication.token",
  },
  {
    says: /repository not found|does not appear to be a git repository|does not exist/i,
    final: false,
    means: () => "has no such repository, or does not show it to this login. Correct url, or give the login access",
  },
  {
    says: /connection refused|no route to host|no such host|i\/o timeout|timed out|timeout|deadline exceeded|unreachable|connection reset/i,
    final: false,
    means: () => "cannot be reached from the cluster. Look whether it runs, and whether a firewall is in the way",
  },
];

function repositoryProblem(repository: FollowedRepository, { message = "", reason = "" }: Condition): Readiness {
  const says = short(message);
  const explanation = EXPLANATIONS.find((known) => known.says.test(message));
  const { name, url } = repository;
  if (!explanation) return { state: "failing", final: false, problem: `GitRepository ${name}: ${reason}`, says };
  const problem = `GitRepository ${name}: the Git server of ${url} ${explanation.means(repository)}`;
  return { state: "failing", final: explanation.final, problem, says };
}

function kustomizationProblem(
  { name, path, repository }: AppliedKustomization,
  { message = "", reason = "" }: Condition,
): Readiness {
  const says = short(message);
  const failing = (problem: string, final: boolean): Readiness => ({
    state: "failing",
    final,
    problem: `Kustomization ${name}: ${problem}`,
    says,
  });
  if (/path not found/.test(message))
    return failing(`repository ${repository} has no directory ${path}. Push it, or correct path`, true);
  // Its repository says why.
  if (/artifact not found|Source is not ready|not ready/i.test(message) && reason === "ArtifactFailed")
    return { state: "waiting" };
  if (reason === "DependencyNotReady" || reason === "Progressing") return { state: "waiting" };
  if (reason === "BuildFailed")
    return failing(
      `the files in ${path} cannot be put together; what ran goes on running. Correct them and push`,
      true,
    );
  if (reason === "HealthCheckFailed")
    return failing("what it applied does not become healthy. Look at the pods that it names", true);
  if (reason === "ReconciliationFailed")
    return failing("the cluster refuses a file; what ran goes on running. Correct it and push", false);
  return failing(reason, false);
}

const LONGEST = 400;

/** Flux's own words on one line, without what it repeats. */
function short(message: string): string {
  const line = message.replace(/\s+/g, " ").trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST)} …` : line;
}
