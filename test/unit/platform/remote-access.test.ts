import assert from "node:assert/strict";
import { remoteAccess } from "../../../components/platform/remote-access";

const target = { customer: "acme", namespace: "parse", service: "parse-server" };

describe("looking into a customer's cluster", () => {
  it("starts with a kubeconfig that only its owner can read", () => {
    assert.equal(
      remoteAccess(target).kubeconfig,
      "(umask 077; pulumi stack output kubeconfig --show-secrets > acme.kubeconfig)",
    );
  });

  it("gives a shell, logs and a port, each by that kubeconfig and in the application's namespace", () => {
    const { shell, logs, portForward } = remoteAccess(target);
    for (const command of [shell, logs, portForward])
      assert.ok(command.startsWith("kubectl --kubeconfig acme.kubeconfig --namespace parse "), command);
    assert.match(shell, /exec --stdin --tty deployment\/parse-server -- sh$/);
    assert.match(portForward, /port-forward service\/parse-server 1337$/);
  });

  it("leads to Rancher and Grafana where there is a Rancher", () => {
    const ways = remoteAccess({ ...target, rancherUrl: "https://rancher.acme.example.com", clusterId: "c-abc" });
    assert.equal(ways.rancher, "https://rancher.acme.example.com/dashboard/c/c-abc/explorer");
    assert.match(
      ways.grafana ?? "",
      /^https:\/\/rancher\.acme\.example\.com\/k8s\/clusters\/c-abc\/.*grafana:80\/proxy\/$/,
    );
    assert.deepEqual(Object.keys(remoteAccess(target)), ["kubeconfig", "shell", "logs", "portForward"]);
  });
});
