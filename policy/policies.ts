import { bucketsPrivate } from "./cloud/buckets-private";
import { clusterLogs } from "./cloud/cluster-logs";
import { clusterNetworkPolicies } from "./cloud/cluster-network-policies";
import { clusterSecretsEncrypted } from "./cloud/cluster-secrets-encrypted";
import { controlPlaneNotPublic } from "./cloud/control-plane-not-public";
import { dataProtected } from "./cloud/data-protected";
import { firewallNotOpen } from "./cloud/firewall-not-open";
import { instanceLoginManaged } from "./cloud/instance-login-managed";
import { instanceMetadataWithoutSecrets } from "./cloud/instance-metadata-without-secrets";
import { labelsPresent } from "./cloud/labels-present";
import { legacyAccessDisabled } from "./cloud/legacy-access-disabled";
import { nodesMaintained } from "./cloud/nodes-maintained";
import { nodesOwnIdentity } from "./cloud/nodes-own-identity";
import { nodesPrivate } from "./cloud/nodes-private";
import { nodesShielded } from "./cloud/nodes-shielded";
import { regionsAllowed } from "./cloud/regions-allowed";
import { rolesNotBasic } from "./cloud/roles-not-basic";
import { serviceAccountKeysAvoided } from "./cloud/service-account-keys-avoided";
import { workloadIdentity } from "./cloud/workload-identity";
import type { PolicyDefinition } from "./definition";
import { gates } from "./gates";
import { chartValuesWithoutSecrets } from "./kubernetes/chart-values-without-secrets";
import { chartsRendered } from "./kubernetes/charts-rendered";
import { configurationWithoutSecrets } from "./kubernetes/configuration-without-secrets";
import { containersBounded } from "./kubernetes/containers-bounded";
import { containersProbed } from "./kubernetes/containers-probed";
import { containersWithoutSecrets } from "./kubernetes/containers-without-secrets";
import { disruptionBudgets } from "./kubernetes/disruption-budgets";
import { imagesPinned } from "./kubernetes/images-pinned";
import { imagesRegistryAllowed } from "./kubernetes/images-registry-allowed";
import { ingressEncrypted } from "./kubernetes/ingress-encrypted";
import { namespacesPodSecurity } from "./kubernetes/namespaces-pod-security";
import { networkDefaultDeny } from "./kubernetes/network-default-deny";
import { podsBaseline } from "./kubernetes/pods-baseline";
import { podsRestricted } from "./kubernetes/pods-restricted";
import { rbacWithoutWildcards } from "./kubernetes/rbac-without-wildcards";
import { serviceAccountTokens } from "./kubernetes/service-account-tokens";
import { servicesInternal } from "./kubernetes/services-internal";
import { workloadsRedundant } from "./kubernetes/workloads-redundant";
import { alertReceiver } from "./platform/alert-receiver";
import { backupScheduled } from "./platform/backup-scheduled";
import { exceptionsCurrent } from "./platform/exceptions-current";
import { exceptionsShown } from "./platform/exceptions-shown";
import { monitoringCoversComponents } from "./platform/monitoring-covers-components";
import { namesCarryCustomer } from "./platform/names-carry-customer";
import { overridesShown } from "./platform/overrides-shown";
import { rancherVerified } from "./platform/rancher-verified";
import { releasesSupported } from "./platform/releases-supported";
import { retentionLimited } from "./platform/retention-limited";

/** Policies by the chapter of the reference page that they stand in. */
export const chapters: Readonly<Record<string, readonly PolicyDefinition[]>> = {
  Cloud: [
    controlPlaneNotPublic,
    nodesPrivate,
    nodesShielded,
    nodesMaintained,
    nodesOwnIdentity,
    workloadIdentity,
    legacyAccessDisabled,
    clusterSecretsEncrypted,
    clusterNetworkPolicies,
    clusterLogs,
    instanceLoginManaged,
    instanceMetadataWithoutSecrets,
    rolesNotBasic,
    serviceAccountKeysAvoided,
    firewallNotOpen,
    bucketsPrivate,
    dataProtected,
    regionsAllowed,
    labelsPresent,
  ],
  Kubernetes: [
    podsBaseline,
    podsRestricted,
    namespacesPodSecurity,
    serviceAccountTokens,
    imagesPinned,
    imagesRegistryAllowed,
    containersBounded,
    containersProbed,
    workloadsRedundant,
    disruptionBudgets,
    rbacWithoutWildcards,
    networkDefaultDeny,
    configurationWithoutSecrets,
    containersWithoutSecrets,
    chartValuesWithoutSecrets,
    servicesInternal,
    ingressEncrypted,
    chartsRendered,
  ],
  Platform: [
    backupScheduled,
    alertReceiver,
    monitoringCoversComponents,
    retentionLimited,
    namesCarryCustomer,
    rancherVerified,
    releasesSupported,
    exceptionsCurrent(() => policies.map(({ name }) => name)),
    exceptionsShown,
    overridesShown,
  ],
  "Upgrade gates": gates,
};

/** Every policy of the pack. */
export const policies: readonly PolicyDefinition[] = Object.values(chapters).flat();
