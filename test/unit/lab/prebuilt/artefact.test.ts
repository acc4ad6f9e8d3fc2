import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../../../../lab/layout";
import { type Artefact, readArtefacts } from "../../../../lab/prebuilt/artefact";
import { coreArtefacts } from "../../../../lab/prebuilt/core-artefacts";

const addresses = ({ url, checksum }: Artefact) => [url, "sha256" in checksum ? checksum.readIn : checksum.publishedAt];

describe("the table of prebuilt programs", () => {
  const artefacts = coreArtefacts();
  const versionOf = (name: string) => artefacts.find((artefact) => artefact.name === name)?.version;

  it("has every program that the lab starts and that its publisher offers", () => {
    assert.deepEqual(artefacts.flatMap(({ files }) => Object.keys(files)).sort(), [
      "coredns",
      "helm",
      "kube-apiserver",
      "kube-controller-manager",
      "kube-proxy",
      "kube-router",
      "kube-scheduler",
      "kubectl",
      "kubelet",
      "pulumi",
      "pulumi-language-nodejs",
      "pulumi-resource-kubernetes",
    ]);
  });

  it("names the releases that would be compiled", () => {
    const core = readFileSync(join(projectRoot, "lab/toolchain/core/go.mod"), "utf8");
    const engine = readFileSync(join(projectRoot, "lab/toolchain/engine/go.mod"), "utf8");
    assert.ok(core.includes(`\tk8s.io/kubernetes ${versionOf("kubelet")}\n`));
    assert.ok(core.includes(`\thelm.sh/helm/v3 ${versionOf("helm")}\n`));
    assert.ok(core.includes(`\tgithub.com/coredns/coredns ${versionOf("coredns")}\n`));
    assert.ok(engine.includes(`require github.com/pulumi/pulumi/pkg/v3 ${versionOf("pulumi")}\n`));
  });

  it("has addresses with TLS only, each of the release that it names", () => {
    for (const artefact of artefacts) {
      for (const address of addresses(artefact)) assert.equal(new URL(address).protocol, "https:", address);
      assert.ok(artefact.url.includes(artefact.version.slice(1)), artefact.url);
    }
  });

  it("is the one in docs/lab.md, which says whose checksum each program is checked against", () => {
    const page = readFileSync(join(projectRoot, "docs/lab.md"), "utf8");
    for (const { name, url, checksum } of artefacts) {
      const row = page.split("\n").find((line) => line.startsWith(`| \`${name}\``)) ?? "";
      assert.ok(row.includes(new URL(url).host), `${name}: ${row}`);
      const pinned = row.includes("pinned");
      assert.equal(pinned, "sha256" in checksum, `${name} is pinned: ${pinned} in docs/lab.md`);
    }
  });
});

describe("another table of prebuilt programs", () => {
  const folder = mkdtempSync(join(tmpdir(), "table-"));
  after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "table.json");
  const read = (content: string) => {
    writeFileSync(file, content);
    return readArtefacts(file);
  };
  const [row] = coreArtefacts();

  it("is read from a file", () => {
    assert.deepEqual(read(JSON.stringify(coreArtefacts())), coreArtefacts());
  });

  const refused: ReadonlyArray<readonly [string, unknown, RegExp]> = [
    ["no list", row, /is wrong at its top: /],
    ["an empty list", [], /is wrong at its top: /],
    ["another way of packing", [{ ...row, archive: "zip" }], /is wrong at 0\.archive: /],
    ["a checksum that is none", [{ ...row, checksum: { sha256: "0f", readIn: "" } }], /is wrong at 0\.checksum/],
    ["a path out of the folder", [{ ...row, files: { kubelet: "../kubelet" } }], /is wrong at 0\.files\.kubelet: /],
    ["a program's name that is a path", [{ ...row, files: { "bin/kubelet": "kubelet" } }], /is wrong at 0\.files/],
    ["a file of this machine", [{ ...row, url: "file:///bin/sh" }], /is wrong at 0\.url: /],
  ];
  for (const [name, content, words] of refused)
    it(`is refused with ${name}, by place and with the way out`, () => {
      assert.throws(() => read(JSON.stringify(content)), { code: "invalid-setting", message: words });
      assert.throws(() => read(JSON.stringify(content)), /^LabError: ONPREM_PREBUILT_TABLE: .*unset the variable/);
    });

  it("is refused where there is none, and where it is no JSON", () => {
    assert.throws(() => read("{"), /table\.json cannot be read: /);
    assert.throws(() => readArtefacts(join(folder, "none.json")), /none\.json cannot be read: ENOENT/);
  });
});
