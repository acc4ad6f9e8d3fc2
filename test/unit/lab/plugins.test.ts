import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { engineEnvironment, installPlugins, PluginInstallError } from "../../../lab/plugins";

const version = (name: string): string => createRequire(__filename)(`@pulumi/${name}/package.json`).version;

describe("installation of the lab's plugins", () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "pulumi home's "));
  });
  afterEach(() => rmSync(home, { recursive: true }));

  it("puts each plugin where the engine looks, under the version that the SDK asks for", () => {
    const installed = installPlugins(home, { kubernetes: "/bin/true" }).map(({ path }) => path);
    assert.deepEqual(installed, [
      join(home, `plugins/language-nodejs-v${version("pulumi")}/pulumi-language-nodejs`),
      join(home, `plugins/resource-random-v${version("random")}/pulumi-resource-random`),
      join(home, `plugins/resource-tls-v${version("tls")}/pulumi-resource-tls`),
      join(home, `plugins/resource-gcp-v${version("gcp")}/pulumi-resource-gcp`),
      join(home, `plugins/resource-rancher2-v${version("rancher2")}/pulumi-resource-rancher2`),
      join(home, `plugins/resource-kubernetes-v${version("kubernetes")}/pulumi-resource-kubernetes`),
    ]);
    for (const path of installed) assert.equal(statSync(path).mode & 0o777, 0o755);
  });

  it("starts the program with its arguments, whatever its path holds", () => {
    const program = join(home, "a 'quoted' program");
    writeFileSync(program, '#!/bin/sh\necho "$#:$1"\n', { mode: 0o755 });
    const kubernetes = installPlugins(home, { kubernetes: program }).at(-1)?.path ?? "";
    assert.equal(execFileSync(kubernetes, ["two words"], { encoding: "utf8" }), "1:two words\n");
  });

  it("takes the official language host where there is one, and the lab's own again where there is none any more", () => {
    const program = join(home, "official");
    writeFileSync(program, "#!/bin/sh\necho official\n", { mode: 0o755 });
    const path = installPlugins(home, {}, program)[0]?.path ?? "";
    assert.equal(execFileSync(path, { encoding: "utf8" }), "official\n");
    installPlugins(home);
    assert.match(readFileSync(path, "utf8"), /language-host\/plugin\.js/);
  });

  it("keeps what a plugin leaves in temporary files, kubeconfigs among them, in a folder of the lab's", () => {
    const program = join(home, "program");
    writeFileSync(program, "#!/bin/sh\nmktemp\n", { mode: 0o755 });
    const kubernetes = installPlugins(home, { kubernetes: program }).at(-1)?.path ?? "";
    const left = execFileSync(kubernetes, { encoding: "utf8" }).trim();
    assert.equal(dirname(left), join(home, "tmp"));
    assert.equal(statSync(dirname(left)).mode & 0o777, 0o700);
  });

  it("rewrites only what differs", () => {
    const [first, second] = installPlugins(home).map(({ path }) => path) as [string, string];
    const before = statSync(first).mtimeMs;
    const wanted = readFileSync(second, "utf8");
    writeFileSync(second, "something else");
    installPlugins(home);
    assert.equal(statSync(first).mtimeMs, before);
    assert.equal(readFileSync(second, "utf8"), wanted);
  });

  it("names the program or the package that is missing", () => {
    assert.throws(
      () => installPlugins(home, { kubernetes: "/no/such" }),
      (error: Error) => {
        assert.ok(error instanceof PluginInstallError);
        assert.match(error.message, /there is no file \/no\/such$/);
        return true;
      },
    );
    assert.throws(
      () => installPlugins(home, { nothing: "/bin/true" }),
      /npm package @pulumi\/nothing is not installed/,
    );
  });

  it("lets the engine look nowhere else", () => {
    const { PULUMI_HOME, PULUMI_IGNORE_AMBIENT_PLUGINS } = engineEnvironment(home);
    assert.deepEqual([PULUMI_HOME, PULUMI_IGNORE_AMBIENT_PLUGINS], [home, "true"]);
  });
});
