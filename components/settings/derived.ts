/** Defaults that follow from other settings; every other default stands in the schema. Pure. */
import type { OpenSettings } from "./schema";

type Section<Name extends keyof OpenSettings> = NonNullable<OpenSettings[Name]>;
type Repository = Section<"gitops">["repositories"][number];

/** Parse's pods where the settings have neither a number nor autoscaling. */
const REPLICAS = 2;
/** Port of each database, as its documentation has it. */
const DATABASE_PORTS = { mongodb: 27017, postgresql: 5432 } as const;
/** APIs of the public Git servers. */
const PUBLIC_GIT_APIS = { github: "https://api.github.com", gitlab: "https://gitlab.com/api/v4" } as const;

/** The settings with what follows from others where it is absent. */
export function withDerivedDefaults(settings: OpenSettings) {
  const { access, backup, cluster, customer, gitops, parse, rancher } = settings;
  const project = cluster.kind === "gke" ? cluster.project : undefined;
  return {
    ...settings,
    parse: completeParse(parse),
    rancher: rancher && { ...rancher, project: requireText(rancher.project ?? project, "rancher.project") },
    access: access && completeAccess(access),
    backup: backup && completeBackup(backup, customer, project),
    gitops: gitops && completeGitOps(gitops),
  };
}

/** Settings with every default filled in, secrets still as text. */
export type CompleteSettings = ReturnType<typeof withDerivedDefaults>;

/** What a check has asked for where nothing else gives it. */
function requireText(text: string | undefined, setting: string): string {
  if (text === undefined) throw new RangeError(`onprem:${setting} is absent: its check lets this through`);
  return text;
}

function completeParse(parse: Section<"parse">) {
  const { autoscaling, database, replicas } = parse;
  return {
    ...parse,
    replicas: autoscaling ? undefined : (replicas ?? REPLICAS),
    database:
      database.kind === "external"
        ? { ...database, ports: database.ports ?? [DATABASE_PORTS[database.engine]] }
        : database,
  };
}

function completeAccess(access: Section<"access">) {
  return { ...access, users: access.users.map((user) => ({ ...user, displayName: user.displayName ?? user.name })) };
}

function completeBackup(backup: Section<"backup">, customer: string, clusterProject: string | undefined) {
  const defaultLocation = requireText(backup.locations.find((location) => location.default)?.name, "backup.locations");
  return {
    ...backup,
    prefix: backup.prefix ?? customer,
    locations: backup.locations.map((location) =>
      location.kind === "gcs"
        ? { ...location, project: requireText(location.project ?? clusterProject, "backup.locations[].project") }
        : location,
    ),
    schedules: backup.schedules.map((schedule) => ({ ...schedule, location: schedule.location ?? defaultLocation })),
  };
}

function completeGitOps(gitops: Section<"gitops">) {
  const { notifications, receiver, repositories } = gitops;
  const names = repositories.map(({ name }) => name);
  return {
    ...gitops,
    repositories: repositories.map(completeRepository),
    notifications: notifications.map((one) => ({ ...one, repositories: one.repositories ?? names })),
    receiver: receiver && { ...receiver, repositories: receiver.repositories ?? names },
  };
}

function completeRepository(repository: Repository) {
  const { authentication } = repository;
  if (authentication.kind !== "ssh") return { ...repository, authentication };
  const { registration } = authentication;
  return {
    ...repository,
    authentication: {
      ...authentication,
      registration: registration && { ...registration, apiUrl: apiUrlOf(registration) },
    },
  };
}

type Registration = NonNullable<Extract<Repository["authentication"], { kind: "ssh" }>["registration"]>;

const apiUrlOf = ({ apiUrl, kind }: Registration): string => apiUrl ?? PUBLIC_GIT_APIS[kind];
