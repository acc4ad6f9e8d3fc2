import { execa } from "execa";
import { imageMirror } from "../../../lab/layout";
import { type LabObject, listObjects } from "../../../lab/node/cluster-api";
import { kubectl, kubectlWith } from "../../../lab/node/start";
import { labEnvironment } from "../../../lab/stack";
import { until } from "./until";

/** A pod that plays one of the platform's, for the network: its labels, and ports on which it takes connections. */
export interface ProbePod {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly ports: readonly number[];
}

/** A connection, from a pod by its name to a pod's name or an address, and whether it comes about. */
export type Connection = readonly [from: string, to: string, port: number, outcome: "open" | "closed"];

/** Pods of a test in namespaces of its own. */
export class ProbePods {
  private addresses = new Map<string, string>();

  constructor(private readonly pods: readonly ProbePod[]) {}

  private namespaces(): string[] {
    return [...new Set(this.pods.map(({ namespace }) => namespace))];
  }

  /** Makes namespaces and pods, and waits until each takes connections. */
  async create(): Promise<void> {
    const namespaces = this.namespaces().map((name) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } }));
    await kubectlWith(list(namespaces), "create");
    await kubectlWith(list(this.pods.map(podOf)), "create");
    await until("the probe pods' readiness", async () => {
      const found = (await Promise.all(this.namespaces().map((name) => listObjects<PodObject>("pods", name)))).flat();
      const ready = found.filter(({ status }) => status.containerStatuses?.every((one) => one.ready));
      this.addresses = new Map(ready.map(({ metadata, status }) => [metadata.name, status.podIP ?? ""]));
      return this.pods.every(({ name }) => this.addresses.has(name));
    });
  }

  /** Removes all of it, without waiting for the end. */
  async remove(): Promise<void> {
    await kubectl("delete", "namespace", "--wait=false", "--ignore-not-found", ...this.namespaces());
  }

  /** Tries connections; each comes back with what became of it. */
  async tried(connections: readonly Connection[]): Promise<Connection[]> {
    const sources = [...new Set(connections.map(([from]) => from))];
    const outcomes = await Promise.all(
      sources.map((from) =>
        this.triedFrom(
          from,
          connections.filter((connection) => connection[0] === from),
        ),
      ),
    );
    const byKey = new Map(outcomes.flat().map((connection) => [connection.slice(0, 3).join(" "), connection]));
    return connections.map((connection) => byKey.get(connection.slice(0, 3).join(" ")) ?? connection);
  }

  private async triedFrom(from: string, connections: readonly Connection[]): Promise<Connection[]> {
    const pod = this.pods.find(({ name }) => name === from);
    const targets = connections.map(([, to, port]) => `${this.addresses.get(to) ?? to} ${port}`);
    const { stdout } = await execa(
      "kubectl",
      ["-n", pod?.namespace ?? "", "exec", from, "--", "sh", "-c", TRY_EACH, "sh", ...targets],
      { env: labEnvironment() },
    );
    const outcomes = stdout.split("\n");
    return connections.map(([, to, port], index) => [from, to, port, outcomes[index] === "0" ? "open" : "closed"]);
  }
}

/** Writes for each ADDRESS PORT with what nc ended: 0 for a connection. All at once: what is dropped takes its time. */
const TRY_EACH = `
i=0
for target; do
  i=$((i + 1))
  { nc -w 2 $target < /dev/null > /dev/null 2>&1; echo $? > /tmp/outcome.$$.$i; } &
done
wait
for i in $(seq $#); do cat /tmp/outcome.$$.$i; done`;

/** A web server on each port, which takes connections without end. */
const LISTEN = `for port; do httpd -p $port -h /tmp; done; touch /tmp/listening; exec sleep 3600`;

function podOf({ namespace, name, labels, ports }: ProbePod) {
  const command = ["sh", "-c", LISTEN, "sh", ...ports.map(String)];
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { namespace, name, labels },
    spec: {
      terminationGracePeriodSeconds: 0,
      automountServiceAccountToken: false,
      containers: [
        {
          name: "probe",
          image: `${imageMirror}/library/busybox:1.35`,
          command,
          readinessProbe: { exec: { command: ["test", "-e", "/tmp/listening"] }, periodSeconds: 1 },
        },
      ],
    },
  };
}

interface PodObject extends LabObject {
  readonly status: { readonly podIP?: string; readonly containerStatuses?: ReadonlyArray<{ readonly ready: boolean }> };
}

const list = (items: readonly object[]) => ({ apiVersion: "v1", kind: "List", items });
