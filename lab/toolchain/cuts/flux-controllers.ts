import { type Cut, goImport } from "./cut";

/** How the notifiers that are left out are called in notification-controller's source. */
const notifiers: Readonly<Record<string, string>> = {
  AzureDevOps: "azureDevOps",
  AzureEventHub: "azureEventHub",
  DataDog: "dataDog",
  GooglePubSub: "googlePubSub",
  NATS: "nats",
  OTEL: "otel",
  Sentry: "sentry",
};

const notificationController: Cut = {
  module: "github.com/fluxcd/notification-controller",
  lost: "news to Azure DevOps, Azure Event Hub, Datadog, Google Pub/Sub, NATS, OpenTelemetry and Sentry; webhooks of CDEvents and of Google's registry",
  removed: [
    ...["azure_devops", "azure_eventhub", "azure_helpers", "datadog", "google_helpers", "google_pubsub"],
    ...["nats", "otel", "sentry"],
  ].map((name) => `internal/notifier/${name}.go`),
  edits: [
    {
      file: "internal/notifier/factory.go",
      without: Object.entries(notifiers).flatMap(([provider, notifier]) => [
        new RegExp(`^\\t\\tapiv1\\.${provider}Provider:.*\\n`, "m"),
        new RegExp(`^func ${notifier}NotifierFunc\\([\\s\\S]*?^\\}\\n`, "m"),
      ]),
    },
    {
      file: "internal/server/event_handlers.go",
      without: [/^\t\tpctx = notifier\.WithAlertMetadata\(.*\n/m],
    },
    {
      file: "internal/server/receiver_handlers.go",
      without: [
        goImport("github.com/cdevents/sdk-go/pkg/api"),
        goImport("github.com/cdevents/sdk-go/pkg/api/v04"),
        goImport("google.golang.org/api/idtoken"),
        /^func authenticateGCRRequest\([\s\S]*?^\}\n/m,
        /^\tcase apiv1\.CDEventsReceiver:\n[\s\S]*?(?=^\tcase apiv1\.BitbucketReceiver:)/m,
      ],
    },
  ],
  instead: {
    "internal/server/left_out.go": `package server

import (
	"context"
	"errors"
)

func authenticateGCRRequest(context.Context, string, string, string) error {
	return errors.New("webhooks of Google's registry were left out of this build")
}
`,
  },
};

const signatures = (last: string) =>
  new RegExp(
    `^\\tcase "cosign":\\n[\\s\\S]*?(?=^\\tdefault:\\n\\t\\treturn ${last}, fmt\\.Errorf\\("unsupported)`,
    "m",
  );
const verification = [
  goImport("encoding/json"),
  goImport("github.com/notaryproject/notation-go/verifier/trustpolicy"),
  goImport("github.com/sigstore/cosign/v3/pkg/cosign"),
  goImport("github.com/fluxcd/source-controller/internal/oci/cosign"),
  goImport("github.com/fluxcd/source-controller/internal/oci/notation"),
  /^\tCosignVerifierFactory .*\n/m,
];

const sourceController: Cut = {
  module: "github.com/fluxcd/source-controller",
  lost: "sources in buckets; signatures of images and charts (cosign, notation)",
  edits: [
    {
      file: "main.go",
      without: [
        goImport("github.com/fluxcd/source-controller/internal/oci/cosign"),
        /^\tCosignVerifierFactory := .*\n/m,
        /(?<=&controller\.OCIRepositoryReconciler\{\n(?:\t\t.*\n)*?)\t\tCosignVerifierFactory: .*\n/,
        /(?<=&controller\.HelmChartReconciler\{\n(?:\t\t.*\n)*?)\t\tCosignVerifierFactory: .*\n/,
      ],
    },
    {
      file: "internal/controller/ocirepository_controller.go",
      without: [
        ...verification,
        signatures("soci\\.VerificationResultFailed"),
        /(?<=opt \.\.\.remote\.Option\) \(soci\.VerificationResult, error\) \{\n\n)\tctxTimeout, cancel := .*\n\tdefer cancel\(\)\n/,
      ],
    },
    {
      file: "internal/controller/helmchart_controller.go",
      without: [...verification, signatures("nil"), /^\tvar verifiers \[\]soci\.Verifier\n/m],
    },
    {
      file: "internal/controller/bucket_controller.go",
      without: [
        goImport("github.com/fluxcd/source-controller/internal/bucket/azure"),
        goImport("github.com/fluxcd/source-controller/internal/bucket/gcp"),
        goImport("github.com/fluxcd/source-controller/internal/bucket/minio"),
        /^func \(r \*BucketReconciler\) createBucketProvider\([\s\S]*?^\}\n/m,
      ],
    },
  ],
  instead: {
    "internal/controller/left_out.go": `package controller

import (
	"context"
	"errors"

	sourcev1 "github.com/fluxcd/source-controller/api/v1"
)

func (*BucketReconciler) createBucketProvider(context.Context, *sourcev1.Bucket, *bucketCredentials) (BucketProvider, error) {
	return nil, errors.New("sources in buckets were left out of this build")
}
`,
  },
};

/** From a key service's case in a switch to the last one of the clouds. */
const keyServices = (method: string) =>
  new RegExp(
    `^\\tcase \\*keyservice\\.Key_KmsKey:\\n\\t\\t\\w+, err := ks\\.${method}With[\\s\\S]*?(?=^\\tcase nil:)`,
    "m",
  );

const kustomizeController: Cut = {
  module: "github.com/fluxcd/kustomize-controller",
  lost: "keys of SOPS in AWS, Azure and Google Cloud (kept: age, OpenPGP, Vault)",
  edits: [
    {
      file: "internal/decryptor/decryptor.go",
      without: [
        ...["cloud.google.com/go/kms/apiv1", "github.com/Azure/azure-sdk-for-go/sdk/azcore"].map(goImport),
        ...["github.com/aws/aws-sdk-go-v2/aws", "golang.org/x/oauth2", "golang.org/x/oauth2/google"].map(goImport),
        ...["aws", "azure", "gcp"].map((cloud) => goImport(`github.com/fluxcd/pkg/auth/${cloud}`)),
        ...["awskms", "azkv"].map((key) => goImport(`github.com/fluxcd/kustomize-controller/internal/sops/${key}`)),
        /^\t\/\/ awsCredentialsProvider is the [\s\S]*?^\tgcpTokenSource oauth2\.TokenSource\n/m,
        /^\t\t\tcase filepath\.Ext\(DecryptionAWSKmsFile\):\n[\s\S]*?d\.gcpTokenSource = creds\.TokenSource\n\t+\}\n/m,
        /^\t\tif d\.awsCredentialsProvider == nil \{\n[\s\S]*?(?=^\t\t\/\/ Configure OpenBao)/m,
        /^\t\tintkeyservice\.WithAWSCredentialsProvider\{.*\n/m,
        /^\t\tintkeyservice\.WithAzureTokenCredential\{.*\n/m,
        /^\t\tintkeyservice\.WithGCPTokenSource\{.*\n/m,
      ],
    },
    {
      file: "internal/sops/keyservice/options.go",
      without: [
        ...["github.com/Azure/azure-sdk-for-go/sdk/azcore", "github.com/aws/aws-sdk-go-v2/aws"].map(goImport),
        ...["azkv", "gcpkms", "kms"].map((key) => goImport(`github.com/getsops/sops/v3/${key}`)),
        goImport("golang.org/x/oauth2"),
        goImport("github.com/fluxcd/kustomize-controller/internal/sops/awskms"),
        /^type WithAWSCredentialsProvider [\s\S]*?(?=^type WithDefaultServer)/m,
      ],
    },
    {
      file: "internal/sops/keyservice/server.go",
      without: [
        ...["azkv", "gcpkms", "kms"].map((key) => goImport(`github.com/getsops/sops/v3/${key}`)),
        /^\t\/\/ azureTokenCredential is the [\s\S]*?^\tgcpTokenSource gcpkms\.TokenSource\n/m,
        keyServices("encrypt"),
        keyServices("decrypt"),
        /^func \(ks \*Server\) encryptWithAWSKMS\([\s\S]*$/m,
      ],
    },
  ],
};

/** What is left out of Flux's controllers. */
export const fluxControllerCuts: readonly Cut[] = [notificationController, sourceController, kustomizeController];
