import type { LedgerContent } from "../cloud/ledger";
import { type CloudDefinition, StandInCloud } from "../cloud/stand-in-cloud";
import { standInProvider } from "../cloud/stand-in-provider";
import { type PropertyMap, UNKNOWN } from "../plugin/property-values";
import type { CheckFailure, ProviderDefinition } from "../plugin/resource-provider";
import { loadBehaviours, loadSchema } from "../schema/schema";
import { BOOTSTRAP } from "./tokens";
import { rancher2Types } from "./types";

/** Refuses settings with which no call could succeed: above all an empty token. */
export function checkSettings(settings: PropertyMap): CheckFailure[] {
  const { apiUrl, bootstrap, tokenKey, accessKey, secretKey } = settings;
  const url = apiUrl === undefined || apiUrl === "";
  const failures: CheckFailure[] = [];
  if (url) failures.push({ property: "apiUrl", reason: "is required: the URL of the Rancher server" });
  else if (apiUrl !== UNKNOWN && !/^https:\/\/[^/]+/.test(String(apiUrl)))
    failures.push({ property: "apiUrl", reason: `must start with https://, not ${JSON.stringify(apiUrl)}` });
  if (bootstrap === true && tokenKey !== undefined && tokenKey !== "")
    failures.push({ property: "bootstrap", reason: "cannot be given with tokenKey: bootstrap logs in by password" });
  if (bootstrap === true || (accessKey && secretKey) || tokenKey) return failures;
  return [...failures, { property: "tokenKey", reason: "is empty: a token is required unless bootstrap is true" }];
}

/** Whether the call's token is one that this server gave out. */
function refuseCall(settings: PropertyMap, content: LedgerContent, type: string): string | undefined {
  const [failure] = checkSettings(settings);
  if (failure) return `[ERROR] rancher2 provider: ${failure.property} ${failure.reason}`;
  if (settings.bootstrap === true)
    return type === BOOTSTRAP ? undefined : "[ERROR] a provider with bootstrap can make nothing but a Bootstrap";
  const given = settings.tokenKey ?? `${String(settings.accessKey)}:${String(settings.secretKey)}`;
  const known = content.resources.some(
    (entry) => entry.type === BOOTSTRAP && entry.account === accountOf(settings) && entry.properties.token === given,
  );
  return known ? undefined : "Bad response statusCode [401]. Status [401 Unauthorized]. Body: [must authenticate]";
}

function accountOf({ apiUrl }: PropertyMap): string {
  return String(apiUrl ?? "").replace(/\/+$/, "");
}

/** Rancher as the stand-in has it. */
export const rancher2Cloud = (): CloudDefinition => ({
  schema: loadSchema("rancher2"),
  behaviours: loadBehaviours("rancher2"),
  types: rancher2Types,
  contextValues: () => ({}),
  account: accountOf,
  refuseCall,
  refusals: {
    taken: (kind, id) =>
      `Bad response statusCode [409]. Body: [code=AlreadyExists, message=${kind} "${id}" already exists]`,
    missing: (kind, value) =>
      `Bad response statusCode [404]. Body: [code=NotFound, message=${kind} "${value}" not found]`,
    inUse: (what, by) => `Bad response statusCode [409]. Body: [code=Conflict, message=${what} is used by ${by}]`,
    held: (kind, value, by) =>
      `Bad response statusCode [409]. Body: [code=Conflict, message=${kind} ${value} is used by ${by}]`,
    gone: (kind, id) => `Bad response statusCode [404]. Body: [code=NotFound, message=${kind} "${id}" not found]`,
  },
});

/** The stand-in for the plugin of `@pulumi/rancher2`. */
export function rancher2Provider(): ProviderDefinition {
  return standInProvider("rancher2", new StandInCloud(rancher2Cloud()), {}, checkSettings);
}
