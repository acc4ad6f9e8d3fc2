import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { LabError } from "../errors";
import { labRoot, nodeName, paths, projectRoot } from "../layout";
import type { Step } from "../steps";
import { waitUntil } from "../steps";
import { builtPrograms } from "../toolchain/build";
import { ensureCertificates } from "./certificates";
import { clusterApi, readObject } from "./cluster-api";
import { prepareHost, readHostRecord } from "./host";
import { startNetworkPolicies } from "./network-policies";
import { anyServerRuns, runningPid, startServer, waitForServer } from "./processes";
import * as servers from "./servers";
import { stopNode } from "./stop";

/**
 * Runs kubectl against the lab's cluster.
 * @throws LabError `step-failed` with kubectl's own words
 */
export function kubectl(...args: readonly string[]): Promise<string> {
  return runKubectl(args);
}

/**
 * Gives kubectl an object, or a List of them, as the file that `command` is for: `create`, `apply`.
 * @throws LabError `step-failed` with kubectl's own words
 */
export function kubectlWith(object: object, ...command: readonly string[]): Promise<string> {
  return runKubectl([...command, "--filename", "-"], JSON.stringify(object));
}

async function runKubectl(args: readonly string[], input = ""): Promise<string> {
  const program = join(builtPrograms().folder, "kubectl");
  const result = await execa(program, ["--kubeconfig", paths.kubeconfig, ...args], { reject: false, input });
  if (result.failed) throw new LabError("step-failed", `kubectl ${args.join(" ")}: ${result.stderr}`);
  return result.stdout;
}

/**
 * The cluster-internal address of a Service, which this machine routes.
 * @throws LabError `step-failed` when there is no such Service
 */
export async function serviceAddress(namespace: string, service: string): Promise<string> {
  try {
    return (await readObject<{ spec: { clusterIP: string } }>("services", namespace, service)).spec.clusterIP;
  } catch (error) {
    throw new LabError("step-failed", (error as Error).message);
  }
}

/** Whether a lab, of this or another checkout, changed the host and none of its servers runs any more. */
function isAbandoned(): boolean {
  return readHostRecord() !== undefined && !anyServerRuns();
}

/** Whether the API server answers, and has done what it does first. */
export async function apiserverIsReady(): Promise<boolean> {
  return clusterApi()
    .get("/readyz", { text: true })
    .then(
      () => true,
      () => false,
    );
}

/** Starts the control plane, or what of it does not run. */
export async function startControlPlane(step: Step): Promise<void> {
  mkdirSync(labRoot, { recursive: true });
  if (isAbandoned()) {
    step.progress("clearing what a lab left that was killed");
    await stopNode(step);
  }
  await prepareHost(step, labRoot);
  ensureCertificates();
  servers.writeServerSettings();
  step.progress("starting etcd and the API server");
  startServer(servers.etcd());
  startServer(servers.apiserver());
  await waitForServer("kube-apiserver", apiserverIsReady, 90);
  startServer(servers.controllerManager());
  startServer(servers.scheduler());
}

/** Starts the node, and waits until it is ready and has its name server. */
export async function startNode(step: Step): Promise<void> {
  step.progress("starting the node");
  const kubelet = servers.kubelet();
  const since = runningPid(kubelet.name) === undefined ? Date.now() : 0;
  startServer(kubelet);
  startServer(servers.proxy());
  startServer(servers.volumeProvisioner());
  await step.run(join(builtPrograms().folder, "kubectl"), [
    "--kubeconfig",
    paths.kubeconfig,
    "apply",
    "--server-side",
    "--force-conflicts",
    "--filename",
    join(projectRoot, "lab", "cluster", "add-ons.yaml"),
  ]);
  await waitForServer(kubelet.name, () => nodeIsReady(since), 300);
  await startNetworkPolicies(step);
  step.progress("waiting for the name server");
  await waitForDeployment("kube-system", "coredns");
}

async function waitForDeployment(namespace: string, deployment: string): Promise<void> {
  const inNamespace = ["--namespace", namespace];
  try {
    await waitUntil(`${deployment} is ready`, () => deploymentIsReady(namespace, deployment), 300_000);
  } catch (error) {
    const events = await kubectl(...inNamespace, "get", "events", "--field-selector=type=Warning").catch(String);
    const logs = await kubectl(...inNamespace, "logs", `deployment/${deployment}`, "--tail=10").catch(String);
    throw new LabError("step-failed", `${(error as Error).message}\nIts warnings:\n${events}\nIts log:\n${logs}`);
  }
}

interface DeploymentObject {
  readonly metadata: { readonly generation: number };
  readonly spec: { readonly replicas: number };
  readonly status: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly availableReplicas?: number;
  };
}

/** Whether all pods are of the specification as it is now, and available. */
async function deploymentIsReady(namespace: string, name: string): Promise<boolean> {
  const deployment = await readObject<DeploymentObject>("deployments.v1.apps", namespace, name).catch(() => undefined);
  if (!deployment) return false;
  const { metadata, spec, status } = deployment;
  const pods = [status.replicas, status.updatedReplicas, status.availableReplicas];
  return (status.observedGeneration ?? 0) >= metadata.generation && pods.every((count) => count === spec.replicas);
}

/** What of a Node its readiness is read from. */
export interface NodeObject {
  readonly status?: {
    readonly conditions?: ReadonlyArray<{
      readonly type: string;
      readonly status: string;
      readonly lastHeartbeatTime: string;
    }>;
  };
}

/**
 * Whether a node's kubelet has said that it is ready. A node that was stopped still says what it said before.
 * @param since milliseconds since 1970; what was said earlier does not count, but for the part of a second
 */
export function saysReadySince({ status }: NodeObject, since: number): boolean {
  const ready = status?.conditions?.find(({ type }) => type === "Ready");
  // Times of the API are whole seconds.
  return ready?.status === "True" && Date.parse(ready.lastHeartbeatTime) >= Math.floor(since / 1000) * 1000;
}

async function nodeIsReady(since: number): Promise<boolean> {
  const node = await readObject<NodeObject>("nodes", undefined, nodeName).catch(() => undefined);
  return node !== undefined && saysReadySince(node, since);
}
