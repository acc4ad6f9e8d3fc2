const COUNTER = "kube_pod_container_status_restarts_total";

/**
 * PromQL that counts the restarts of each container in a time. Kubernetes counts them from 0 for each container of a pod and
 * never less, so the difference of the ends is the whole number that there were. `increase()` guesses what was before the
 * first and after the last read, and gives fractions (https://prometheus.io/docs/prometheus/latest/querying/functions/#increase).
 * @param selector label matchers, such as `namespace="parse"`; default: every container
 * @param by labels that tell containers apart where their series may end and begin anew, with the program that reads them;
 *   default: all that a series has
 */
export function restartsIn(time: string, selector = "", by?: readonly string[]): string {
  const end = (which: "max" | "min") => {
    const over = `${which}_over_time(${COUNTER}${selector === "" ? "" : `{${selector}}`}[${time}])`;
    return by ? `${which} by (${by.join(", ")}) (${over})` : over;
  };
  return `${end("max")} - ${end("min")}`;
}
