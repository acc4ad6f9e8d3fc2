import { tagOf } from "../kubernetes/deployed-version";
import type { ParseServerValues } from "./values";

/** Versions of Parse Server and of the database that the platform runs for it. */
export interface RunningParse {
  readonly parse?: string;
  readonly mongodb?: string;
  readonly postgresql?: string;
}

/** What of the chart's values says which versions they are of. */
type VersionedValues = {
  readonly server?: Partial<Pick<ParseServerValues["server"], "image">>;
  readonly database?: {
    readonly kind?: string;
    readonly mongodb?: { readonly image?: string };
    readonly postgresql?: { readonly image?: string };
  };
};

/** The versions in values of the chart; nothing of what they do not name. Pure. */
export function versionsIn(values: VersionedValues | undefined): RunningParse {
  const { server, database } = values ?? {};
  const tag = (image: string | undefined) => (image === undefined ? undefined : tagOf(image));
  return {
    parse: tag(server?.image),
    mongodb: database?.kind === "mongodb" ? tag(database.mongodb?.image) : undefined,
    postgresql: database?.kind === "postgresql" ? tag(database.postgresql?.image) : undefined,
  };
}

/**
 * The versions of a Helm release, from its own outputs. A release whose update failed was rolled back, and keeps the values
 * of the failed update in its state: nothing is said of it. Pure.
 * @param status of the release; `undefined` where it is not there
 */
export function releasedVersions(values: VersionedValues | undefined, status: string | undefined): RunningParse {
  return status === "deployed" ? versionsIn(values) : {};
}
