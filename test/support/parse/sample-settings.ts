import type { Ingress } from "../../../components/kubernetes/ingress";
import type { ParseServerArgs, ParseSettings } from "../../../components/parse/args";
import * as releases from "../../../components/releases/releases";
import { parseSettings, type Settings } from "../../../components/settings";
import { smallest } from "../settings/valid-settings";

const fromMirror = (release: Parameters<typeof releases.image>[0]) =>
  releases.image(release, { images: "registry.example.com" });

/** Images of no registry in particular. */
export const images = {
  parseServer: fromMirror(releases.images.parseServer),
  parseDashboard: fromMirror(releases.images.parseDashboard),
  mongodb: fromMirror(releases.images.mongodb),
  postgresql: fromMirror(releases.images.postgresql),
};

/** Settings of Parse as the platform passes them where the stack's settings say only this. */
export function parseSection(section: Record<string, unknown> = {}): Settings["parse"] {
  return parseSettings({ ...smallest(), parse: section }).parse;
}

/** A database with this said of it, and the defaults. */
export const database = (said: {
  readonly kind: ParseSettings["database"]["kind"];
  readonly [setting: string]: unknown;
}) => parseSection({ database: said }).database;

/** A dashboard with this said of it, and the defaults. */
export const dashboard = (said: Record<string, unknown>) => parseSection({ dashboard: said }).dashboard;

/** A public way in, with this said of its certificate. */
export const ingress = (host: string, tls: Partial<Ingress["tls"]>): Ingress => ({
  ...{ host, className: undefined, annotations: {} },
  tls: { secretName: undefined, clusterIssuer: undefined, ...tls },
});

/** Arguments where the stack's settings say the least; what protects is off. */
export const minimal: ParseServerArgs = {
  ...parseSection(),
  customer: "acme",
  images,
  consistentCopies: false,
  copyTimeouts: undefined,
  imagePullCredentials: undefined,
  protectData: false,
  releasedBy: "program",
  lastReleasedBy: undefined,
  api: () => Promise.reject(new Error("no hook runs here")),
};
