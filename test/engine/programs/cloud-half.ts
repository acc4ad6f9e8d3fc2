/** The cloud half of the platform alone: cluster, Rancher, people. What runs in the cluster needs a real one. */
import * as pulumi from "@pulumi/pulumi";
import { lastOutputs } from "../../../components/platform/last-outputs";
import { type Placement, placementOf, requirePlacement } from "../../../components/platform/placement";
import { checkSurroundings, createCluster } from "../../../components/platform/platform-cluster";
import { RancherAccess } from "../../../components/rancher/access";
import { loadSettings } from "../../../components/settings";

const settings = loadSettings();
checkSurroundings(settings, process.env);
// Without its memory the engine's own protection is all that there is.
const forgetful = new pulumi.Config("cloud-half").getBoolean("forgetful");
const last = forgetful ? undefined : lastOutputs().placement;

class CloudHalf extends pulumi.ComponentResource {
  readonly placement: pulumi.Output<Placement>;
  readonly kubeconfig: pulumi.Output<string>;
  readonly adminPassword: pulumi.Output<string> | undefined;

  constructor() {
    const placement = pulumi.output(last).apply((known) => requirePlacement(placementOf(settings), known));
    const { customer } = settings;
    super("onprem:platform:CustomerPlatform", customer, { customer: placement.apply(() => customer) });
    this.placement = placement;
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
export const placement = half.placement;
