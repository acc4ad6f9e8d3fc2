import type { Cut } from "./cut";

/** Nobody in the lab asks for Brotli: Velero's store and the prober of addresses bring it along. */
export const brotli: Cut = {
  module: "github.com/andybalholm/brotli",
  lost: "answers compressed with Brotli: those of versitygw's own pages, and those that a probe of the prober demands",
  keepOnly: { ".": [] },
  instead: {
    "left_out.go": `// Package brotli has the interface of the module of this name. Readers and writers fail.
package brotli

import (
	"errors"
	"io"
)

const (
	BestSpeed          = 0
	BestCompression    = 11
	DefaultCompression = 6
)

var errLeftOut = errors.New("Brotli was left out of this build")

type Reader struct{}

func NewReader(io.Reader) *Reader { return &Reader{} }

func (*Reader) Reset(io.Reader) error { return errLeftOut }

func (*Reader) Read([]byte) (int, error) { return 0, errLeftOut }

type Writer struct{}

func NewWriterLevel(io.Writer, int) *Writer { return &Writer{} }

func (*Writer) Reset(io.Writer) {}

func (*Writer) Write([]byte) (int, error) { return 0, errLeftOut }

func (*Writer) Flush() error { return errLeftOut }

func (*Writer) Close() error { return errLeftOut }
`,
  },
};
