import assert from "node:assert/strict";
import type { KeyRegistration } from "../../../components/gitops/args";
import { DeployKeyRegistration } from "../../../components/gitops/deploy-key-registration";
import type { Registration } from "../../../components/gitops/in-cluster/register-deploy-keys";
import { type Run, runProgram } from "../../support/pulumi-mocks";

const TOKEN = "a-token-that-nobody-may-see";
const LINES = ["ssh-ed25519 KEY1 onprem-acme-fleet-1", "ssh-ed25519 KEY2 onprem-acme-fleet-2"];
const JOB = "kubernetes:batch/v1:Job";
const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";

function deploy(more: Partial<KeyRegistration> = {}, lines = LINES, url = "ssh://git@github.com/acme/fleet.git") {
  return runProgram(() => {
    const registration = new DeployKeyRegistration("registration-fleet", {
      repository: { name: "fleet", url },
      registration: {
        ...{ kind: "github", apiUrl: "https://api.github.com", token: TOKEN, caCertificate: undefined },
        ...more,
      },
      ...{ lines, write: false, image: "node:1", namespace: "flux-system", labels: {}, imagePullSecrets: ["pull"] },
    });
    registration.retireAfter(registration.registered);
    return registration;
  });
}

const told = (run: Run<unknown>, task: string) =>
  JSON.parse((run.one(CONFIG_MAP).inputs.data as Record<string, string>)[`${task}.json`] ?? "") as Registration;

const fingerprint = (run: Run<unknown>, task: string) => {
  const { spec } = run.one(JOB, `fleet-${task}`).inputs as {
    spec: { template: { metadata: { annotations: Record<string, string> } } };
  };
  return spec.template.metadata.annotations["onprem.platform/deploy-keys"];
};

describe("the registration of a repository's deploy keys", () => {
  it("tells its Jobs which keys, where, and whose; the second one comes after the keys were seen in use", async () => {
    const run = await deploy();
    const registration = {
      ...{ kind: "github", apiUrl: "https://api.github.com", repository: "acme/fleet", name: "fleet" },
      ...{ lines: LINES, write: false, stack: "onprem-platform/test" },
    };
    assert.deepEqual(told(run, "register"), { ...registration, task: "register" });
    assert.deepEqual(told(run, "retire"), { ...registration, task: "retire" });
    assert.ok(run.one(JOB, "fleet-retire").dependencies.includes(run.one(JOB, "fleet-register").urn));
  });

  it("goes to the customer's own server where there is one, with its CA, and to a group below a group", async () => {
    const registration = { kind: "gitlab", apiUrl: "https://git.acme.example/api/v4/", caCertificate: "PEM" } as const;
    const run = await deploy(registration, LINES, "ssh://git@git.acme.example:2222/a/b/fleet.git");
    const { apiUrl, repository } = told(run, "register");
    assert.deepEqual([apiUrl, repository], ["https://git.acme.example/api/v4", "a/b/fleet"]);
    assert.equal((run.one(CONFIG_MAP).inputs.data as Record<string, string>)["ca.pem"], "PEM");
  });

  it("gives its programs to the Job as files, each of which needs Node.js and the others only", async () => {
    const data = (await deploy()).one(CONFIG_MAP).inputs.data as Record<string, string>;
    for (const [file, text] of Object.entries(data).filter(([name]) => name.endsWith(".js")))
      for (const [, needed = ""] of text.matchAll(/require\("([^"]+)"\)/g))
        assert.ok(needed.startsWith("node:") || data[`${needed.slice(2)}.js`], `${file} needs ${needed}`);
  });

  it("has the token in a Secret alone, as a file, secret in the state too", async () => {
    const run = await deploy();
    const secret = run.one("kubernetes:core/v1:Secret");
    assert.deepEqual(secret.secretInputs, ["data"]);
    const encoded = Buffer.from(TOKEN).toString("base64");
    assert.deepEqual(secret.inputs.data, { token: encoded });
    for (const { inputs, type } of run.registrations)
      if (type !== "kubernetes:core/v1:Secret")
        assert.doesNotMatch(JSON.stringify(inputs), new RegExp(`${TOKEN}|${encoded}`));
  });

  it("runs again with other keys or another token, and not otherwise", async () => {
    const [first, again] = [await deploy(), await deploy()];
    const changed = [
      await deploy({ token: "another" }),
      await deploy({}, LINES.slice(1)),
      await deploy({ caCertificate: "PEM" }),
    ];
    for (const task of ["register", "retire"]) {
      assert.equal(fingerprint(first, task), fingerprint(again, task));
      for (const other of changed) assert.notEqual(fingerprint(first, task), fingerprint(other, task));
    }
  });
});
