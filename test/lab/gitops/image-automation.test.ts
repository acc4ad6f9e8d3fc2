import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { parse } from "yaml";
import type { ImageUpdate, WatchedImage } from "../../../components/gitops/image-args";
import {
  IMAGE_API,
  imagePolicySpec,
  imageRepositorySpec,
  imageUpdateSpec,
} from "../../../components/gitops/image-objects";
import { controllers } from "../../../components/gitops/manifest";
import { parseSettings } from "../../../components/settings/index";
import { mirrorFolders } from "../../../lab/mirror";
import { IMAGE_DEFINITIONS } from "../../../lab/mirror/flux-images";
import { kubectl } from "../../../lab/node/start";
import { labEnvironment } from "../../../lab/stack";

/** Every form that the settings allow. */
const IMAGES = [
  { policy: { kind: "semver", range: ">=9.1.0 <10.0.0" } },
  { policy: { kind: "numerical" }, filterTags: { pattern: "^main-(?P<build>[0-9]+)$", extract: "$build" } },
  { policy: { kind: "alphabetical", order: "desc" }, filterTags: { pattern: "^2.*" } },
].map((more, index) => ({ name: `image-${index}`, image: "registry.example.com:5000/acme/parse", ...more }));
const UPDATES = [{}, { pushBranch: "image-updates", path: "./acme", commitMessage: "Update images" }].map(
  (more, index) => ({ name: `update-${index}`, repository: "fleet", author: { email: "flux@example.com" }, ...more }),
);

/** What the program makes of settings, as objects of a namespace. */
function objectsOf(images: readonly WatchedImage[], updates: readonly ImageUpdate[]) {
  const object = (kind: string, name: string, spec: object) => ({
    ...{ apiVersion: IMAGE_API, kind, metadata: { name, namespace: "default" }, spec },
  });
  return [
    ...images.map((image) => object("ImageRepository", image.name, imageRepositorySpec(image, false, "credentials"))),
    ...images.map((image) => object("ImagePolicy", image.name, imagePolicySpec(image, false))),
    ...updates.map((update) => object("ImageUpdateAutomation", update.name, imageUpdateSpec(update, "main", false))),
  ];
}

describe("the objects of image automation", () => {
  const folder = join(mirrorFolders.manifests, IMAGE_DEFINITIONS);
  const names = readdirSync(folder).map(
    (file) => parse(readFileSync(join(folder, file), "utf8")).metadata.name as string,
  );
  const apply = (objects: object[]) =>
    execa("kubectl", ["apply", "--server-side", "--dry-run=server", "--validate=strict", "--output=name", "-f", "-"], {
      ...{
        input: JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }),
        env: labEnvironment(),
        reject: false,
      },
    });

  before(async () => {
    await kubectl("apply", "--server-side", "--force-conflicts", "-f", folder);
    await kubectl("wait", "--for=condition=Established", "--timeout=60s", ...names.map((name) => `crd/${name}`));
  });
  // The definitions stay: a backup that runs beside would not find the kinds that it just listed.

  it("are of the kinds that the program installs with their controllers", () => {
    const installed = [...controllers["image-reflector-controller"], ...controllers["image-automation-controller"]];
    assert.deepEqual(names.sort(), installed.map((short) => `${short}.toolkit.fluxcd.io`).sort());
  });

  it("are taken by the API server under Flux's own definitions, in every form that the settings allow", async () => {
    const { gitops } = parseSettings({
      ...{ customer: "acme", parse: {}, cluster: { kind: "existing", kubeconfig: "kubeconfig" } },
      gitops: {
        repositories: [
          {
            ...{ name: "fleet", url: "ssh://git@git.example.com/acme/fleet.git" },
            authentication: { kind: "ssh", knownHosts: ["git.example.com ssh-ed25519 AAAA"] },
          },
        ],
        kustomizations: [{ name: "apps", repository: "fleet" }],
        imageAutomation: { images: IMAGES, updates: UPDATES },
      },
    });
    assert.ok(gitops?.imageAutomation);
    const objects = objectsOf(gitops.imageAutomation.images, gitops.imageAutomation.updates);
    const { stdout, stderr } = await apply(objects);
    assert.equal(stdout.split("\n").length, objects.length, stderr);
  });

  it("would be refused with a field that Flux does not have", async () => {
    const [repository] = objectsOf(IMAGES as never, []);
    const { stderr } = await apply([{ ...repository, spec: { ...repository?.spec, interval: "5m", tag: "latest" } }]);
    assert.match(stderr, /unknown field "(spec\.)?tag"/);
  });
});
