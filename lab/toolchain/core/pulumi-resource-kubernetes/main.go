// The Kubernetes provider. Its own main package embeds a generated schema that the Go module lacks; nothing that the
// engine asks of a provider during preview, up and destroy needs it.
package main

import "github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"

// version is the release line that this commit of the provider belongs to, and the npm package's version.
const version = "4.25.0"

func main() {
	emptySchema := []byte("{}")
	provider.Serve("kubernetes", version, emptySchema, emptySchema)
}
