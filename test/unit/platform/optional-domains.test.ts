import assert from "node:assert/strict";
import { relative, sep } from "node:path";
import { execa } from "execa";
import { projectRoot } from "../../../lab/layout";
import { KUBECONFIG } from "../../support/sample-platform";

/** Folders of components, and packages, that a platform with these settings reads, in a process of its own. */
async function loadedBy(sections: object): Promise<string[]> {
  const settings = { customer: "acme", cluster: { kind: "existing", kubeconfigContents: KUBECONFIG }, parse: {} };
  const program = `
    const { runProgram } = require("./dist/test/support/pulumi-mocks");
    const { CustomerPlatform } = require("./dist/components/platform/platform");
    const { parseSettings } = require("./dist/components/settings");
    const settings = parseSettings(${JSON.stringify({ ...settings, ...sections })});
    const readReleaseFile = async () => "metadata: { name: any }\\nspec: {}";
    runProgram(() => new CustomerPlatform("acme", { settings, readReleaseFile })).then(() =>
      console.log(JSON.stringify(Object.keys(require.cache))),
    );`;
  const { stdout } = await execa(process.execPath, ["--eval", program], { cwd: projectRoot });
  const files = (JSON.parse(stdout) as string[]).map((file) => relative(projectRoot, file).split(sep));
  return [...new Set(files.map(domainOf))].filter((name) => name !== undefined).sort();
}

/** `gcp` of node_modules/@pulumi/gcp/index.js, `backup` of dist/components/backup/backup.js. */
function domainOf([top, second, third, fourth]: string[]): string | undefined {
  if (top === "node_modules" && (second === "@pulumi" || second === "@grafana")) return third;
  return second === "components" && fourth !== undefined ? third : undefined;
}

const ALWAYS = [
  "cluster",
  "errors",
  "grammars",
  "kubernetes",
  "parse",
  "platform",
  "pulumi",
  "random",
  "releases",
  "settings",
];
const monitoring = { receivers: [] };
const backup = {
  locations: [{ kind: "minio", name: "inside", default: true }],
  schedules: [{ name: "daily", cron: "30 2 * * *", retention: "720h" }],
};

describe("a program", () => {
  it("reads nothing of a domain that the settings leave out, nor of the packages that it alone uses", async () => {
    assert.deepEqual(await loadedBy({}), ALWAYS);
  });

  it("reads monitoring and Grafana's schema where there is monitoring", async () => {
    const loaded = await loadedBy({ monitoring });
    assert.deepEqual(loaded, [...ALWAYS, "grafana-foundation-sdk", "monitoring", "rancher2"].sort());
  });

  it("reads backups where there are backups", async () => {
    assert.deepEqual(await loadedBy({ backup }), [...ALWAYS, "backup", "gcp", "google"].sort());
  });
});
