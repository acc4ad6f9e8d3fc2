import assert from "node:assert/strict";
import { delimiter, join } from "node:path";
import { parse } from "yaml";
import {
  gkeKubeconfig,
  KubeconfigError,
  readKubeconfig,
  requireGkePlugin,
  serverOf,
  withCurrentContext,
} from "../../../components/kubernetes/kubeconfig";

const endpoint = { name: "gke-acme", endpoint: "192.0.2.10", caCertificate: "Q0E=" };

const twoContexts = `
apiVersion: v1
kind: Config
current-context: one
contexts:
  - { name: one, context: { cluster: first, user: u } }
  - { name: two, context: { cluster: second, user: u } }
  - { name: astray, context: { cluster: nowhere, user: u } }
clusters:
  - { name: first, cluster: { server: "https://first.example.com:6443" } }
  - { name: second, cluster: { server: "https://second.example.com:6443" } }
`;

function refusal(run: () => unknown): KubeconfigError {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof KubeconfigError, String(error));
    assert.equal(error.code, "KUBECONFIG_UNUSABLE");
    return error;
  }
  throw new assert.AssertionError({ message: "was not refused" });
}

describe("the kubeconfig of a GKE cluster", () => {
  it("leads to the cluster's address, trusts its CA and nothing else", () => {
    const { clusters, contexts, ...kubeconfig } = parse(gkeKubeconfig(endpoint));
    assert.deepEqual(clusters, [
      { name: "gke-acme", cluster: { server: "https://192.0.2.10", "certificate-authority-data": "Q0E=" } },
    ]);
    assert.deepEqual(contexts, [{ name: "gke-acme", context: { cluster: "gke-acme", user: "gke-acme" } }]);
    assert.equal(kubeconfig["current-context"], "gke-acme");
    assert.equal(serverOf(gkeKubeconfig(endpoint)), "https://192.0.2.10");
  });

  it("holds no credentials but asks Google's plugin for those of whoever uses it, without a dialogue", () => {
    const [user] = parse(gkeKubeconfig(endpoint)).users;
    assert.deepEqual(Object.keys(user.user), ["exec"]);
    assert.equal(user.user.exec.command, "gke-gcloud-auth-plugin");
    assert.equal(user.user.exec.apiVersion, "client.authentication.k8s.io/v1beta1");
    assert.equal(user.user.exec.interactiveMode, "Never");
    assert.equal(user.user.exec.provideClusterInfo, true);
  });

  it("is the same text every time", () => {
    assert.equal(gkeKubeconfig(endpoint), gkeKubeconfig({ ...endpoint }));
  });
});

describe("a kubeconfig that is handed on", () => {
  it("leads to the cluster of the settings' context, whatever was its own current one", () => {
    const handedOn = withCurrentContext(twoContexts, "two");
    assert.equal(serverOf(handedOn), "https://second.example.com:6443");
    assert.deepEqual({ ...parse(handedOn), "current-context": "one" }, parse(twoContexts));
  });

  it("is the same text where there is nothing to change, or nothing that can be read", () => {
    assert.equal(withCurrentContext(twoContexts), twoContexts);
    assert.equal(withCurrentContext(twoContexts, "one"), twoContexts);
    assert.equal(withCurrentContext("{ not: [yaml", "two"), "{ not: [yaml");
  });
});

describe("Google's plugin", () => {
  const path = ["/usr/bin", "/opt/google/bin"].join(delimiter);

  it("is found wherever on the PATH it is, under Windows too", () => {
    for (const file of ["gke-gcloud-auth-plugin", "gke-gcloud-auth-plugin.exe"]) {
      const asked: string[] = [];
      requireGkePlugin(path, (candidate) => {
        asked.push(candidate);
        return candidate === join("/opt/google/bin", file);
      });
      assert.ok(asked.includes(join("/opt/google/bin", file)));
    }
  });

  it("is missed in one sentence that says how to get it", () => {
    for (const searchPath of [path, ""]) {
      const { message } = refusal(() => requireGkePlugin(searchPath, () => false));
      assert.match(message, /gke-gcloud-auth-plugin is not on the PATH/);
      assert.match(message, /nothing was created/);
      assert.match(message, /gcloud components install gke-gcloud-auth-plugin/);
    }
  });
});

describe("the API server's address", () => {
  it("is that of the current context, or of the one that is asked for", () => {
    assert.equal(serverOf(twoContexts), "https://first.example.com:6443");
    assert.equal(serverOf(twoContexts, "two"), "https://second.example.com:6443");
  });

  it("is refused for a context that is not there, with those that are", () => {
    assert.match(refusal(() => serverOf(twoContexts, "three")).message, /no context three; it has: one, two, astray/);
  });

  it("is refused for a context that leads nowhere", () => {
    assert.match(refusal(() => serverOf(twoContexts, "astray")).message, /astray leads to no cluster/);
  });

  it("is refused for a text that is no kubeconfig, without showing the text", () => {
    for (const text of ["", "- a", "{", "s3cr3t"]) {
      const { message } = refusal(() => serverOf(text));
      assert.match(message, /is not one/);
      assert.doesNotMatch(message, /s3cr3t/);
    }
  });
});

describe("a kubeconfig file", () => {
  it("that is not there is refused with its place and the way out", () => {
    const { message } = refusal(() => readKubeconfig("/nowhere", "a/kubeconfig"));
    assert.match(message, /\/nowhere\/a\/kubeconfig \(onprem:cluster\.kubeconfig\) is not there/);
    assert.match(message, /npm run lab up/);
  });
});
