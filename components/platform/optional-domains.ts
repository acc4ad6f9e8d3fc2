/**
 * Modules that not every stack needs, loaded when the settings first ask for them: a program without Google Cloud, Rancher,
 * monitoring, backups or Flux reads neither them nor the packages that only they use.
 */
export const optional = {
  google: () => require("@pulumi/gcp") as typeof import("@pulumi/gcp"),
  gkeCluster: () => require("../cluster/gke-cluster") as typeof import("../cluster/gke-cluster"),
  gkeNetwork: () => require("../cluster/gke-network") as typeof import("../cluster/gke-network"),
  rancherServer: () => require("../rancher/rancher-server") as typeof import("../rancher/rancher-server"),
  rancherRegistration: () => require("../rancher/registration") as typeof import("../rancher/registration"),
  rancherAccess: () => require("../rancher/access") as typeof import("../rancher/access"),
  monitoringArgs: () => require("./platform-monitoring") as typeof import("./platform-monitoring"),
  monitoring: () => require("../monitoring/monitoring") as typeof import("../monitoring/monitoring"),
  backup: () => require("../backup/backup") as typeof import("../backup/backup"),
  gitops: () => require("../gitops/gitops") as typeof import("../gitops/gitops"),
};
