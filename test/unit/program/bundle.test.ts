import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { parse } from "yaml";
import { projectRoot } from "../../../lab/layout";
import { ApiServerStandIn } from "../../support/kubernetes/api-server-stand-in";
import type { Registration } from "../../support/pulumi-mocks";

/** File by file, as tests run the program, and the bundle that Pulumi.yaml names. */
const FILES = "dist/index.js";
const { main: BUNDLE } = parse(readFileSync(join(projectRoot, "Pulumi.yaml"), "utf8")) as { main: string };

/** A program's outcome: what it registered and what it exports. */
interface Outcome {
  readonly registrations: Registration[];
  readonly outputs: string[];
  /** Files of the Kubernetes client that were read. */
  readonly clients: string[];
}

/** Settings of a checked-in stack, but for what needs files of releases. */
function settingsOf(stack: "dev" | "prod"): Record<string, unknown> {
  const { config } = parse(readFileSync(join(projectRoot, `Pulumi.${stack}.yaml`), "utf8")) as {
    config: Record<string, unknown>;
  };
  const { "onprem:backup": _, "onprem:sources": __, ...settings } = config;
  return settings;
}

describe("the program's bundle", () => {
  const programs = mkdtempSync(join(tmpdir(), "bundle-test-"));
  const kubeconfig = join(programs, "kubeconfig");
  const cluster = new ApiServerStandIn();

  before(async () => {
    await cluster.start();
    const plugin = join(programs, "gke-gcloud-auth-plugin");
    writeFileSync(plugin, "#!/bin/sh\n");
    chmodSync(plugin, 0o755);
    writeFileSync(kubeconfig, cluster.kubeconfig());
  });
  after(() => {
    cluster.stop();
    rmSync(programs, { recursive: true, force: true });
  });

  /** Runs an entry of the program in a process of its own, against a stand-in engine. */
  async function run(entry: string, settings: Record<string, unknown>): Promise<Outcome> {
    const config = Object.entries(settings).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]);
    const code = `
      require("@pulumi/pulumi/runtime/config").setAllConfig(${JSON.stringify(Object.fromEntries(config))});
      const { compute } = require("./dist/test/support/sample-platform");
      const call = (_, inputs) => ({ ...inputs, number: "123456" });
      const program = () => {
        require("@pulumi/pulumi/runtime/state").getStore().settings.options.organization = "organization";
        return require("./${entry}");
      };
      require("./dist/test/support/pulumi-mocks").runProgram(program, { compute, call }).then(
        ({ registrations, result }) => {
          const clients = Object.keys(require.cache).filter((file) => /client-node/.test(file));
          console.log(JSON.stringify({ registrations, outputs: Object.keys(result), clients }));
        },
      );`;
    const env = { PATH: [programs, process.env.PATH].join(delimiter) };
    const { stdout } = await execa(process.execPath, ["--eval", code], { cwd: projectRoot, env });
    return JSON.parse(stdout) as Outcome;
  }

  const stacks = {
    "a cluster of the customer's own": {
      ...settingsOf("dev"),
      "onprem:cluster": { kind: "existing", kubeconfig },
    },
    "a customer on Google Cloud": settingsOf("prod"),
  };
  for (const [name, settings] of Object.entries(stacks)) {
    it(`is the program that its files are, for ${name}`, async () => {
      const [files, bundle] = await Promise.all([run(FILES, settings), run(BUNDLE, settings)]);
      assert.ok(files.registrations.length > 10, "little was registered");
      assert.deepEqual(bundle, files);
      assert.deepEqual(bundle.clients, [], "the Kubernetes client is read before a cluster is asked");
    });
  }
});
