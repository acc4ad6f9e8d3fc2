import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as rancher2 from "@pulumi/rancher2";
import * as random from "@pulumi/random";
import { type CustomRole, type Member, type RoleBinding, roleBindings, type Scope } from "./access-rights";

/** A local user of Rancher. */
export interface RancherUser {
  /** Login name. */
  readonly name: string;
  /** Name shown. */
  readonly displayName: string;
  /** False locks the account. */
  readonly enabled: boolean;
  /** First password. Absent: generated. */
  readonly initialPassword: pulumi.Input<string> | undefined;
}

/** Arguments of {@link RancherAccess}. */
export interface RancherAccessArgs {
  /** Id of the cluster in Rancher. */
  readonly clusterId: pulumi.Input<string>;
  /** Id of the project of the cluster's own services. */
  readonly systemProjectId: pulumi.Input<string>;
  /** Name of the application's project. */
  readonly project: string;
  /** Namespaces that belong to the project, by the part that owns them. */
  readonly namespaces: Readonly<Record<string, pulumi.Input<string>>>;
  /** Local users. */
  readonly users: readonly RancherUser[];
  /** Roles of the customer's own. */
  readonly roles: readonly CustomRole[];
  /** Who has which role. */
  readonly members: readonly Member[];
}

const PASSWORD_LENGTH = 24;

/**
 * People and what they may do, in Rancher. What is taken out of the arguments is taken out of Rancher.
 * Takes the providers `rancher2` and `kubernetes` by its options.
 */
export class RancherAccess extends pulumi.ComponentResource {
  /** Id of the application's project. */
  readonly projectId: pulumi.Output<string>;
  /** Login name → first password (secret). Each must be changed at the first login. */
  readonly initialPasswords: pulumi.Output<Record<string, string>>;

  constructor(
    name: string,
    private readonly args: RancherAccessArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("onprem:rancher:RancherAccess", name, {}, opts);
    const project = new rancher2.Project(
      "project",
      { name: args.project, clusterId: args.clusterId, description: "Namespaces of the application" },
      { parent: this },
    );
    this.projectId = project.id;
    this.joinProject();
    const passwords = new Map(args.users.map((user) => [user.name, this.initialPassword(user)]));
    const users = new Map(args.users.map((user) => [user.name, this.user(user, passwords.get(user.name) ?? "")]));
    const roles = new Map(args.roles.map((role) => [role.name, this.role(role)]));
    for (const binding of roleBindings(args.members, args.roles)) this.bind(binding, users, roles);
    this.initialPasswords = pulumi.secret(pulumi.all(Object.fromEntries(passwords)));
    this.registerOutputs({ projectId: this.projectId });
  }

  /** Rancher knows the members of a project by an annotation of the namespace. */
  private joinProject(): void {
    for (const [part, namespace] of Object.entries(this.args.namespaces)) {
      const annotations = { "field.cattle.io/projectId": this.projectId };
      new kubernetes.core.v1.NamespacePatch(
        `${part}-namespace`,
        { metadata: { name: namespace, annotations } },
        { parent: this },
      );
    }
  }

  private initialPassword({ name, initialPassword }: RancherUser): pulumi.Output<string> {
    if (initialPassword !== undefined) return pulumi.secret(initialPassword);
    const length = PASSWORD_LENGTH;
    return new random.RandomPassword(`${name}-password`, { length, special: false }, { parent: this }).result;
  }

  private user({ name, displayName, enabled }: RancherUser, password: pulumi.Input<string>): rancher2.User {
    const user = new rancher2.User(
      name,
      { username: name, name: displayName, enabled, password, mustChangePassword: true },
      // Both are the user's own after the first login.
      { parent: this, ignoreChanges: ["password", "mustChangePassword"], additionalSecretOutputs: ["password"] },
    );
    // Without a global role nobody can log in.
    new rancher2.GlobalRoleBinding(
      `${name}-login`,
      { name: `${name}-login`, globalRoleId: "user", userId: user.id },
      { parent: this },
    );
    return user;
  }

  private role({ name, context, rules }: CustomRole): rancher2.RoleTemplate {
    return new rancher2.RoleTemplate(
      name,
      {
        name,
        context,
        description: "From the settings of the platform",
        rules: rules.map(({ apiGroups, resources, verbs }) => ({
          apiGroups: [...apiGroups],
          resources: [...resources],
          verbs: [...verbs],
        })),
      },
      { parent: this },
    );
  }

  private bind(
    { key, name, member, scope, custom }: RoleBinding,
    users: ReadonlyMap<string, rancher2.User>,
    roles: ReadonlyMap<string, rancher2.RoleTemplate>,
  ): void {
    const subject =
      member.user === undefined ? { groupPrincipalId: member.group } : { userId: users.get(member.user)?.id };
    const roleTemplateId = custom ? (roles.get(member.role)?.id ?? member.role) : member.role;
    const options = { parent: this };
    if (scope === "cluster") {
      const { clusterId } = this.args;
      new rancher2.ClusterRoleTemplateBinding(key, { name, clusterId, roleTemplateId, ...subject }, options);
    } else {
      const projectId = this.projectOf(scope);
      new rancher2.ProjectRoleTemplateBinding(key, { name, projectId, roleTemplateId, ...subject }, options);
    }
  }

  private projectOf(scope: Scope): pulumi.Input<string> {
    return scope === "systemProject" ? this.args.systemProjectId : this.projectId;
  }
}
