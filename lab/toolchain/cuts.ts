import { backupCuts } from "./cuts/backup.js";
import { fluxControllerCuts } from "./cuts/flux-controllers.js";
import { fluxLibraryCuts } from "./cuts/flux-libraries.js";
import { monitoringCuts } from "./cuts/monitoring.js";

/** A file of a module's source of which something is taken out. */
export interface FileEdit {
  /** Path inside the module. */
  readonly file: string;
  /** What is taken out, each of which must be there exactly once. */
  readonly without: readonly RegExp[];
}

/** Source of a pinned module that the lab never runs and that is therefore not compiled. */
export interface Cut {
  /** Path of the Go module. */
  readonly module: string;
  /** What no longer works in the lab. */
  readonly lost: string;
  /** Files of which something is taken out. Default: none. */
  readonly edits?: readonly FileEdit[];
  /** Files that are left out. Default: none. */
  readonly removed?: readonly string[];
  /** Folders of which only these Go files stay. Default: none. */
  readonly keepOnly?: Readonly<Record<string, readonly string[]>>;
  /** Our own text of files, by path inside the module: says that something was left out. Default: none. */
  readonly instead?: Readonly<Record<string, string>>;
}

const engine = "github.com/pulumi/pulumi/pkg/v3";
const commands = `${engine}/cmd/pulumi`;

/** A blank import, with the comment behind it. */
const blankImport = (path: string) => new RegExp(`^\\t_ "${path}".*\\n`, "m");
const namedImport = (path: string) => new RegExp(`^\\t(\\w+ )?"${path}".*\\n`, "m");

/**
 * What is left out of the modules that each Go module of lab/toolchain compiles.
 * docs/decisions/0001-go-modules-of-the-toolchain.md says for each why the program is still the real one.
 */
export const cuts: Readonly<Record<string, readonly Cut[]>> = {
  core: [
    {
      module: "github.com/pulumi/pulumi-kubernetes/provider/v4",
      lost: "the provider's remote components: Chart v4, ConfigFile v2, ConfigGroup v2, Directory v2",
      edits: [
        {
          file: "pkg/provider/provider_construct.go",
          without: [
            /^\tproviderhelmv4 .*\n/m,
            /^\tproviderkustomizev2 .*\n/m,
            /^\tprovideryamlv2 .*\n/m,
            /^\t"kubernetes:.*\n(\t"kubernetes:.*\n){3}/m,
          ],
        },
      ],
      keepOnly: { "pkg/helm": ["upstream.go"] },
    },
    {
      module: "github.com/pulumi/pulumi-kubernetes/provider/v4",
      lost: "SDKs that the provider generates from CustomResourceDefinitions (pulumi package add)",
      edits: [
        {
          file: "pkg/provider/provider.go",
          without: [/^\tcrdSchemas .*\n/m, /^\tif req\.SubpackageName != "" .*\{\n[\s\S]*?^\t\}\n/m],
        },
      ],
      removed: ["pkg/provider/provider_parameterize.go"],
      keepOnly: { "pkg/gen": ["additionalComments.go"] },
    },
    {
      module: "k8s.io/apiserver",
      lost: "nothing: support of upstream's tests, which brings stand-ins of every API",
      removed: ["pkg/admission/plugin/policy/generic/policy_test_context.go"],
    },
    {
      module: "k8s.io/kubernetes",
      lost: "nothing: support of upstream's tests, which brings stand-ins of every API",
      removed: ["pkg/scheduler/backend/queue/testing.go"],
    },
  ],
  engine: [
    {
      module: engine,
      lost: "pulumi env, api, do, neo, org, deployment, insights, convert, schema, package and trace commands",
      edits: [
        {
          file: "cmd/pulumi/pulumi.go",
          without: [
            ...[
              "cloud",
              "convert",
              "deployment",
              "do",
              "env",
              "insights",
              "neo",
              "org",
              "packagecmd",
              "schema",
              "trace",
            ].map((name) => namedImport(`${commands}/${name}`)),
            /^\thelpers := cmdBackend\..*\n/m,
            /^\t\t\t\tcmdEnv\.NewEnvCmd.*\n/m,
            /^\t\t\t\torg\.New.*\n/m,
            /^\t\t\t\tdeployment\.New.*\n/m,
            /^\t\t\t\tcloud\.New.*\n/m,
            /^\t\t\t\tinsights\.New.*\n/m,
            /^\t\t\t\tcmdDo\.New.*\n.*cmdDo\.DefaultRunStatefulUpdate\),\n/m,
            /^\t\t\t\tschema\.New.*\n/m,
            /^\t\t\t\tpackagecmd\.New.*\n/m,
            /^\t\t\t\tconvert\.New.*\n/m,
            /^\t\t\t\ttrace\.NewView.*\n/m,
            /^\t\t\t\ttrace\.NewConvert.*\n/m,
            /^\t\t\t\tneo\.New.*\n/m,
          ],
        },
      ],
      keepOnly: { "cmd/esc/cli": ["fs.go", "prepare.go"] },
    },
    {
      module: engine,
      lost: "state in Azure, Google Cloud and PostgreSQL; secrets by AWS', Azure's and Google's key services",
      edits: [
        {
          file: "backend/diy/backend.go",
          without: [
            namedImport("gocloud.dev/blob/azureblob"),
            namedImport("gocloud.dev/blob/gcsblob"),
            namedImport(`${engine}/authhelpers`),
            blankImport(`${engine}/backend/diy/postgres`),
            /^\tif p\.Scheme == gcsblob\.Scheme \{\n[\s\S]*?^\t\}\n/m,
            /^\tif p\.Scheme == azureblob\.Scheme \{\n[\s\S]*?^\t\}\n/m,
          ],
        },
        {
          file: "secrets/cloud/manager.go",
          without: [
            blankImport("gocloud.dev/secrets/awskms"),
            blankImport("gocloud.dev/secrets/azurekeyvault"),
            namedImport("gocloud.dev/secrets/gcpkms"),
            namedImport("google.golang.org/api/cloudkms/v1"),
            namedImport(`${engine}/authhelpers`),
            /^\tcase gcpkms\.Scheme:\n[\s\S]*?(?=^\tdefault:)/m,
          ],
        },
      ],
    },
  ],
  backup: backupCuts,
  gitops: [...fluxControllerCuts, ...fluxLibraryCuts],
  monitoring: monitoringCuts,
};
