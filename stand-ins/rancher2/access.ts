import type { CloudType, Reference } from "../cloud/cloud-type";
import { type PropertyMap, UNKNOWN } from "../plugin/property-values";
import { checkPassword, isActive } from "./clusters";
import { generatedId, ofCluster, PROJECT, ROLE_TEMPLATE, USER } from "./tokens";

const BUILT_IN_ROLE_TEMPLATES = [
  ...["cluster-owner", "cluster-member", "project-owner", "project-member", "read-only", "edit", "view", "admin"],
  ...["clusterroletemplatebindings-manage", "projects-create", "projects-view", "nodes-manage", "nodes-view"],
  ...["storage-manage", "workloads-manage", "workloads-view", "ingress-manage", "services-manage", "secrets-manage"],
  ...["configmaps-manage", "monitoring-ui-view", "navlinks-manage", "navlinks-view", "create-ns"],
];
const BUILT_IN_GLOBAL_ROLES = [
  "admin",
  "restricted-admin",
  "user",
  "user-base",
  "clusters-create",
  "view-rancher-metrics",
];

const toRoleTemplate = (path: string): Reference => ({
  path,
  to: ROLE_TEMPLATE,
  builtIn: (value) => BUILT_IN_ROLE_TEMPLATES.includes(value),
});
const toUser: Reference = { path: "userId", to: USER, onTargetDeletion: "cascade" };
const toProject: Reference = {
  path: "projectId",
  to: PROJECT,
  onTargetDeletion: "cascade",
  // The projects Default and System of a cluster are there without anybody having made them.
  builtIn: (value, { resources }) =>
    resources.some(({ properties }) => [properties.defaultProjectId, properties.systemProjectId].includes(value)),
};

function checkSubject(inputs: PropertyMap) {
  const subjects = ["userId", "userPrincipalId", "groupId", "groupPrincipalId"];
  const given = subjects.filter((name) => inputs[name] !== undefined);
  // What is not known yet is not among the inputs, so that none may mean one of these.
  return given.length > 1 ? [{ property: given[1] as string, reason: `cannot be given with ${String(given[0])}` }] : [];
}

/** A role of the customer's own would be another type of resource, which the stand-in does not have. */
function checkGlobalRole({ globalRoleId }: PropertyMap) {
  if (globalRoleId === undefined || globalRoleId === UNKNOWN || BUILT_IN_GLOBAL_ROLES.includes(String(globalRoleId)))
    return [];
  const reason = `must be one of ${BUILT_IN_GLOBAL_ROLES.join(", ")}, not ${JSON.stringify(globalRoleId)}`;
  return [{ property: "globalRoleId", reason }];
}

function checkRules({ rules, context }: PropertyMap) {
  const contextFailures =
    context === undefined || context === "cluster" || context === "project"
      ? []
      : [{ property: "context", reason: `must be cluster or project, not ${JSON.stringify(context)}` }];
  const list = Array.isArray(rules) ? (rules as PropertyMap[]) : [];
  const empty = list.findIndex(({ verbs }) => Array.isArray(verbs) && verbs.length === 0);
  return empty < 0
    ? contextFailures
    : [...contextFailures, { property: `rules[${empty}].verbs`, reason: "must name at least one verb" }];
}

/** People, roles, projects and who may do what. */
export const accessTypes: { [token: string]: CloudType } = {
  [USER]: {
    id: generatedId("user-"),
    check: ({ password }) => checkPassword("password", password),
    computed: (_properties, _context, id) => ({ principalIds: [`local://${id}`] }),
    refuseCreate(properties, { content, account }) {
      const twin = content.resources.find(
        (entry) =>
          entry.type === USER && entry.account === account && entry.properties.username === properties.username,
      );
      return twin
        ? `Bad response statusCode [422]. Body: [code=NotUnique, message=username ${String(properties.username)} is already in use]`
        : undefined;
    },
  },
  "rancher2:index/globalRoleBinding:GlobalRoleBinding": {
    id: generatedId("grb-"),
    references: [toUser],
    check: (inputs) => [...checkSubject(inputs), ...checkGlobalRole(inputs)],
  },
  [ROLE_TEMPLATE]: {
    id: generatedId("rt-"),
    check: checkRules,
    references: [toRoleTemplate("roleTemplateIds")],
    computed: () => ({ builtin: false }),
  },
  [PROJECT]: {
    id: (properties, context) => `${String(properties.clusterId)}:${generatedId("p-")(properties, context)}`,
    references: [ofCluster],
    refuseCreate: ({ clusterId }, context) =>
      isActive(clusterId, context)
        ? undefined
        : `[ERROR] Creating Project: Cluster ID ${String(clusterId)} is not active`,
  },
  "rancher2:index/projectRoleTemplateBinding:ProjectRoleTemplateBinding": {
    id: (properties, context) =>
      `${String(properties.projectId).split(":").pop()}:${generatedId("prtb-")(properties, context)}`,
    references: [toProject, toRoleTemplate("roleTemplateId"), toUser],
    check: checkSubject,
  },
  "rancher2:index/clusterRoleTemplateBinding:ClusterRoleTemplateBinding": {
    id: (properties, context) => `${String(properties.clusterId)}:${generatedId("crtb-")(properties, context)}`,
    references: [ofCluster, toRoleTemplate("roleTemplateId"), toUser],
    check: checkSubject,
  },
};
