import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { parse, stringify } from "yaml";
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
  const root = mkdtempSync(join(tmpdir(), "kubeconfig-"));
  after(() => rmSync(root, { recursive: true }));

  /** Writes a kubeconfig into a folder of the project, with these users. */
  function write(cluster: object, user: object, more: object = {}): string {
    const path = join("customers", "acme.kubeconfig");
    mkdirSync(join(root, "customers", "pki"), { recursive: true });
    const kubeconfig = {
      "current-context": "one",
      contexts: [
        { name: "one", context: { cluster: "c", user: "u" } },
        { name: "two", context: { cluster: "c", user: "v" } },
      ],
      clusters: [{ name: "c", cluster: { server: "https://api.customer.test", ...cluster } }],
      users: [
        { name: "u", user },
        { name: "v", user: more },
      ],
    };
    writeFileSync(join(root, path), stringify(kubeconfig));
    return path;
  }

  it("that is not there is refused with its place and the way out", () => {
    const { message } = refusal(() => readKubeconfig("/nowhere", "a/kubeconfig"));
    assert.match(message, /\/nowhere\/a\/kubeconfig \(onprem:cluster\.kubeconfig\) is not there/);
    assert.match(message, /npm run lab up/);
  });

  it("brings along the certificates and keys that lie beside it, so that it leads there from any folder", () => {
    const pki = { "client-certificate": "pki/cert.pem", "client-key": "./pki/key.pem" };
    const path = write({ "certificate-authority": "../ca.pem" }, pki);
    writeFileSync(join(root, "ca.pem"), "CA");
    writeFileSync(join(root, "customers/pki/cert.pem"), "CERTIFICATE");
    writeFileSync(join(root, "customers/pki/key.pem"), "KEY");
    const base64 = (text: string) => Buffer.from(text).toString("base64");
    const { clusters, users } = parse(readKubeconfig(root, path));
    assert.deepEqual(clusters[0].cluster, {
      server: "https://api.customer.test",
      "certificate-authority-data": base64("CA"),
    });
    assert.deepEqual(users[0].user, {
      "client-certificate-data": base64("CERTIFICATE"),
      "client-key-data": base64("KEY"),
    });
  });

  it("leads to the token's file and the plugin that lie beside it, but to a plugin of PATH by its name", () => {
    const exec = { apiVersion: "client.authentication.k8s.io/v1", command: "bin/login" };
    const path = write({}, { tokenFile: "token" }, { exec });
    const { users } = parse(readKubeconfig(root, path));
    assert.deepEqual(users[0].user, { tokenFile: join(root, "customers/token") });
    assert.equal(users[1].user.exec.command, join(root, "customers/bin/login"));
    const byName = write({}, { exec: { ...exec, command: "gke-gcloud-auth-plugin" } });
    assert.equal(parse(readKubeconfig(root, byName)).users[0].user.exec.command, "gke-gcloud-auth-plugin");
  });

  it("brings along the files of the context that is used; the others stay where they are", () => {
    writeFileSync(join(root, "customers/pki/key.pem"), "KEY");
    const path = write({}, { "client-key": "pki/gone.pem" }, { "client-key": "pki/key.pem" });
    const { users } = parse(readKubeconfig(root, path, "two"));
    assert.equal(users[0].user["client-key"], join(root, "customers/pki/gone.pem"));
    assert.equal(users[1].user["client-key-data"], Buffer.from("KEY").toString("base64"));
    const { message } = refusal(() => readKubeconfig(root, path));
    assert.match(
      message,
      /The kubeconfig's client-key is not there: .*\/customers\/pki\/gone\.pem \(onprem:cluster\.kubeconfig, /,
    );
  });

  it("is the same text where it names no relative path", () => {
    const text = "# ours\nclusters: [ { name: c, cluster: { certificate-authority: /etc/ca.pem } } ]\n";
    writeFileSync(join(root, "plain"), text);
    assert.equal(readKubeconfig(root, "plain"), text);
    writeFileSync(join(root, "broken"), "{ not: [yaml");
    assert.equal(readKubeconfig(root, "broken"), "{ not: [yaml");
  });
});
