import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { givenName } from "../kubernetes/given-name";
import { adoptExisting, objectMetadata } from "../kubernetes/object-metadata";
import { NODE_AGENT_NAME, SERVER_NAME } from "./names";

/** Arguments of {@link VeleroPermissions}. */
export interface VeleroPermissionsArgs {
  /** Customer's name; distinguishes the cluster's roles. */
  readonly customer: string;
  /** Namespace of Velero. */
  readonly namespace: pulumi.Input<string>;
  /** Labels of every object. */
  readonly labels: Record<string, string>;
  /** Annotations of the accounts, such as the Google identity that they act under. */
  readonly annotations: Readonly<Record<string, pulumi.Input<string>>>;
}

const READ = ["get", "list", "watch"];
const WRITE = ["create", "update", "patch", "delete", "deletecollection"];

/**
 * A backup reads objects of every kind and a restore creates them, so that nothing can be named here. What cluster-admin
 * has on top is left out: to grant more than one has oneself (escalate, bind), and to act as somebody else.
 */
export const SERVER_RULES = [{ apiGroups: ["*"], resources: ["*"], verbs: [...READ, ...WRITE] }];

/** The node agent looks for the pods and volumes that are to be copied, wherever they are. */
export const NODE_AGENT_CLUSTER_RULES = [
  {
    apiGroups: [""],
    resources: ["pods", "persistentvolumes", "persistentvolumeclaims", "nodes", "namespaces"],
    verbs: READ,
  },
  { apiGroups: ["storage.k8s.io"], resources: ["storageclasses", "csidrivers", "volumeattachments"], verbs: READ },
];

/** In Velero's own namespace it starts the pods that copy, and keeps Velero's objects up to date. */
export const NODE_AGENT_RULES = [
  {
    apiGroups: ["velero.io"],
    resources: [
      "podvolumebackups",
      "podvolumebackups/status",
      "podvolumerestores",
      "podvolumerestores/status",
      "datauploads",
      "datauploads/status",
      "datadownloads",
      "datadownloads/status",
      "backuprepositories",
      "backuprepositories/status",
    ],
    verbs: [...READ, "create", "update", "patch"],
  },
  { apiGroups: ["velero.io"], resources: ["backupstoragelocations", "backups", "restores"], verbs: READ },
  { apiGroups: [""], resources: ["pods"], verbs: [...READ, "create", "update", "patch", "delete"] },
  { apiGroups: [""], resources: ["pods/log"], verbs: ["get"] },
  { apiGroups: [""], resources: ["secrets", "configmaps", "serviceaccounts"], verbs: READ },
  { apiGroups: [""], resources: ["events"], verbs: [...READ, "create", "patch"] },
  { apiGroups: ["apps"], resources: ["daemonsets", "controllerrevisions"], verbs: READ },
];

/** Who Velero's two programs are in the cluster, and what they may do. */
export class VeleroPermissions extends pulumi.ComponentResource {
  constructor(
    name: string,
    private readonly args: VeleroPermissionsArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("onprem:backup:VeleroPermissions", name, {}, opts);
    this.account("server", SERVER_NAME, SERVER_RULES);
    const agent = this.account("node-agent", NODE_AGENT_NAME, NODE_AGENT_CLUSTER_RULES);
    const metadata = objectMetadata(NODE_AGENT_NAME, args);
    const role = new kubernetes.rbac.v1.Role(
      "node-agent-role",
      { metadata, rules: NODE_AGENT_RULES },
      { parent: this },
    );
    new kubernetes.rbac.v1.RoleBinding(
      "node-agent-role-binding",
      {
        metadata,
        subjects: [agent],
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: givenName(role, NODE_AGENT_NAME) },
      },
      { parent: this },
    );
    this.registerOutputs({});
  }

  private account(purpose: string, accountName: string, rules: typeof NODE_AGENT_RULES) {
    const { customer, labels, namespace, annotations } = this.args;
    const account = new kubernetes.core.v1.ServiceAccount(
      `${purpose}-account`,
      { metadata: objectMetadata(accountName, this.args, annotations) },
      { parent: this },
    );
    const metadata = { name: `velero-${purpose}-${customer}`, labels, annotations: adoptExisting };
    const role = new kubernetes.rbac.v1.ClusterRole(`${purpose}-cluster-role`, { metadata, rules }, { parent: this });
    const subject = { kind: "ServiceAccount", name: givenName(account, accountName), namespace };
    new kubernetes.rbac.v1.ClusterRoleBinding(
      `${purpose}-cluster-role-binding`,
      {
        metadata,
        subjects: [subject],
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: givenName(role, metadata.name) },
      },
      { parent: this },
    );
    return subject;
  }
}
