import assert from "node:assert/strict";
import type { GitOpsArgs, Repository } from "../../../components/gitops/args";
import { GitOps } from "../../../components/gitops/gitops";
import type { WatchedImage } from "../../../components/gitops/image-args";
import { imagePolicySpec } from "../../../components/gitops/image-objects";
import { minimal } from "../../support/gitops/sample-gitops";
import { outputValue, type Registration, type Run, runProgram } from "../../support/pulumi-mocks";

const CREDENTIALS = '{"auths":{"registry.example.com":{"auth":"nobody-may-see"}}}';
const repository = (name: string): Repository => ({
  ...{ name, url: `ssh://git@github.com/acme/${name}.git`, branch: "live", interval: "1m", timeout: "60s" },
  authentication: {
    ...{ kind: "ssh", knownHosts: ["github.com ssh-ed25519 AAAA"], deployKeyGeneration: 1 },
    registration: { kind: "github", apiUrl: "https://api.github.com", token: "token", caCertificate: undefined },
  },
});
const image: WatchedImage = {
  ...{ name: "parse", image: "registry.example.com/acme/parse", interval: "5m" },
  policy: { kind: "semver", range: "9.x" },
  ...{ filterTags: undefined, credentials: undefined },
};
const imageAutomation = {
  images: [image, { ...image, name: "own", credentials: CREDENTIALS }],
  updates: [
    {
      ...{ name: "fleet", repository: "fleet", path: "./acme", interval: "30m", commitMessage: "Update images" },
      pushBranch: undefined,
      author: { name: "Flux", email: "flux@example.com" },
    },
  ],
};
const ARGS: GitOpsArgs = {
  ...minimal,
  repositories: [repository("fleet"), repository("library")],
};

const deploy = (more: Partial<GitOpsArgs> = {}) =>
  runProgram(() => new GitOps("gitops", { ...ARGS, imageAutomation, ...more }));
const one = (run: Run<unknown>, kind: string, name: string) =>
  run.one(`kubernetes:image.toolkit.fluxcd.io/v1:${kind}`, `${kind}-${name}`);
const specOf = ({ inputs }: Registration) => inputs.spec as Record<string, unknown>;
const deployments = (run: Run<unknown>) =>
  run
    .all("kubernetes:apps/v1:Deployment")
    .map(({ name }) => name)
    .sort();

describe("image automation", () => {
  it("brings its controllers and their kinds along, which are not there without it", async () => {
    const without = await deploy({ imageAutomation: undefined });
    assert.deepEqual(deployments(without), ["kustomize-controller", "source-controller"]);
    const run = await deploy();
    assert.deepEqual(deployments(run).slice(0, 2), ["image-automation-controller", "image-reflector-controller"]);
    const kinds = run.all("kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition").map(({ name }) => name);
    for (const kind of ["imagepolicies", "imagerepositories", "imageupdateautomations"])
      assert.ok(kinds.includes(kind), kind);
  });

  it("looks at each image and chooses among its tags, and commits what was chosen to the branch that is followed", async () => {
    const run = await deploy();
    assert.deepEqual(specOf(one(run, "ImageRepository", "parse")), {
      ...{ image: "registry.example.com/acme/parse", interval: "5m", suspend: false },
    });
    assert.deepEqual(specOf(one(run, "ImagePolicy", "parse")), {
      ...{ imageRepositoryRef: { name: "parse" }, policy: { semver: { range: "9.x" } }, suspend: false },
    });
    assert.deepEqual(specOf(one(run, "ImageUpdateAutomation", "fleet")), {
      ...{ sourceRef: { kind: "GitRepository", name: "fleet" }, interval: "30m", suspend: false },
      git: {
        checkout: { ref: { branch: "live" } },
        commit: { author: { name: "Flux", email: "flux@example.com" }, messageTemplate: "Update images" },
        push: { branch: "live" },
      },
      update: { strategy: "Setters", path: "./acme" },
    });
  });

  it("pushes to a branch for somebody to merge where that is asked for", async () => {
    const updates = imageAutomation.updates.map((update) => ({ ...update, pushBranch: "image-updates" }));
    const { git } = specOf(
      one(await deploy({ imageAutomation: { ...imageAutomation, updates } }), "ImageUpdateAutomation", "fleet"),
    );
    assert.deepEqual((git as { push: unknown }).push, { branch: "image-updates" });
  });

  it("tells the newest tag by number, by text and by what a pattern takes out of it, too", () => {
    const filterTags = { pattern: "^b-(?P<n>[0-9]+)$", extract: "$n" };
    const specs = (["numerical", "alphabetical"] as const).map((kind) =>
      imagePolicySpec({ ...image, policy: { kind, order: "desc" }, filterTags }, true),
    );
    assert.deepEqual(
      specs.map(({ policy }) => policy),
      [{ numerical: { order: "desc" } }, { alphabetical: { order: "desc" } }],
    );
    assert.deepEqual(specs[0]?.filterTags, filterTags);
  });

  it("comes after the controllers and the repositories, and takes no longer than these to go", async () => {
    const run = await deploy();
    const needed = [run.one("kubernetes:apps/v1:Deployment", "image-automation-controller")];
    needed.push(run.one("kubernetes:source.toolkit.fluxcd.io/v1:GitRepository", "repository-fleet"));
    for (const { urn } of needed)
      for (const object of [one(run, "ImageRepository", "parse"), one(run, "ImageUpdateAutomation", "fleet")])
        assert.ok(object.dependencies.includes(urn), `${object.name} does not come after ${urn}`);
  });

  it("makes the deploy key of a repository that it writes to one that may push, and no other", async () => {
    const run = await deploy();
    const summaries = (await outputValue(run.result.repositories)) ?? [];
    const registered = ["fleet", "library"].map((name) => {
      const { data } = run.one("kubernetes:core/v1:ConfigMap", `${name}-program`).inputs;
      return JSON.parse((data as Record<string, string>)["register.json"] ?? "").write;
    });
    assert.deepEqual(
      [summaries.map(({ write }) => write), registered],
      [
        [true, false],
        [true, false],
      ],
    );
    const without = (await outputValue((await deploy({ imageAutomation: undefined })).result.repositories)) ?? [];
    assert.deepEqual(
      without.map(({ write }) => write),
      [false, false],
    );
  });

  it("keeps the credentials of a registry in a Secret of its own, secret in the state too", async () => {
    const run = await deploy();
    const secret = run.one("kubernetes:core/v1:Secret", "image-own");
    assert.deepEqual(secret.secretInputs, ["data"]);
    assert.deepEqual(specOf(one(run, "ImageRepository", "own")).secretRef, { name: "image-own" });
    assert.doesNotMatch(JSON.stringify(one(run, "ImageRepository", "own").inputs), /nobody-may-see/);
  });

  it("stops with everything else", async () => {
    const run = await deploy({ suspend: true });
    for (const [kind, name] of [
      ["ImageRepository", "parse"],
      ["ImagePolicy", "parse"],
      ["ImageUpdateAutomation", "fleet"],
    ] as const)
      assert.equal(specOf(one(run, kind, name)).suspend, true);
  });
});
