/** Who gets which role on what. Pure. */
import { createHash } from "node:crypto";

/** A person or a group of people, and what they may do. */
export interface Member {
  /** Login name of a local user. Either this or `group`. */
  readonly user: string | undefined;
  /** Principal id of a group of the customer's identity provider. */
  readonly group: string | undefined;
  /** A role of Rancher's or of the customer's own. */
  readonly role: string;
}

/** A role of the customer's own. */
export interface CustomRole {
  /** Its name. */
  readonly name: string;
  /** What it is granted on. */
  readonly context: "cluster" | "project";
  /** What it allows. */
  readonly rules: readonly {
    readonly apiGroups: readonly string[];
    readonly resources: readonly string[];
    readonly verbs: readonly string[];
  }[];
}

/** What a role is granted on: the cluster, the application's project, or the project of the cluster's own services. */
export type Scope = "cluster" | "project" | "systemProject";

/** Rancher's own roles. Monitoring lives in the system project, and so does the right to look at it. */
const BUILT_IN_SCOPES: Record<string, Scope> = {
  "cluster-owner": "cluster",
  "cluster-member": "cluster",
  "project-owner": "project",
  "project-member": "project",
  "read-only": "project",
  "monitoring-ui-view": "systemProject",
};

/** One role for one user or group. */
export interface RoleBinding {
  /** Stable and unique, for use as a resource's name. */
  readonly key: string;
  /** Name in Rancher: lower-case letters, digits and hyphens. */
  readonly name: string;
  readonly member: Member;
  readonly scope: Scope;
  /** Whether the role is the customer's own. */
  readonly custom: boolean;
}

const FINGERPRINT_LENGTH = 6;
const LONGEST_NAME = 40;

/** The bindings that give members their roles. */
export function roleBindings(members: readonly Member[], roles: readonly CustomRole[]): RoleBinding[] {
  return members.map((member) => {
    const key = `${member.user ?? member.group}/${member.role}`;
    const role = roles.find(({ name }) => name === member.role);
    return {
      key,
      name: bindingName(key),
      member,
      scope: role?.context ?? BUILT_IN_SCOPES[member.role] ?? "project",
      custom: role !== undefined,
    };
  });
}

/** A readable name with a fingerprint, since a group's principal id has characters that a name cannot have. */
function bindingName(key: string): string {
  const readable = key
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, LONGEST_NAME)
    .replace(/^-+|-+$/g, "");
  return `${readable}-${createHash("sha256").update(key).digest("hex").slice(0, FINGERPRINT_LENGTH)}`;
}
