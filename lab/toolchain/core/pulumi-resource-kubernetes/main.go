// The Kubernetes provider. Its own main package embeds a generated schema that the Go module lacks; nothing that the
// engine asks of a provider during preview, up and destroy needs it.
package main

import (
	"os"
	"time"

	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"
)

// version is the release line that this commit of the provider belongs to, and the npm package's version.
const version = "4.25.0"

// grace is how long an operation of Helm's may go on after the engine was killed.
const grace = time.Minute

func main() {
	go endAfterEngine(os.Getppid())
	emptySchema := []byte("{}")
	provider.Serve("kubernetes", version, emptySchema, emptySchema)
}

// endAfterEngine ends the provider when its engine is gone: seen to run on for an hour otherwise.
func endAfterEngine(engine int) {
	for os.Getppid() == engine {
		time.Sleep(time.Second)
	}
	time.Sleep(grace)
	os.Exit(1)
}
