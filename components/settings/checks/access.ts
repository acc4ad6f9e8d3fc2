import { inWords, type Problem } from "../problems";
import { formatPath } from "../property-path";
import type { OpenSettings } from "../schema";
import type { Check } from "./check";
import { exactlyOne, repeatedNames, unknownName } from "./rules";

/** Roles that Rancher brings. */
const BUILT_IN_ROLES = [
  "cluster-owner",
  "cluster-member",
  "project-owner",
  "project-member",
  "read-only",
  "monitoring-ui-view",
];

type Access = NonNullable<OpenSettings["access"]>;

/** Access without Rancher, names given twice, members and roles that do not exist, roles without limits. */
export const checkAccess: Check = ({ access, rancher }) => {
  if (!access) return [];
  const users = access.users.map(({ name }) => name);
  const roles = [...BUILT_IN_ROLES, ...access.roles.map(({ name }) => name)];
  const needsRancher = rancher
    ? []
    : [
        {
          path: ["access"],
          given: "access without a Rancher",
          allowed: "onprem:access only together with onprem:rancher",
          wayOut: "set onprem:rancher, or pulumi config rm 'onprem:access'",
          involves: [["rancher"]],
        },
      ];
  return [
    ...needsRancher,
    ...repeatedNames(access.users, ["access", "users"]),
    ...access.users.flatMap(checkUser),
    ...repeatedNames(access.roles, ["access", "roles"]),
    ...access.roles.flatMap(checkRole),
    ...access.members.flatMap((member, index) => checkRepeated(member, index, access.members)),
    ...access.members.flatMap((member, index) => {
      const path = ["access", "members", index];
      return [
        ...exactlyOne(path, member, ["user", "group"]),
        ...(member.user === undefined ? [] : unknownName([...path, "user"], member.user, users, ["access", "users"])),
        ...unknownName([...path, "role"], member.role, roles, ["access", "roles"]),
      ];
    }),
  ];
};

/** Rancher's own first user, whose password the program sets. */
const FIRST_USER = "admin";

function checkUser({ name }: Access["users"][number], index: number): Problem[] {
  if (name !== FIRST_USER) return [];
  return [
    {
      path: ["access", "users", index, "name"],
      given: `"${name}", the user that every Rancher has already`,
      allowed: `a name other than ${FIRST_USER}`,
      wayOut: "choose another, such as the person's own; its password is the output of the Rancher server",
    },
  ];
}

function checkRole(role: Access["roles"][number], index: number): Problem[] {
  const path = ["access", "roles", index];
  const taken: Problem[] = BUILT_IN_ROLES.includes(role.name)
    ? [
        {
          path: [...path, "name"],
          given: `${inWords(role.name)}, a role of Rancher's own`,
          allowed: `a name other than ${BUILT_IN_ROLES.join(", ")}`,
          wayOut: "rename the role, or take it out and use Rancher's",
        },
      ]
    : [];
  const unlimited = role.rules.flatMap((rule, position) =>
    (["apiGroups", "resources"] as const).flatMap((key) =>
      rule[key].flatMap((value, place) =>
        value.includes("*")
          ? [
              {
                path: [...path, "rules", position, key, place],
                given: `${inWords(value)}, which grants what is not there yet too`,
                allowed: "names, each without *",
                wayOut: "list what the role is for; for everything there is project-owner or cluster-owner",
              },
            ]
          : [],
      ),
    ),
  );
  return [...taken, ...unlimited];
}

function checkRepeated(member: Access["members"][number], index: number, all: Access["members"]): Problem[] {
  const first = all.findIndex(
    ({ user, group, role }) => user === member.user && group === member.group && role === member.role,
  );
  if (first === index) return [];
  return [
    {
      path: ["access", "members", index],
      given: `what ${formatPath(["access", "members", first])} says already`,
      allowed: "each member and role once",
      wayOut: "take one of the two out",
    },
  ];
}
