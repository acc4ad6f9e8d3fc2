import { cloudTypes } from "./cloud-types";
import { type Cut, goImport } from "./cut";

const sdk = "github.com/pulumi/pulumi/sdk/v3";

/** The interface of the SDK's traces, with spans that go nowhere. Asked for a trace, the program ends and says why. */
const tracesLeftOut = `// Package cmdutil without traces.
package cmdutil

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	opentracing "github.com/opentracing/opentracing-go"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"
)

var (
	TracingEndpoint string
	TracingToFile   bool
	TracingRootSpan opentracing.Span
)

var errTracesLeftOut = errors.New("traces were left out of this build")

func IsTracingEnabled() bool { return false }

func InitTracing(_, _, endpoint string) {
	if endpoint != "" {
		fmt.Fprintf(os.Stderr, "%s: %v\\n", endpoint, errTracesLeftOut)
		os.Exit(1)
	}
}

func CloseTracing() {}

func IsOTelEnabled() bool { return false }

func OTelEndpoint() string { return "" }

func LogReceiverEndpoint() string { return "" }

func InitOtelReceiver(endpoint string, _ any) error {
	InitTracing("", "", endpoint)
	return nil
}

func InitOtelTracing(string, string) error { return errTracesLeftOut }

func SetAppDashTraceParent([16]byte, [8]byte) {}

func CloseOtelTracing() {}

func StartSpan(
	ctx context.Context, tracer trace.Tracer, name string, opts ...trace.SpanStartOption,
) (context.Context, trace.Span) {
	return tracer.Start(ctx, name, opts...)
}

func ContextWithProcessStartTime(ctx context.Context, _ time.Time) context.Context { return ctx }

func ProcessStartTimeFromContext(context.Context) (time.Time, bool) { return time.Time{}, false }

func SetStringSpanAttributes(ctx context.Context, attrs map[string]string) {
	for k, v := range attrs {
		trace.SpanFromContext(ctx).SetAttributes(attribute.String(k, v))
	}
}
`;

/** The records that a plugin sends to the engine's own log. */
const exportLeftOut = `package logging

func initExportHandler(string) {}

func shutdownExportHandler() { SetExportHandler(nil) }
`;

/** Where the login to Pulumi Cloud is kept: without the store of keys in the machine's TPM. */
const keyStores = `package securestore

func platformCandidates(allowPrompt bool) []backendImpl {
	ss := newKeyringStore(func() (Outcome, error) { return secretServicePrecheck(allowPrompt) })
	return []backendImpl{{id: BackendLinuxSecretService, store: ss, wrap: rawWrapper{}}}
}
`;

/** Libraries that both the engine and its provider for Kubernetes are compiled with: cut alike, they are compiled once. */
export const pulumiLibraryCuts: readonly Cut[] = [
  cloudTypes,
  {
    module: sdk,
    lost: "traces (--tracing, --otel-traces); what plugins send to the engine's own log",
    edits: [
      {
        file: "go/common/util/logging/export.go",
        without: [
          goImport("os"),
          goImport("time"),
          goImport("go.opentelemetry.io/contrib/bridges/otelslog"),
          goImport("go.opentelemetry.io/otel/exporters/otlp/otlplog/otlploggrpc"),
          goImport("go.opentelemetry.io/otel/sdk/log"),
          goImport("go.opentelemetry.io/otel/sdk/resource"),
          goImport("go.opentelemetry.io/otel/semconv/v1.26.0"),
          goImport("google.golang.org/grpc"),
          goImport("google.golang.org/grpc/credentials/insecure"),
          /^\tlogProvider +\*sdklog.*\n/m,
          /^func initExportHandler\([\s\S]*?^\}\n/m,
          /^func shutdownExportHandler\([\s\S]*?^\}\n/m,
        ],
      },
    ],
    instead: {
      "go/common/util/cmdutil/trace.go": tracesLeftOut,
      "go/common/util/logging/export_left_out.go": exportLeftOut,
    },
  },
  {
    module: sdk,
    lost: "the login to Pulumi Cloud in the machine's TPM",
    removed: ["tpm.go", "tpm_open_linux.go", "tpmblob.go", "tpmfile.go"].map(
      (name) => `go/common/util/securestore/${name}`,
    ),
    instead: { "go/common/util/securestore/resolve_linux.go": keyStores },
  },
  {
    module: "github.com/go-git/go-git/v6",
    lost: "checks of commits' and tags' OpenPGP signatures, which neither program makes",
    edits: ["commit", "tag"].map((name) => ({
      file: `plumbing/object/${name}.go`,
      without: [goImport("github.com/ProtonMail/go-crypto/openpgp"), /^func \(\w \*\w+\) Verify\([\s\S]*?^\}\n/m],
    })),
  },
  {
    module: "github.com/deckarep/golang-set/v2",
    lost: "sets in BSON, MongoDB's format, which nothing here writes or reads",
    edits: [
      {
        file: "set.go",
        without: [
          /^import "go\.mongodb\.org\/mongo-driver\/bson\/bsontype"\n/m,
          /^\tMarshalBSONValue\(.*\n/m,
          /^\tUnmarshalBSONValue\(.*\n/m,
        ],
      },
      {
        file: "threadsafe.go",
        without: [
          goImport("go.mongodb.org/mongo-driver/bson/bsontype"),
          /^func \(\w \*threadSafeSet\[T\]\) MarshalBSONValue\([\s\S]*?^\}\n/m,
          /^func \(\w \*threadSafeSet\[T\]\) UnmarshalBSONValue\([\s\S]*?^\}\n/m,
        ],
      },
      {
        file: "threadunsafe.go",
        without: [
          goImport("go.mongodb.org/mongo-driver/bson"),
          goImport("go.mongodb.org/mongo-driver/bson/bsontype"),
          /^func \(\w threadUnsafeSet\[T\]\) MarshalBSONValue\([\s\S]*?^\}\n/m,
          /^func \(\w threadUnsafeSet\[T\]\) UnmarshalBSONValue\([\s\S]*?^\}\n/m,
        ],
      },
    ],
  },
];
