import type { CloudContext, CloudType, Reference } from "../cloud/cloud-type";
import { digits } from "../cloud/deterministic";
import type { PropertyMap } from "../plugin/property-values";

/** The number that Google gives a project. */
export function projectNumber(project: string): string {
  return digits(`project ${project}`, 12);
}

/** The project's id of a resource: its own, or its provider's. */
export function projectOf(properties: PropertyMap, { settings }: CloudContext): string {
  return String(properties.project ?? settings.project ?? "");
}

/** The part of a link after its last slash. */
export function lastPart(link: unknown): string {
  return String(link ?? "")
    .split("/")
    .pop() as string;
}

export const ACCOUNT = "gcp:serviceaccount/account:Account";

/** Service accounts that Google makes: they exist without anybody having made them. */
export function isGoogleManaged(email: string): boolean {
  return /^(default$|service-[0-9]+@)/.test(email) || !/^[a-z0-9-]+@[a-z0-9-]+\.iam\.gserviceaccount\.com$/.test(email);
}

/** A property that holds a service account's email. */
export function accountReference(path: string): Reference {
  return { path, to: ACCOUNT, by: "email", builtIn: isGoogleManaged, onTargetDeletion: "ignore" };
}

/** The member of a role, where it is a service account. */
const ofMember: Reference = {
  path: "member",
  to: ACCOUNT,
  by: "member",
  builtIn: (member) => !member.startsWith("serviceAccount:") || isGoogleManaged(member.slice("serviceAccount:".length)),
  onTargetDeletion: "ignore",
};

/** One member of a role on something. */
export function iamMember(
  parent: (properties: PropertyMap, context: CloudContext) => string,
  references: readonly Reference[] = [],
): CloudType {
  const condition = (properties: PropertyMap): string => {
    const given = properties.condition as PropertyMap | undefined;
    return given ? `/${String(given.title)}` : "";
  };
  return {
    sharesId: true,
    autoName: false,
    id: (properties, context) =>
      `${parent(properties, context)}/${String(properties.role)}/${String(properties.member)}${condition(properties)}`,
    references: [...references, ofMember],
    check: ({ role, member }) => [...checkRole(role), ...checkMember(member)],
  };
}

function checkRole(role: unknown) {
  if (
    typeof role !== "string" ||
    /^(roles|projects\/[^/]+\/roles|organizations\/[^/]+\/roles)\/[A-Za-z0-9_.]+$/.test(role)
  )
    return [];
  return [{ property: "role", reason: `must be like roles/viewer, not ${JSON.stringify(role)}` }];
}

function checkMember(member: unknown) {
  if (typeof member !== "string" || /^(allUsers|allAuthenticatedUsers|[a-zA-Z]+:.+)$/.test(member)) return [];
  return [{ property: "member", reason: `must be like user:jane@example.com, not ${JSON.stringify(member)}` }];
}

/** Projects, service accounts and who may use them. */
export const projectTypes: { [token: string]: CloudType } = {
  "gcp:projects/iAMMember:IAMMember": iamMember((properties) => lastPart(properties.project)),
  [ACCOUNT]: {
    id: "projects/{project}/serviceAccounts/{accountId}@{project}.iam.gserviceaccount.com",
    autoName: "accountId",
    computed(properties, _context, id) {
      const email = lastPart(id);
      return { name: id, email, member: `serviceAccount:${email}`, disabled: properties.disabled ?? false };
    },
    check: ({ accountId }) =>
      typeof accountId !== "string" || /^[a-z](?:[-a-z0-9]{4,28}[a-z0-9])$/.test(accountId)
        ? []
        : [
            {
              property: "accountId",
              reason: `must be 6-30 lower-case letters, digits and hyphens, not "${accountId}"`,
            },
          ],
  },
  "gcp:serviceaccount/key:Key": {
    autoName: false,
    id: ({ serviceAccountId }, context) => {
      const number = context.count(`keys of ${String(serviceAccountId)}`);
      return `${accountId(String(serviceAccountId), context)}/keys/${digits(`${serviceAccountId} ${number}`, 20)}`;
    },
    references: [{ path: "serviceAccountId", to: ACCOUNT, onTargetDeletion: "cascade" }],
    computed: (_properties, _context, id) => ({ name: id, privateKey: keyFile(id), valid: "2026-01-01T00:00:00Z" }),
  },
  "gcp:serviceaccount/iAMMember:IAMMember": iamMember(
    (properties) => String(properties.serviceAccountId),
    [{ path: "serviceAccountId", to: ACCOUNT, onTargetDeletion: "cascade" }],
  ),
};

/** The account's full id: an email alone names one too. */
function accountId(given: string, { settings }: CloudContext): string {
  if (given.includes("/")) return given;
  const project = /@([^.]+)\.iam\./.exec(given)?.[1] ?? String(settings.project ?? "-");
  return `projects/${project}/serviceAccounts/${given}`;
}

/** The key file as the API gives it: base64 of JSON. The key in it opens nothing. */
function keyFile(id: string): string {
  const [, project = "", , email = "", , key = ""] = id.split("/");
  const content = {
    type: "service_account",
    project_id: project,
    private_key_id: key,
    private_key: `-----BEGIN PRIVATE KEY-----\nstand-in key ${digits(`${id} key`, 40)}\n-----END PRIVATE KEY-----\n`,
    client_email: email,
    client_id: digits(email, 21),
    token_uri: "https://oauth2.googleapis.com/token",
  };
  return Buffer.from(JSON.stringify(content)).toString("base64");
}
