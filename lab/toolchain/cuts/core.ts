import type { Cut } from "./cut";

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
  {
    module: "github.com/coredns/coredns",
    lost: "names over QUIC and HTTP/3",
    edits: [
      {
        file: "core/dnsserver/register.go",
        without: [
          /^\t\tcase transport\.QUIC:\n\t\t\ts, err := [\s\S]*?(?=^\t\tcase )/m,
          /^\t\tcase transport\.HTTPS3:\n\t\t\ts, err := [\s\S]*?(?=^\t\t\})/m,
        ],
      },
    ],
    removed: ["core/dnsserver/quic.go", "core/dnsserver/server_https3.go", "core/dnsserver/server_quic.go"],
  },
];
