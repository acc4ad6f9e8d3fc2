import assert from "node:assert/strict";
import { nodeAgentConfiguration, nodeAgentSpec, serverSpec } from "../../../components/backup/velero-pods";
import { minimal } from "./sample-backup";

const shared = { images: minimal.images, labels: { customer: "acme" }, imagePullSecrets: [] };
const server = serverSpec({
  ...shared,
  plugins: ["aws"],
  resources: minimal.resources,
  timeouts: minimal.timeouts,
  finalizerProgram: "program",
  volumePolicies: "policies",
  namespace: "velero",
});
const agent = nodeAgentSpec({ ...shared, configuration: "configuration" });

describe("Velero's server", () => {
  it("is one at a time", () => {
    assert.equal(server.replicas, 1);
    assert.deepEqual(server.strategy, { type: "Recreate" });
  });

  it("has the time-outs that it is given, and makes one backup after the other", () => {
    const [velero] = server.template.spec.containers;
    const flags = velero && "args" in velero ? velero.args : [];
    assert.deepEqual(
      flags.filter((flag) => /timeout|concurrent/.test(flag)),
      ["--fs-backup-timeout=6h", "--default-item-operation-timeout=1h30m", "--concurrent-backups=1"],
    );
  });

  it("has its plugins copied to where it looks for them", () => {
    const { initContainers, containers } = server.template.spec;
    const [plugin] = initContainers;
    assert.deepEqual(plugin?.volumeMounts, [{ name: "plugins", mountPath: "/target" }]);
    assert.ok(
      containers[0]?.volumeMounts.some(({ name, mountPath }) => name === "plugins" && mountPath === "/plugins"),
    );
  });

  it("may write to /tmp, without which it does not start", () => {
    const [velero] = server.template.spec.containers;
    assert.ok(velero?.volumeMounts.some(({ mountPath }) => mountPath === "/tmp"));
  });

  it("runs without root and without a capability, as all beside it", () => {
    const { securityContext, containers, initContainers } = server.template.spec;
    assert.equal(securityContext.runAsNonRoot, true);
    for (const container of [...containers, ...initContainers]) {
      assert.deepEqual(container.securityContext.capabilities, { drop: ["ALL"] }, container.name);
      assert.equal(container.securityContext.readOnlyRootFilesystem, true, container.name);
    }
  });
});

describe("the node agent", () => {
  it("runs on every node, whatever its taints, and under the labels by which Velero finds it", () => {
    assert.deepEqual(agent.template.spec.tolerations, [{ operator: "Exists" }]);
    assert.equal(agent.template.metadata.labels.role, "node-agent");
    assert.equal(agent.template.metadata.labels.name, "node-agent");
  });

  it("sees the node's folder of pods, and no other", () => {
    const paths = agent.template.spec.volumes.flatMap((volume) =>
      "hostPath" in volume && volume.hostPath ? [volume.hostPath.path] : [],
    );
    assert.deepEqual(paths, ["/var/lib/kubelet/pods"]);
  });

  it("bounds the pods that copy volumes", () => {
    const { podResources } = JSON.parse(nodeAgentConfiguration(minimal.volumeCopyResources));
    assert.deepEqual(podResources, { cpuRequest: "10m", memoryRequest: "64Mi", cpuLimit: "0", memoryLimit: "256Mi" });
  });
});
