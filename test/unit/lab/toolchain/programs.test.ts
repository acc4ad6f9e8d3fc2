import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { defaultKubernetesLine } from "../../../../components/releases/releases";
import {
  type GoModule,
  goModuleFolder,
  goModules,
  kubernetesVersion,
  pinnedVersion,
  programSetsOf,
} from "../../../../lab/go-modules";
import { projectRoot } from "../../../../lab/layout";
import { partNames } from "../../../../lab/parts";
import { cuts } from "../../../../lab/toolchain/cuts";
import { programs } from "../../../../lab/toolchain/programs";

const goMod = (name: GoModule) => readFileSync(join(goModuleFolder(name), "go.mod"), "utf8");

describe("programs from Go modules", () => {
  it("are those of some part of the lab, each of one", () => {
    const ofParts = partNames.flatMap((part) => programSetsOf[part]);
    assert.deepEqual([...ofParts].sort(), Object.keys(programs).sort());
  });

  it("are Kubernetes of the minor that Pulumi.prod.yaml asks Google for", () => {
    const { config } = parse(readFileSync(join(projectRoot, "Pulumi.prod.yaml"), "utf8"));
    const asked: string = config["onprem:cluster"].kubernetesVersion;
    assert.ok(kubernetesVersion().startsWith(`v${asked}.`), `${kubernetesVersion()} and ${asked}`);
  });

  it("are Kubernetes of the minor that a new cluster starts with, and that the README names", () => {
    const minor = kubernetesVersion().slice(1).split(".").slice(0, 2).join(".");
    assert.equal(minor, defaultKubernetesLine);
    for (const page of ["README.md", join("docs", "lab.md")]) {
      const named = [...readFileSync(join(projectRoot, page), "utf8").matchAll(/Kubernetes (1\.\d+)/g)].map(
        ([, line]) => line,
      );
      assert.deepEqual([...new Set(named)], [minor], page);
    }
  });

  it("say the version that their go.mod pins", () => {
    assert.equal(pinnedVersion("core", "k8s.io/kubernetes"), kubernetesVersion());
    assert.equal(programs.core.stamps?.["k8s.io/component-base/version.gitVersion"], kubernetesVersion());
    assert.throws(() => pinnedVersion("core", "example.com/none"), /core\/go\.mod does not require example\.com\/none/);
  });

  it("are compiled with the libraries of that Kubernetes, whichever module they are in", () => {
    const libraries = kubernetesVersion().replace(/^v1/, "v0");
    for (const name of goModules) {
      if (name === "engine") continue; // It has none of them.
      for (const library of ["api", "apimachinery", "client-go"]) {
        const line = `replace k8s.io/${library} => k8s.io/${library} ${libraries}`;
        assert.ok(goMod(name).includes(`${line}\n`), `lab/toolchain/${name}/go.mod has no line "${line}"`);
      }
    }
  });

  it("are cut by modules that exist, and each cut says what is lost", () => {
    for (const goModule of goModules) {
      assert.ok(existsSync(goModuleFolder(goModule)), goModule);
      for (const { module, lost } of cuts[goModule]) {
        assert.ok(goMod(goModule).includes(`${module} v`), `${goModule} does not require ${module}`);
        assert.notEqual(lost.trim(), "", module);
      }
    }
  });
});
