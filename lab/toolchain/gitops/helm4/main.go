// Of Helm 4 what renders a chart, as its command `helm template` does it and helm-controller too: a test compares that
// with Helm 3. Helm's whole command would bring what neither of them needs.
//
//	helm4 version
//	helm4 template NAME CHART [--namespace NAMESPACE] [--kube-version VERSION] < VALUES
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime/debug"
	"strings"

	"helm.sh/helm/v4/pkg/action"
	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/loader"
	values "helm.sh/helm/v4/pkg/chart/v2/loader"
	release "helm.sh/helm/v4/pkg/release/v1"
)

const module = "helm.sh/helm/v4"

func main() {
	arguments := os.Args[1:]
	err := fmt.Errorf("say: helm4 version, or: helm4 template NAME CHART")
	if len(arguments) > 0 && arguments[0] == "version" {
		err = printVersion()
	}
	if len(arguments) > 2 && arguments[0] == "template" {
		err = printManifests(arguments[1], arguments[2], arguments[3:])
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "Error: %v\n", err)
		os.Exit(1)
	}
}

func printVersion() error {
	build, _ := debug.ReadBuildInfo()
	for _, dependency := range build.Deps {
		if dependency.Path == module {
			fmt.Println(dependency.Version)
			return nil
		}
	}
	return fmt.Errorf("this program was built without %s", module)
}

func printManifests(name, path string, further []string) error {
	install := action.NewInstall(action.NewConfiguration())
	flags := flag.NewFlagSet("template", flag.ExitOnError)
	flags.StringVar(&install.Namespace, "namespace", "default", "namespace of the release")
	flags.String("values", "-", "standard input, whatever is given")
	kubernetes := flags.String("kube-version", "", "Kubernetes that the chart is rendered for")
	if err := flags.Parse(further); err != nil {
		return err
	}
	if *kubernetes != "" {
		version, err := common.ParseKubeVersion(*kubernetes)
		if err != nil {
			return err
		}
		install.KubeVersion = version
	}
	given, err := values.LoadValues(os.Stdin)
	if err != nil {
		return err
	}
	chart, err := loader.Load(path)
	if err != nil {
		return err
	}
	install.ReleaseName = name
	install.Replace = true
	install.DryRunStrategy = action.DryRunClient
	made, err := install.Run(chart, given)
	if err != nil {
		return err
	}
	print(made.(*release.Release))
	return nil
}

func print(made *release.Release) {
	fmt.Println(strings.TrimSpace(made.Manifest))
	for _, hook := range made.Hooks {
		fmt.Printf("---\n# Source: %s\n%s\n", hook.Path, hook.Manifest)
	}
}
