import { manifestPolicy } from "../definition";
import { cisKubernetes, links } from "../frameworks";

/** Permissions say what they permit. */
export const rbacWithoutWildcards = manifestPolicy({
  name: "rbac-without-wildcards",
  description: "Roles name what they allow, and nobody gets cluster-admin.",
  level: "mandatory",
  severity: "high",
  framework: cisKubernetes("5.1.1, 5.1.3", "Ensure cluster-admin and wildcards are only used where required"),
  link: links.kubernetes,
  remedy: "List the resources and verbs that are needed.",
  kinds: ["Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"],
  *check({ kind, object }) {
    if (kind.endsWith("Binding")) {
      if (object.roleRef?.name !== "cluster-admin") return;
      yield { property: "roleRef.name", problem: "is cluster-admin", fix: "bind a role that holds what is needed" };
      return;
    }
    for (const [index, rule] of (object.rules ?? []).entries()) {
      for (const key of ["apiGroups", "resources", "verbs", "nonResourceURLs"]) {
        const values: string[] = rule[key] ?? [];
        if (!values.includes("*")) continue;
        yield { property: `rules[${index}].${key}`, problem: "holds *", fix: "list what is needed" };
      }
    }
  },
});
