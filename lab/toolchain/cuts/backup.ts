import { brotli } from "./brotli";
import type { Cut } from "./cut";

const velero = "github.com/vmware-tanzu/velero";

/** A store of Velero's repository that says that it was left out. */
const storeLeftOut = (type: string, store: string) => `package backend

import (
	"context"
	"errors"

	"github.com/kopia/kopia/repo/blob"
	"github.com/sirupsen/logrus"
)

var err${type} = errors.New("${store} was left out of this build")

type ${type} struct{}

func (*${type}) Setup(context.Context, map[string]string, logrus.FieldLogger) error { return err${type} }

func (*${type}) Connect(context.Context, bool, logrus.FieldLogger) (blob.Storage, error) { return nil, err${type} }
`;

const veleroCuts: readonly Cut[] = [
  {
    module: velero,
    lost: "velero debug; file-system backups in Azure and in Google Cloud's own interface (not its S3 one)",
    edits: [
      {
        file: "pkg/cmd/velero/velero.go",
        without: [/^\t"github\.com\/vmware-tanzu\/velero\/pkg\/cmd\/cli\/debug"\n/m, /^\t\tdebug\.NewCommand\(f\),\n/m],
      },
    ],
    instead: {
      "pkg/repository/udmrepo/kopialib/backend/gcs.go": storeLeftOut("GCSBackend", "Google Cloud Storage"),
      "pkg/repository/udmrepo/kopialib/backend/azure.go": storeLeftOut("AzureBackend", "Azure"),
      "pkg/repository/config/azure.go": `package config

import "errors"

func GetAzureResticEnvVars(map[string]string) (map[string]string, error) {
	return nil, errors.New("Azure was left out of this build")
}
`,
    },
  },
  {
    module: "github.com/kopia/kopia",
    lost: "error correction codes in Velero's repository, which Velero never asks for",
    removed: ["repo/ecc/ecc_rs_crc.go"],
    edits: [
      {
        file: "repo/blob/storage.go",
        without: [
          /^\t"github\.com\/Azure\/azure-sdk-for-go\/sdk\/storage\/azblob\/blob"\n/m,
          /^\n\t\/\/ Locked - .*\n\tLocked RetentionMode = .*\n/m,
        ],
      },
    ],
    instead: {
      // The value of Azure's constant, without Azure's libraries.
      "repo/blob/locked.go": 'package blob\n\nconst Locked RetentionMode = "Locked"\n',
      // Asked for by this name, kopia says that it does not know the algorithm.
      "repo/ecc/left_out.go": 'package ecc\n\nconst AlgorithmReedSolomonWithCrc32 = "REED-SOLOMON-CRC32"\n',
    },
  },
  {
    module: "github.com/vmware-tanzu/velero-plugin-for-aws",
    lost: "snapshots of AWS' volumes",
    removed: ["velero-plugin-for-aws/volume_snapshotter.go"],
    edits: [
      {
        file: "velero-plugin-for-aws/main.go",
        without: [
          /^\t\tRegisterVolumeSnapshotter\(.*\n/m,
          /^func newAwsVolumeSnapshotter\(.*\n\treturn newVolumeSnapshotter.*\n\}\n/m,
        ],
      },
    ],
    // The store's settings have a region too.
    instead: { "velero-plugin-for-aws/region.go": 'package main\n\nconst regionKey = "region"\n' },
  },
];

const storeCuts: readonly Cut[] = [
  {
    module: "github.com/versity/versitygw",
    lost: "versitygw test, versitygw azure; accounts in LDAP and in Vault; events to Kafka, NATS and RabbitMQ",
    removed: [
      "auth/iam_ldap.go",
      "auth/iam_vault.go",
      "cmd/internal/gwcli/azure.go",
      "cmd/versitygw/test.go",
      "s3event/nats.go",
      "s3event/rabbitmq.go",
    ],
    edits: [
      {
        file: "cmd/versitygw/main.go",
        without: [/^\t\tgwcli\.AzureCommand\(\),\n/m, /^\t\ttestCommand\(\),\n/m],
      },
      {
        file: "s3event/kafka.go",
        without: [
          /^\t"context"\n/m,
          /^\t"encoding\/json"\n/m,
          /^\t"encoding\/xml"\n/m,
          /^\t"os"\n/m,
          /^\t"sync"\n/m,
          /^\t"time"\n/m,
          /^\t"github\.com\/gofiber\/fiber\/v3"\n/m,
          /^\t"github\.com\/segmentio\/kafka-go"\n/m,
          /^\t"github\.com\/versity\/versitygw\/s3response"\n/m,
          /^type Kafka struct [\s\S]*?(?=^func genSequencer)/m,
        ],
      },
    ],
    instead: {
      "auth/left_out.go": `package auth

import "errors"

func NewLDAPService(...any) (IAMService, error) { return nil, errors.New("LDAP was left out of this build") }

func NewVaultIAMService(...any) (IAMService, error) { return nil, errors.New("Vault was left out of this build") }
`,
      "iamapi/storage/vault.go": `package storage

import "errors"

type VaultConfig struct {
	EndpointURL, Namespace, SecretStoragePath, SecretStorageNamespace, AuthMethod, AuthNamespace, MountPath string
	RootToken, RoleID, RoleSecret, ServerCert, ClientCert, ClientCertKey                                    string
}

func NewVault(VaultConfig) (Storer, error) { return nil, errors.New("Vault was left out of this build") }
`,
      "s3event/left_out.go": `package s3event

import "errors"

var errLeftOut = errors.New("only events to a webhook are in this build: Kafka, NATS and RabbitMQ were left out")

func InitKafkaEventService(_, _, _ string, _ EventFilter) (S3EventSender, error) { return nil, errLeftOut }

func InitNatsEventService(_, _ string, _ EventFilter) (S3EventSender, error) { return nil, errLeftOut }

func InitRabbitmqEventService(_, _, _ string, _ EventFilter) (S3EventSender, error) { return nil, errLeftOut }
`,
    },
  },
];

/** What is left out of the modules of the backup part's programs. */
export const backupCuts: readonly Cut[] = [...veleroCuts, ...storeCuts, brotli];
