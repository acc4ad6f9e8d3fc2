import { resourcePolicy } from "../definition";
import { cisGoogleCloud } from "../frameworks";
import { isGrant } from "./resources";

const BASIC = ["roles/owner", "roles/editor", "roles/viewer"];

/** Roles say what they allow. */
export const rolesNotBasic = resourcePolicy({
  name: "roles-not-basic",
  description: "No owner, editor or viewer role, and nothing for everybody, is granted.",
  level: "mandatory",
  severity: "critical",
  framework: cisGoogleCloud("1.5", "Ensure that service accounts have no admin privileges"),
  link: "https://cloud.google.com/iam/docs/roles-overview#basic",
  remedy: "Grant the predefined role that holds what is needed.",
  types: isGrant,
  *check({ props }) {
    if (BASIC.includes(props.role)) {
      yield { property: "role", problem: `is the basic role ${props.role}`, fix: "grant a predefined role" };
    }
    for (const property of ["member", "members"]) {
      const members: string[] = [props[property] ?? []].flat();
      if (!members.some((member) => member === "allUsers" || member === "allAuthenticatedUsers")) continue;
      yield { property, problem: "is everybody", fix: "name who needs the role" };
    }
  },
});
