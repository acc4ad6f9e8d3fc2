import assert from "node:assert/strict";
import type { GitOpsArgs, Repository } from "../../../components/gitops/args";
import { GitOps } from "../../../components/gitops/gitops";
import { kustomization, minimal } from "../../support/gitops/sample-gitops";
import { outputValue, type Registration, type Run, runProgram } from "../../support/pulumi-mocks";

const FLEET: Repository = {
  name: "fleet",
  url: "ssh://git@git.example.com/acme/fleet.git",
  branch: "main",
  interval: "1m",
  timeout: "60s",
  authentication: {
    ...{ kind: "ssh", knownHosts: ["git.example.com ssh-ed25519 AAAA"], deployKeyGeneration: 1 },
    registration: undefined,
  },
};
const TOKEN = "a-token-that-nobody-may-see";
const LIBRARY: Repository = {
  ...FLEET,
  name: "library",
  url: "https://git.example.com/acme/library.git",
  authentication: { kind: "https", username: "git", token: TOKEN, caCertificate: "PEM" },
};
const ARGS: GitOpsArgs = {
  ...minimal,
  repositories: [FLEET, LIBRARY],
  kustomizations: [kustomization("apps", { dependsOn: ["base"] }), kustomization("base")],
};

const GIT_REPOSITORY = "kubernetes:source.toolkit.fluxcd.io/v1:GitRepository";
const KUSTOMIZATION = "kubernetes:kustomize.toolkit.fluxcd.io/v1:Kustomization";

const deploy = (more: Partial<GitOpsArgs> = {}) => runProgram(() => new GitOps("gitops", { ...ARGS, ...more }));

/** Whether one is made after the other, through as many as it takes. */
function comesAfter(run: Run<unknown>, later: Registration, earlier: Registration): boolean {
  const seen = new Set<string>();
  const queue = [...later.dependencies];
  for (let urn = queue.pop(); urn !== undefined; urn = queue.pop()) {
    if (urn === earlier.urn) return true;
    if (seen.has(urn)) continue;
    seen.add(urn);
    queue.push(...(run.registrations.find((one) => one.urn === urn)?.dependencies ?? []));
  }
  return false;
}

function decoded(secret: Registration): Record<string, string> {
  const data = secret.inputs.data as Record<string, string>;
  return Object.fromEntries(
    Object.entries(data).map(([key, text]) => [key, Buffer.from(text, "base64").toString("utf8")]),
  );
}

describe("GitOps", () => {
  it("makes namespace, kinds, permissions, controllers, login, repository, kustomizations, in this order", async () => {
    const run = await deploy();
    const secret = run.one("kubernetes:core/v1:Secret", "git-fleet");
    const order = [
      run.one("kubernetes:core/v1:Namespace"),
      run.one("kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition", "gitrepositories"),
      run.one("kubernetes:networking.k8s.io/v1:NetworkPolicy", "allow-egress"),
      run.one("kubernetes:apps/v1:Deployment", "source-controller"),
      run.one(GIT_REPOSITORY, "repository-fleet"),
      run.one(KUSTOMIZATION, "kustomization-base"),
      run.one(KUSTOMIZATION, "kustomization-apps"),
      run.one("kubernetes:core/v1:ConfigMap", "readiness"),
    ];
    for (const [index, later] of order.entries())
      for (const earlier of order.slice(0, index))
        assert.ok(comesAfter(run, later, earlier), `${later.name} does not come after ${earlier.name}`);
    assert.ok(comesAfter(run, run.one(GIT_REPOSITORY, "repository-fleet"), secret));
  });

  it("has no two resources that the engine takes for one", async () => {
    const urns = (await deploy()).registrations.map(({ urn }) => urn);
    assert.equal(new Set(urns).size, urns.length);
  });

  it("leaves the kinds and the namespace where they are when it goes, and nothing else", async () => {
    const run = await deploy();
    const kept = run.registrations.filter(({ retainOnDelete }) => retainOnDelete).map(({ type }) => type);
    assert.deepEqual(
      [...new Set(kept)],
      ["kubernetes:core/v1:Namespace", "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition"],
    );
  });

  it("never deletes with a Kustomization what it applied", async () => {
    const run = await deploy();
    for (const { inputs } of run.all(KUSTOMIZATION))
      assert.equal((inputs.spec as { deletionPolicy: string }).deletionPolicy, "Orphan");
  });

  it("takes up what an earlier Flux or a killed run left of every object", async () => {
    const run = await deploy();
    for (const { type, name, inputs } of run.registrations) {
      if (!type.startsWith("kubernetes:")) continue;
      const { annotations } = inputs.metadata as { annotations?: Record<string, string> };
      assert.equal(annotations?.["pulumi.com/patchForce"], "true", `${type} ${name}`);
    }
  });

  it("gives each repository a key of its own, and the next one beside it to register beforehand", async () => {
    const run = await deploy();
    const [fleet, library] = (await outputValue(run.result.repositories)) ?? [];
    assert.match(fleet?.deployKey ?? "", /^ssh-ed25519 \S+ onprem-acme-fleet-1$/);
    assert.match(fleet?.nextDeployKey ?? "", /^ssh-ed25519 \S+ onprem-acme-fleet-2$/);
    assert.equal(library?.deployKey, undefined);
  });

  it("uses, after the generation was raised by one, the key that was the next one before", async () => {
    const raised = { ...FLEET, authentication: { ...FLEET.authentication, deployKeyGeneration: 2 } } as Repository;
    const [before] = (await outputValue((await deploy()).result.repositories)) ?? [];
    const run = await deploy({ repositories: [raised, LIBRARY] });
    const [after] = (await outputValue(run.result.repositories)) ?? [];
    assert.equal(after?.deployKey, before?.nextDeployKey);
    const keys = run.all("tls:index/privateKey:PrivateKey").map(({ name }) => name);
    assert.deepEqual(keys, ["deploy-key-fleet-2", "deploy-key-fleet-3"]);
  });

  it("registers keys where that is asked for: before Flux looks; the older ones go after it was seen to use the new", async () => {
    const registration = { kind: "github", apiUrl: "https://api.github.com", token: TOKEN } as const;
    const fleet = { ...FLEET, authentication: { ...FLEET.authentication, registration } } as Repository;
    assert.equal((await deploy()).all("kubernetes:batch/v1:Job").length, 0);
    const run = await deploy({ repositories: [fleet, LIBRARY] });
    const [register, retire] = ["register", "retire"].map((task) =>
      run.one("kubernetes:batch/v1:Job", `fleet-${task}`),
    );
    const [repository, readiness] = [
      run.one(GIT_REPOSITORY, "repository-fleet"),
      run.one("kubernetes:core/v1:ConfigMap", "readiness"),
    ];
    assert.ok(register && retire && comesAfter(run, repository, register) && comesAfter(run, retire, readiness));
    const { data } = run.one("kubernetes:core/v1:ConfigMap", "fleet-program").inputs as {
      data: Record<string, string>;
    };
    const [summary] = (await outputValue(run.result.repositories)) ?? [];
    assert.deepEqual(JSON.parse(data["register.json"] ?? "").lines, [summary?.deployKey, summary?.nextDeployKey]);
  });

  it("asks Flux to look at once when the login is another, without telling anything of it", async () => {
    const requestOf = (run: Run<unknown>, name: string) => {
      const { metadata } = run.one(GIT_REPOSITORY, `repository-${name}`).inputs;
      return (metadata as { annotations: Record<string, string> }).annotations["reconcile.fluxcd.io/requestedAt"];
    };
    const first = await deploy();
    const login = { ...LIBRARY.authentication, token: "another" } as Repository["authentication"];
    const second = await deploy({ repositories: [FLEET, { ...LIBRARY, authentication: login }] });
    assert.equal(requestOf(first, "fleet"), requestOf(second, "fleet"));
    assert.notEqual(requestOf(first, "library"), requestOf(second, "library"));
    assert.doesNotMatch(requestOf(first, "library") ?? "", new RegExp(TOKEN));
  });

  it("keeps logins in Secrets, secret in the state too, in the form that Flux reads", async () => {
    const run = await deploy();
    const secrets = run.all("kubernetes:core/v1:Secret");
    for (const { name, secretInputs } of secrets) assert.deepEqual(secretInputs, ["data"], name);
    const [fleet, library] = ["git-fleet", "git-library"].map((name) =>
      decoded(run.one("kubernetes:core/v1:Secret", name)),
    );
    assert.match(fleet?.identity ?? "", /^OPENSSH /);
    assert.equal(fleet?.known_hosts, "git.example.com ssh-ed25519 AAAA\n");
    assert.deepEqual(library, { username: "git", password: TOKEN, "ca.crt": "PEM" });
  });

  it("stops everything where it is suspended", async () => {
    const run = await deploy({ suspend: true });
    for (const { inputs } of [...run.all(GIT_REPOSITORY), ...run.all(KUSTOMIZATION)])
      assert.equal((inputs.spec as { suspend: boolean }).suspend, true);
  });

  it("waits before it says that it is ready, and waits again when anything is asked for otherwise", async () => {
    const seen = (run: Run<unknown>) => (run.one("kubernetes:core/v1:ConfigMap").inputs.data as object) ?? {};
    const [first, again] = [await deploy(), await deploy()];
    assert.deepEqual(first.one("kubernetes:core/v1:ConfigMap").hooks.sort(), [
      "gitops-acme-before-create",
      "gitops-acme-before-update",
    ]);
    assert.deepEqual(seen(first), seen(again));
    const other = await deploy({ kustomizations: [kustomization("base", { path: "./other" })] });
    assert.notDeepEqual(seen(first), seen(other));
  });

  it("sees to stored versions before a kind is made or changed", async () => {
    const run = await deploy();
    for (const { hooks, name } of run.all("kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition")) {
      const expected = ["before-create", "before-update"].map((hook) => `flux-definitions-acme-${hook}`);
      assert.deepEqual([...hooks].sort(), expected, name);
    }
  });

  it("gives the controllers the registry's credentials where there are some", async () => {
    const run = await deploy({ imagePullCredentials: "{}" });
    assert.equal(decoded(run.one("kubernetes:core/v1:Secret", "image-pull"))[".dockerconfigjson"], "{}");
    const { spec } = run.one("kubernetes:apps/v1:Deployment", "source-controller").inputs as {
      spec: { template: { spec: { imagePullSecrets: unknown } } };
    };
    assert.deepEqual(spec.template.spec.imagePullSecrets, [{ name: "image-pull" }]);
  });
});
