import { CustomerPlatform } from "./components/platform";
import { loadSettings } from "./components/settings";

const settings = loadSettings();
const platform = new CustomerPlatform(settings.customer, { settings });

/** The customer whose platform this stack is. */
export const customer = settings.customer;
/** Parse Server: where it is and what clients need. */
export const parse = {
  namespace: platform.parse.namespace,
  service: platform.parse.serviceName,
  internalUrl: platform.parse.internalUrl,
  publicUrl: platform.parse.publicUrl,
  applicationId: platform.parse.applicationId,
  masterKey: platform.parse.masterKey,
  clientKeys: platform.parse.clientKeys,
};
/** The kubeconfig that leads to the cluster (secret). */
export const kubeconfig = platform.cluster.kubeconfig;
