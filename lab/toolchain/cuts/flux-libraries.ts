import { type Cut, goImport } from "./cut";

/**
 * A key of SOPS that neither encrypts nor decrypts.
 * @param name of the Go package
 * @param service whose keys these are
 * @param fields of the key that name it in a file, in Go
 * @param constructors of the Go package, in Go; `errLeftOut` is what they fail with
 */
const sopsKey = (name: string, service: string, fields: string, constructors: string) => `package ${name}

import (
	"errors"
	"time"
)

var errLeftOut = errors.New("keys of ${service} were left out of this build")

type MasterKey struct {
	${fields}
	EncryptedKey string
	CreationDate time.Time
}

${constructors}

func (*MasterKey) Encrypt([]byte) error { return errLeftOut }

func (*MasterKey) EncryptIfNeeded([]byte) error { return errLeftOut }

func (*MasterKey) Decrypt() ([]byte, error) { return nil, errLeftOut }

func (key *MasterKey) EncryptedDataKey() []byte { return []byte(key.EncryptedKey) }

func (key *MasterKey) SetEncryptedDataKey(encrypted []byte) { key.EncryptedKey = string(encrypted) }

func (*MasterKey) NeedsRotation() bool { return false }

func (*MasterKey) ToString() string { return "${name}" }

func (*MasterKey) ToMap() map[string]interface{} { return nil }

func (*MasterKey) TypeToIdentifier() string { return "${name}" }
`;

const sops: Cut = {
  module: "github.com/getsops/sops/v3",
  lost: "keys in the key services of AWS, Azure, Google Cloud and Huawei Cloud; publishing to S3 and Google Cloud Storage",
  removed: ["publish/gcs.go", "publish/s3.go"],
  instead: {
    "kms/keysource.go": sopsKey(
      "kms",
      "AWS KMS",
      "Arn, Role, AwsProfile string\n\tEncryptionContext map[string]*string",
      `func NewMasterKeyWithProfile(arn, role string, context map[string]*string, profile string) *MasterKey {
	return &MasterKey{Arn: arn, Role: role, EncryptionContext: context, AwsProfile: profile}
}

func MasterKeysFromArnString(arn string, context map[string]*string, profile string) []*MasterKey {
	if arn == "" {
		return nil
	}
	return []*MasterKey{NewMasterKeyWithProfile(arn, "", context, profile)}
}`,
    ),
    "gcpkms/keysource.go": sopsKey(
      "gcpkms",
      "Google Cloud KMS",
      "ResourceID string",
      `func NewMasterKeyFromResourceID(id string) *MasterKey { return &MasterKey{ResourceID: id} }

func MasterKeysFromResourceIDString(id string) []*MasterKey {
	if id == "" {
		return nil
	}
	return []*MasterKey{NewMasterKeyFromResourceID(id)}
}`,
    ),
    "azkv/keysource.go": sopsKey(
      "azkv",
      "Azure Key Vault",
      "VaultURL, Name, Version string",
      `func NewMasterKeyWithOptionalVersion(_, _, _ string) (*MasterKey, error) { return nil, errLeftOut }

func MasterKeysFromURLs(urls string) ([]*MasterKey, error) {
	if urls == "" {
		return nil, nil
	}
	return nil, errLeftOut
}`,
    ),
    "hckms/keysource.go": sopsKey(
      "hckms",
      "Huawei Cloud KMS",
      "KeyID string",
      `func NewMasterKey(id string) (*MasterKey, error) { return &MasterKey{KeyID: id}, nil }

func NewMasterKeyFromKeyIDString(id string) ([]*MasterKey, error) {
	if id == "" {
		return nil, nil
	}
	return nil, errLeftOut
}`,
    ),
    "publish/left_out.go": `package publish

type leftOut struct{}

func NewS3Destination(_, _ string) Destination { return leftOut{} }

func NewGCSDestination(_, _ string) Destination { return leftOut{} }

func (leftOut) Upload([]byte, string) error { return &NotImplementedError{"left out of this build"} }

func (leftOut) UploadUnencrypted(map[string]interface{}, string) error {
	return &NotImplementedError{"left out of this build"}
}

func (leftOut) Path(name string) string { return name }
`,
  },
};

const cloudLogins: Cut = {
  module: "github.com/fluxcd/pkg/auth",
  lost: "logins of AWS, Azure and Google Cloud for Git servers, registries and clusters; GitHub Apps",
  edits: [
    {
      file: "utils/provider.go",
      without: ["aws", "azure", "gcp"].flatMap((cloud) => [
        goImport(`github.com/fluxcd/pkg/auth/${cloud}`),
        new RegExp(`^\\tcase ${cloud}\\.ProviderName:\\n.*\\n`, "m"),
      ]),
    },
  ],
  instead: {
    "githubapp/client.go": `package githubapp

import (
	"context"
	"crypto/tls"
	"errors"
	"net/url"

	"github.com/fluxcd/pkg/cache"
)

const KeyAppID = "githubAppID"

var errLeftOut = errors.New("GitHub Apps were left out of this build")

type Client struct{}

type OptFunc func(*Client)

type AppToken struct{ Token, Slug string }

func none(*Client) {}

func WithTLSConfig(*tls.Config) OptFunc { return none }

func WithAppData(map[string][]byte) OptFunc { return none }

func WithProxyURL(*url.URL) OptFunc { return none }

func WithCache(*cache.TokenCache, string, string, string, string) OptFunc { return none }

func WithAppSlugReflection() OptFunc { return none }

func New(...OptFunc) (*Client, error) { return nil, errLeftOut }

func (*Client) GetToken(context.Context) (*AppToken, error) { return nil, errLeftOut }

func GetCredentials(context.Context, ...OptFunc) (string, string, error) { return "", "", errLeftOut }
`,
  },
};

const registryLogins: Cut = {
  module: "github.com/google/go-containerregistry/pkg/authn/k8schain",
  lost: "logins of AWS', Azure's and Google's nodes at their registries (kept: pull secrets)",
  instead: {
    "k8schain.go": `package k8schain

import (
	"context"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/authn/kubernetes"
	corev1 "k8s.io/api/core/v1"
)

func NewFromPullSecrets(ctx context.Context, secrets []corev1.Secret) (authn.Keychain, error) {
	fromSecrets, err := kubernetes.NewFromPullSecrets(ctx, secrets)
	if err != nil {
		return nil, err
	}
	return authn.NewMultiKeychain(fromSecrets, authn.DefaultKeychain), nil
}
`,
  },
};

const helm: Cut = {
  module: "helm.sh/helm/v4",
  lost: "plugins of Helm that are WebAssembly; Helm's linter, which wants a newer Kubernetes library",
  removed: ["pkg/action/lint.go"],
  edits: [
    {
      file: "internal/plugin/loader.go",
      without: [
        goImport("github.com/extism/go-sdk"),
        goImport("github.com/tetratelabs/wazero"),
        goImport("helm.sh/helm/v4/pkg/helmpath"),
        /^\n\tcc, err := wazero\.[\s\S]*?^\t\}\n\n/m,
        /^\t\t\t"extism\/v1": [\s\S]*?^\t\t\t\},\n/m,
      ],
    },
  ],
  instead: {
    "internal/plugin/runtime_extismv1.go": `package plugin

import "errors"

type RuntimeConfigExtismV1 struct{}

func (*RuntimeConfigExtismV1) Validate() error {
	return errors.New("plugins that are WebAssembly were left out of this build")
}
`,
  },
};

const matchersOfTests: Cut = {
  module: "github.com/fluxcd/pkg/runtime",
  lost: "nothing: what tests compare conditions with",
  removed: ["conditions/matcher.go", "conditions/matchers.go"],
};

/** What is left out of the libraries that Flux's controllers share. */
export const fluxLibraryCuts: readonly Cut[] = [sops, cloudLogins, registryLogins, helm, matchersOfTests];
