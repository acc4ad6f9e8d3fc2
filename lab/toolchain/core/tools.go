//go:build tools

// Package core pins the programs that are built from their own main packages.
package core

import (
	_ "helm.sh/helm/v3/cmd/helm"
)
