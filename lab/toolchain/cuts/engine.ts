import { type Cut, goImport } from "./cut";
import { pulumiLibraryCuts } from "./pulumi";

const engine = "github.com/pulumi/pulumi/pkg/v3";

/** What the Pulumi engine goes without. */
export const engineCuts: readonly Cut[] = [
  ...pulumiLibraryCuts,
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
          ].map((name) => goImport(`${engine}/cmd/pulumi/${name}`)),
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
    lost: "the exit codes of pulumi api, which is left out; pulumi config env init",
    edits: [
      ...["cmd.go", "exit_codes.go"].map((name) => ({
        file: `cmd/pulumi/cmd/${name}`,
        without: [goImport(`${engine}/cmd/pulumi/cloud`), /^\tif apiErr, ok := errors\.AsType[\s\S]*?^\t\}\n/m],
      })),
      { file: "cmd/pulumi/config/config_env.go", without: [/^\tcmd\.AddCommand\(newConfigEnvInitCmd.*\n/m] },
    ],
    removed: ["cmd/pulumi/config/config_env_init.go"],
  },
  {
    module: engine,
    lost: "state in Azure, Google Cloud and PostgreSQL; secrets by AWS', Azure's and Google's key services",
    edits: [
      {
        file: "backend/diy/backend.go",
        without: [
          goImport("gocloud.dev/blob/azureblob"),
          goImport("gocloud.dev/blob/gcsblob"),
          goImport(`${engine}/authhelpers`),
          goImport(`${engine}/backend/diy/postgres`),
          /^\tif p\.Scheme == gcsblob\.Scheme \{\n[\s\S]*?^\t\}\n/m,
          /^\tif p\.Scheme == azureblob\.Scheme \{\n[\s\S]*?^\t\}\n/m,
        ],
      },
      {
        file: "secrets/cloud/manager.go",
        without: [
          goImport("gocloud.dev/secrets/awskms"),
          goImport("gocloud.dev/secrets/azurekeyvault"),
          goImport("gocloud.dev/secrets/gcpkms"),
          goImport("google.golang.org/api/cloudkms/v1"),
          goImport(`${engine}/authhelpers`),
          /^\tcase gcpkms\.Scheme:\n[\s\S]*?(?=^\tdefault:)/m,
        ],
      },
    ],
  },
  {
    module: engine,
    lost: "pulumi gen-markdown; npm's own way of packing policies that are published to Pulumi Cloud",
    edits: [
      {
        file: "cmd/pulumi/pulumi.go",
        without: [goImport(`${engine}/cmd/pulumi/markdown`), /^\t\t\t\tmarkdown\.NewGenMarkdownCmd.*\n/m],
      },
      {
        file: "backend/httpstate/policypack.go",
        without: [
          goImport("github.com/pulumi/pulumi/sdk/v3/nodejs/npm"),
          /^\tif strings\.EqualFold\(runtime, "nodejs"\) \{\n[\s\S]*?^\t\} else \{\n/m,
          /(?<=error creating the \.tgz: %w", err\)\n\t\t\}\n)\t\}\n/,
        ],
      },
    ],
  },
  {
    module: engine,
    lost: "what plugins send to the engine's own log",
    instead: { "logging/otel_exporter.go": "package logging\n\ntype SlogLogExporter struct{}\n" },
  },
  {
    module: "gocloud.dev",
    lost: "nothing: views of its metrics, which the engine does not show",
    edits: [
      ...["blob/blob.go", "secrets/secrets.go"].map((file) => ({
        file,
        without: [/^var \(\n\n\t\/\/ OpenTelemetryViews [\s\S]*?^\)\n/m],
      })),
      {
        file: "internal/otel/metrics.go",
        without: [
          goImport("strings"),
          goImport("go.opentelemetry.io/otel/sdk/metric"),
          /^\tdefaultMillisecondsBoundaries = [\s\S]*?^\t\}\n/m,
          /^func Views\([\s\S]*?^\}\n/m,
          /^func CounterView\([\s\S]*?^\}\n/m,
        ],
      },
    ],
  },
];
