import assert from "node:assert/strict";
import { stringify } from "yaml";
import { ExistingCluster, type ExistingClusterArgs } from "../../../components/cluster/existing-cluster";
import { serverOf } from "../../../components/kubernetes/kubeconfig";
import { isSecret, outputValue, runProgram } from "../../support/pulumi-mocks";

const server = (name: string) => `https://${name}.example.com:6443`;
const kubeconfig = stringify({
  "current-context": "ours",
  contexts: ["ours", "customer"].map((name) => ({ name, context: { cluster: name, user: "operator" } })),
  clusters: ["ours", "customer"].map((name) => ({ name, cluster: { server: server(name) } })),
});

const deploy = (args: Partial<ExistingClusterArgs> = {}) =>
  runProgram(
    () =>
      new ExistingCluster("cluster", {
        ...{ customer: "acme", kubeconfig, context: undefined, requireAnswer: undefined },
        ...args,
      }),
  );

describe("ExistingCluster", () => {
  it("is the cluster of the kubeconfig's context that the settings name", async () => {
    const asked: string[] = [];
    const run = await deploy({ context: "customer", requireAnswer: async (...given) => void asked.push(...given) });
    assert.equal(await outputValue(run.result.server), server("customer"));
    const [address, theirs = ""] = asked;
    assert.equal(address, server("customer"));
    assert.equal(serverOf(theirs), server("customer"));
    assert.equal(run.one("pulumi:providers:kubernetes").inputs.context, "customer");
  });

  it("hands on a kubeconfig, secret, that leads to the same cluster by itself", async () => {
    const run = await deploy({ context: "customer" });
    assert.equal(serverOf(await outputValue(run.result.kubeconfig)), server("customer"));
    assert.equal(await isSecret(run.result.kubeconfig), true);
    const unchanged = await deploy();
    assert.equal(await outputValue(unchanged.result.kubeconfig), kubeconfig);
  });
});
