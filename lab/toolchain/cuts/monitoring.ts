import { brotli } from "./brotli";
import type { Cut } from "./cut";
import { goImport } from "./cut";

/** What is left out of the modules of the monitoring part's programs. */
export const monitoringCuts: readonly Cut[] = [
  {
    module: "github.com/prometheus/prometheus",
    lost: "discovery of targets anywhere but in Kubernetes, by HTTP and in files; remote writes with logins of Azure or Google",
    // What tests of PromQL's engine compare with lies among test data, which no copy of a module has.
    edits: [{ file: "promql/promqltest/test.go", without: [/^\/\/go:embed testdata\n/m] }],
    instead: {
      "plugins/plugins.go": 'package plugins\n\nimport _ "github.com/prometheus/prometheus/discovery/kubernetes"\n',
      "storage/remote/azuread/azuread.go": `package azuread

import (
	"errors"
	"net/http"
)

var errLeftOut = errors.New("logins of Azure were left out of this build")

type AzureADConfig struct{}

func (*AzureADConfig) UnmarshalYAML(func(any) error) error { return errLeftOut }

func NewAzureADRoundTripper(*AzureADConfig, http.RoundTripper) (http.RoundTripper, error) { return nil, errLeftOut }
`,
      "storage/remote/googleiam/googleiam.go": `package googleiam

import (
	"errors"
	"net/http"
)

var errLeftOut = errors.New("logins of Google were left out of this build")

type Config struct{}

func (*Config) UnmarshalYAML(func(any) error) error { return errLeftOut }

func NewRoundTripper(*Config, http.RoundTripper) (http.RoundTripper, error) { return nil, errLeftOut }
`,
    },
  },
  {
    module: "github.com/prometheus/alertmanager",
    lost: "receivers of Amazon SNS; the route in Alertmanager's own traces, by a function that OpenTelemetry no longer has",
    edits: [
      {
        file: "api/api.go",
        without: [
          goImport("go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"),
          /otelhttp\.WithRouteTag\(path, (?=h\),\n)/,
          /(?<=^\t\t\th)\)(?=,\n)/m,
        ],
      },
    ],
    instead: {
      "notify/sns/sns.go": `package sns

import (
	"errors"
	"log/slog"

	"github.com/prometheus/alertmanager/config"
	"github.com/prometheus/alertmanager/notify"
	"github.com/prometheus/alertmanager/template"
	commoncfg "github.com/prometheus/common/config"
)

func New(*config.SNSConfig, *template.Template, *slog.Logger, ...commoncfg.HTTPClientOption) (notify.Notifier, error) {
	return nil, errors.New("receivers of Amazon SNS were left out of this build")
}
`,
    },
  },
  {
    module: "k8s.io/kube-state-metrics/v2",
    lost: "the label client_go_version of kube-state-metrics' own metric of its build, for which it wants a pre-release of Prometheus' library",
    edits: [{ file: "pkg/app/server.go", without: [/, versionCollector\.WithExtraConstLabels\(\n.*\n\t\)(?=\)\)\n)/] }],
  },
  brotli,
];
