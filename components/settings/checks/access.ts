import type { Check } from ".";
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

/** Access without Rancher, names given twice, members and roles that do not exist. */
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
    ...repeatedNames(access.roles, ["access", "roles"]),
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
