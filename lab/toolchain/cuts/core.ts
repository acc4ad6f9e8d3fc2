import type { Cut } from "./cut.js";

/** What Kubernetes and the engine's provider for it go without. */
export const coreCuts: readonly Cut[] = [
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
];
