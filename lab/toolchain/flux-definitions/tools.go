//go:build tools

// Package fluxdefinitions pins Flux's kinds of which only the Go types are published, and the program that turns types
// into CustomResourceDefinitions, as upstream's own build does.
package fluxdefinitions

import (
	_ "github.com/fluxcd/image-automation-controller/api/v1"
	_ "github.com/fluxcd/image-reflector-controller/api/v1"
	_ "sigs.k8s.io/controller-tools/cmd/controller-gen"
)
