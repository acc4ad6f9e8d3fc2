/** The cloud half of the platform alone: cluster, Rancher, people. What runs in the cluster needs a real one. */
import * as pulumi from "@pulumi/pulumi";
import { checkSurroundings, createCluster } from "../../../components/platform-cluster";
import { RancherAccess } from "../../../components/rancher/access";
import { loadSettings } from "../../../components/settings";

const settings = loadSettings();
checkSurroundings(settings, process.env);

class CloudHalf extends pulumi.ComponentResource {
  readonly kubeconfig: pulumi.Output<string>;
  readonly adminPassword: pulumi.Output<string> | undefined;

  constructor() {
    super("onprem:platform:CustomerPlatform", settings.customer);
    const { cluster, rancher, registration } = createCluster(settings, this);
    this.kubeconfig = cluster.kubeconfig;
    this.adminPassword = rancher?.adminPassword;
    if (rancher && registration && settings.access) {
      const { clusterId, systemProjectId } = registration;
      new RancherAccess(
        "access",
        { ...settings.access, clusterId, systemProjectId, namespaces: {} },
        { parent: this, providers: { rancher2: rancher.provider, kubernetes: cluster.provider } },
      );
    }
    this.registerOutputs({});
  }
}

const half = new CloudHalf();
export const kubeconfig = half.kubeconfig;
export const adminPassword = half.adminPassword;
