package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/spf13/cobra"
	core "k8s.io/api/core/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/sig-storage-lib-external-provisioner/v11/controller"
)

// newVolumeProvisionerCommand makes `local` volumes for claims: folders of the machine that it runs on, which is the
// lab's one node. Usual provisioners of local volumes start a pod on the node for each folder that they make or remove:
// in the lab's tests those were half of all pods.
func newVolumeProvisionerCommand() *cobra.Command {
	var kubeconfig, name, folder string
	command := &cobra.Command{
		Use:          "volume-provisioner",
		Args:         cobra.NoArgs,
		SilenceUsage: true,
		RunE: func(command *cobra.Command, _ []string) error {
			ctx, stop := signal.NotifyContext(command.Context(), os.Interrupt, syscall.SIGTERM)
			defer stop()
			config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
			if err != nil {
				return err
			}
			client, err := kubernetes.NewForConfig(config)
			if err != nil {
				return err
			}
			controller.NewProvisionController(ctx, client, name, folderProvisioner{folder}, controller.LeaderElection(false)).Run(ctx)
			return nil
		},
	}
	command.Flags().StringVar(&kubeconfig, "kubeconfig", "", "of the cluster")
	command.Flags().StringVar(&name, "name", "", "of the provisioner, which storage classes say")
	command.Flags().StringVar(&folder, "folder", "", "in which the volumes are")
	return command
}

// folderProvisioner keeps each volume in a folder of its own, which anybody may write to: pods run as any user.
type folderProvisioner struct{ root string }

func (p folderProvisioner) Provision(_ context.Context, options controller.ProvisionOptions) (*core.PersistentVolume, controller.ProvisioningState, error) {
	claim, node := options.PVC, options.SelectedNode
	if node == nil {
		return nil, controller.ProvisioningFinished, fmt.Errorf("storage class %s must bind its volumes when a pod first needs them", options.StorageClass.Name)
	}
	for _, mode := range claim.Spec.AccessModes {
		if mode != core.ReadWriteOnce && mode != core.ReadWriteOncePod {
			return nil, controller.ProvisioningFinished, fmt.Errorf("access mode %s: a local volume has ReadWriteOnce or ReadWriteOncePod", mode)
		}
	}
	// A mode that is given when a folder is made is lowered by the process' umask.
	folder := filepath.Join(p.root, fmt.Sprintf("%s_%s_%s", options.PVName, claim.Namespace, claim.Name))
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return nil, controller.ProvisioningFinished, err
	}
	if err := os.Chmod(folder, 0o777); err != nil {
		return nil, controller.ProvisioningFinished, err
	}
	filesystem := core.PersistentVolumeFilesystem
	return &core.PersistentVolume{
		ObjectMeta: meta.ObjectMeta{Name: options.PVName},
		Spec: core.PersistentVolumeSpec{
			AccessModes:                   claim.Spec.AccessModes,
			Capacity:                      core.ResourceList{core.ResourceStorage: claim.Spec.Resources.Requests[core.ResourceStorage]},
			PersistentVolumeReclaimPolicy: *options.StorageClass.ReclaimPolicy,
			VolumeMode:                    &filesystem,
			PersistentVolumeSource:        core.PersistentVolumeSource{Local: &core.LocalVolumeSource{Path: folder}},
			NodeAffinity:                  onlyOn(node),
		},
	}, controller.ProvisioningFinished, nil
}

func (p folderProvisioner) Delete(_ context.Context, volume *core.PersistentVolume) error {
	folder := volume.Spec.Local.Path
	if filepath.Dir(folder) != filepath.Clean(p.root) {
		return fmt.Errorf("%s is not a folder in %s: it is not removed", folder, p.root)
	}
	return os.RemoveAll(folder)
}

func onlyOn(node *core.Node) *core.VolumeNodeAffinity {
	hostname := core.NodeSelectorRequirement{
		Key:      core.LabelHostname,
		Operator: core.NodeSelectorOpIn,
		Values:   []string{node.Labels[core.LabelHostname]},
	}
	terms := []core.NodeSelectorTerm{{MatchExpressions: []core.NodeSelectorRequirement{hostname}}}
	return &core.VolumeNodeAffinity{Required: &core.NodeSelector{NodeSelectorTerms: terms}}
}
