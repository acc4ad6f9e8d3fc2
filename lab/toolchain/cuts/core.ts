import { type Cut, goImport } from "./cut";
import { pulumiLibraryCuts } from "./pulumi";

const provider = "github.com/pulumi/pulumi-kubernetes/provider/v4";
const kubernetes = "k8s.io/kubernetes";

/** The provider's answer when it is asked for a component. */
const componentsLeftOut = `package provider

import (
	"context"
	"errors"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

func (k *kubeProvider) Construct(
	_ context.Context, req *pulumirpc.ConstructRequest,
) (*pulumirpc.ConstructResponse, error) {
	return nil, errors.New(req.GetType() + " was left out of this build")
}
`;

/** Helm keeps its releases in Secrets, ConfigMaps or memory. */
const sqlLeftOut = `package driver

import "errors"

const SQLDriverName = "SQL"

type SQL struct{ Driver }

func NewSQL(string, func(string, ...interface{}), string) (*SQL, error) {
	return nil, errors.New("releases in a SQL database were left out of this build")
}
`;

/** The provider, and what of Pulumi's SDK for Go only components are made with. */
const providerCuts: readonly Cut[] = [
  {
    module: provider,
    lost: "the provider's remote components: Chart v4, ConfigFile v2, ConfigGroup v2, Directory v2",
    edits: [
      {
        file: "pkg/provider/provider.go",
        without: [/^\tproviderresource .*\n/m, /^\tresourceProviders map.*\n/m, /^\t\tresourceProviders: .*\n/m],
      },
    ],
    instead: { "pkg/provider/provider_construct.go": componentsLeftOut },
    keepOnly: { "pkg/helm": ["upstream.go"] },
  },
  {
    module: "github.com/pulumi/pulumi/sdk/v3",
    lost: "components in Go, of which the provider's are left out",
    keepOnly: { "go/pulumi/provider": ["host.go", "main.go"] },
  },
  {
    module: "github.com/pulumi/pulumi/pkg/v3",
    lost: "the same",
    edits: [
      {
        file: "resource/provider/provider.go",
        without: [
          /^type Options = .*\n/m,
          /^func MainWithOptions\([\s\S]*?^\}\n/m,
          /^func ComponentMain\([\s\S]*?^\}\n/m,
        ],
      },
    ],
  },
  {
    module: provider,
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
    module: "github.com/fluxcd/pkg/ssa",
    lost: "nothing: the provider takes the patches of managed fields from it, and Flux's own way of applying is not called",
    keepOnly: { ".": ["patch.go"] },
  },
  {
    module: "helm.sh/helm/v3",
    lost: "releases of Helm kept in a SQL database (HELM_DRIVER=sql)",
    instead: { "pkg/storage/driver/sql.go": sqlLeftOut },
  },
];

/** The API server's own handler of traces. */
const requestTracesLeftOut = `package filters

import (
	"net/http"

	"go.opentelemetry.io/otel/trace"
)

func WithTracing(handler http.Handler, _ trace.TracerProvider) http.Handler { return handler }
`;

const spansLeftOut = `package tracing

import (
	"net/http"

	oteltrace "go.opentelemetry.io/otel/trace"

	"k8s.io/client-go/transport"
)

func WithTracing(handler http.Handler, _ oteltrace.TracerProvider, _ string) http.Handler { return handler }

func WrapperFor(oteltrace.TracerProvider) transport.WrapperFunc {
	return func(transport http.RoundTripper) http.RoundTripper { return transport }
}
`;

/** Kubernetes and CoreDNS. */
const kubernetesCuts: readonly Cut[] = [
  {
    module: "k8s.io/apiserver",
    lost: "nothing: support of upstream's tests, which brings stand-ins of every API",
    removed: ["pkg/admission/plugin/policy/generic/policy_test_context.go"],
  },
  {
    module: kubernetes,
    lost: "nothing: support of upstream's tests, which brings stand-ins of every API",
    removed: ["pkg/scheduler/backend/queue/testing.go"],
  },
  {
    module: "k8s.io/apiserver",
    lost: "nothing: support of upstream's tests of metrics",
    edits: [
      {
        file: "pkg/util/flowcontrol/metrics/metrics.go",
        without: [
          goImport("strings"),
          goImport("k8s.io/component-base/metrics/testutil"),
          /^\/\/ GatherAndCompare [\s\S]*?^func GatherAndCompare\([\s\S]*?^\}\n/m,
        ],
      },
    ],
  },
  {
    module: "k8s.io/apiserver",
    lost: "spans of the requests that the API server answers",
    instead: { "pkg/endpoints/filters/traces.go": requestTracesLeftOut },
  },
  {
    module: "k8s.io/component-base",
    lost: "spans of the requests that Kubernetes' programs make and answer",
    edits: [
      {
        file: "tracing/utils.go",
        without: [
          goImport("net/http"),
          goImport("go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"),
          goImport("go.opentelemetry.io/otel/semconv/v1.17.0"),
          goImport("k8s.io/client-go/transport"),
          /^func WithTracing\([\s\S]*?^\}\n/m,
          /^func WrapperFor\([\s\S]*?^\}\n/m,
        ],
      },
    ],
    instead: { "tracing/left_out.go": spansLeftOut },
  },
  {
    module: kubernetes,
    lost: "Portworx' volumes, as they were before its driver",
    edits: ["kubelet", "kube-controller-manager"].map((name) => ({
      file: `cmd/${name}/app/plugins_providers.go`,
      without: [
        goImport("k8s.io/csi-translation-lib/plugins"),
        goImport("k8s.io/kubernetes/pkg/features"),
        goImport("k8s.io/kubernetes/pkg/volume/portworx"),
        /^\tpluginMigrationStatus\[plugins\.PortworxVolumePluginName\] = .*\n/m,
      ],
    })),
  },
  {
    module: kubernetes,
    lost: "kubelet's figures of containers from containerd and CRI-O at their usual sockets, which the lab's is not",
    edits: [
      {
        file: "cmd/kubelet/app/options/globalflags_linux.go",
        without: [
          goImport("github.com/google/cadvisor/container/containerd"),
          /^\tregisterDeprecated\(global, local, "containerd", deprecated\)\n/m,
          /^\tregisterDeprecated\(global, local, "containerd-namespace", deprecated\)\n/m,
        ],
      },
      {
        file: "pkg/kubelet/cadvisor/cadvisor_linux.go",
        without: [
          goImport("github.com/google/cadvisor/container/containerd/install"),
          goImport("github.com/google/cadvisor/container/crio/install"),
        ],
      },
    ],
  },
  {
    module: "go.etcd.io/etcd/api/v3",
    lost: "nothing: how etcd's calls would be offered as web pages, of which the API server makes no use",
    edits: [
      {
        file: "etcdserverpb/rpc.pb.go",
        without: [
          goImport("github.com/grpc-ecosystem/grpc-gateway/v2/protoc-gen-openapiv2/options"),
          goImport("google.golang.org/genproto/googleapis/api/annotations"),
        ],
      },
    ],
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

/** What enforces NetworkPolicies is one more name of Kubernetes' binary: nothing of it may run under the others. */
const networkPolicyCut: Cut = {
  module: "github.com/cloudnativelabs/kube-router/v2",
  lost: "nothing: iptables-restore is not asked whether it can wait, at the start of each program of the binary",
  edits: [{ file: "pkg/utils/iptables.go", without: [/^var hasWait bool\n/m, /^func init\(\) \{\n[\s\S]*?^\}\n/m] }],
  instead: {
    "pkg/utils/has_wait.go": "package utils\n\n// Debian 12's iptables-restore can.\nconst hasWait = true\n",
  },
};

/** What Kubernetes and the engine's provider for it go without. */
export const coreCuts: readonly Cut[] = [...pulumiLibraryCuts, ...providerCuts, ...kubernetesCuts, networkPolicyCut];
