/** Commands and addresses for access to a customer's cluster from elsewhere. Pure. */
import { PARSE_PORT } from "../parse/values";

/** What the commands and addresses depend on. */
export interface RemoteAccessTarget {
  /** Customer's name; the stack's kubeconfig is kept in a file of that name. */
  readonly customer: string;
  /** Namespace of the application. */
  readonly namespace: string;
  /** Name of its Service and Deployment. */
  readonly service: string;
  /** Address of Rancher. Absent: there is none. */
  readonly rancherUrl?: string;
  /** Id of the cluster in Rancher. Absent: there is no Rancher. */
  readonly clusterId?: string;
}

/** Commands and addresses, ready to copy. */
export interface RemoteAccess {
  /** Writes the kubeconfig to a file that only its owner can read. */
  readonly kubeconfig: string;
  /** A shell in one of the application's pods. */
  readonly shell: string;
  /** Logs of the application's pods. */
  readonly logs: string;
  /** The application on a local port. */
  readonly portForward: string;
  /** The cluster in Rancher's dashboard; absent without Rancher. */
  readonly rancher?: string;
  /** Grafana through Rancher's login; absent without Rancher, answers where monitoring is installed. */
  readonly grafana?: string;
}

const SERVER_PODS = "app.kubernetes.io/name=parse-server,app.kubernetes.io/component=server";
const GRAFANA = "api/v1/namespaces/cattle-monitoring-system/services/http:rancher-monitoring-grafana:80/proxy/";

/** Commands and addresses for a stack. */
export function remoteAccess(target: RemoteAccessTarget): RemoteAccess {
  const { customer, namespace, service, rancherUrl, clusterId } = target;
  const file = `${customer}.kubeconfig`;
  const kubectl = `kubectl --kubeconfig ${file} --namespace ${namespace}`;
  return {
    kubeconfig: `(umask 077; pulumi stack output kubeconfig --show-secrets > ${file})`,
    shell: `${kubectl} exec --stdin --tty deployment/${service} -- sh`,
    logs: `${kubectl} logs --follow --prefix --selector ${SERVER_PODS}`,
    portForward: `${kubectl} port-forward service/${service} ${PARSE_PORT}`,
    ...(rancherUrl &&
      clusterId && {
        rancher: `${rancherUrl}/dashboard/c/${clusterId}/explorer`,
        grafana: `${rancherUrl}/k8s/clusters/${clusterId}/${GRAFANA}`,
      }),
  };
}
