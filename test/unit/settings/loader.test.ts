import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { SettingsError } from "../../../components/settings";
import { decodeConfig, loadSettings } from "../../../components/settings/loader";
import { formatPath } from "../../../components/settings/property-path";

describe("the configuration that the engine hands over", () => {
  it("is decoded section by section: plain text and JSON", () => {
    const { raw, problems } = decodeConfig(
      { "onprem:customer": "007", "onprem:parse": '{"replicas":3}', "gcp:project": "x" },
      "onprem-platform",
    );
    assert.deepEqual(problems, []);
    assert.deepEqual(raw, { customer: "007", parse: { replicas: 3 } });
  });

  it("is refused where a section is text, without showing it", () => {
    const { problems } = decodeConfig({ "onprem:parse": "s3cr3t" }, "onprem-platform");
    assert.deepEqual(
      problems.map(({ path }) => formatPath(path)),
      ["onprem:parse"],
    );
    assert.doesNotMatch(JSON.stringify(problems), /s3cr3t/);
  });

  it("is refused where a section stands in the project's own namespace or a misspelt one", () => {
    const { problems } = decodeConfig(
      { "onprem-platform:parse": "{}", "onprm:customer": "acme", "kubernetes:context": "x" },
      "onprem-platform",
    );
    assert.deepEqual(
      problems.map(({ wayOut }) => wayOut),
      [
        "rename onprem-platform:parse to onprem:parse in the stack's file",
        "rename onprm:customer to onprem:customer in the stack's file",
      ],
    );
  });
});

describe("loading the settings of the running stack", () => {
  const directory = mkdtempSync(join(tmpdir(), "settings-"));
  const kubeconfig = join(directory, "kubeconfig");
  const stackFile = join(directory, "Pulumi.acme.yaml");
  const external = { kind: "external", engine: "mongodb", uri: "mongodb://parse:s3cr3t@db/parse" };

  function load(config: Record<string, unknown>, secretSections: string[] = []) {
    const entries = Object.entries(config).map(([name, value]) => [
      `onprem:${name}`,
      typeof value === "string" ? value : JSON.stringify(value),
    ]);
    pulumi.runtime.setAllConfig(
      Object.fromEntries(entries),
      secretSections.map((name) => `onprem:${name}`),
    );
    return loadSettings();
  }

  before(async () => {
    await pulumi.runtime.setMocks(
      { call: () => ({}), newResource: ({ name, inputs }) => ({ id: name, state: inputs }) },
      "onprem-platform",
      "acme",
    );
    writeFileSync(kubeconfig, "");
    process.env.PULUMI_OPTION_CONFIG_FILE = stackFile;
  });

  afterEach(() => rmSync(stackFile, { force: true }));

  after(() => {
    delete process.env.PULUMI_OPTION_CONFIG_FILE;
    pulumi.runtime.setAllConfig({});
    rmSync(directory, { recursive: true });
  });

  it("gives them with their defaults", () => {
    const settings = load({ customer: "acme", cluster: { kind: "existing", kubeconfig } });
    assert.equal(settings.customer, "acme");
    assert.equal(settings.parse.namespace, "parse");
  });

  it("refuses a kubeconfig that is not there, and names the stack", () => {
    assert.throws(
      () => load({ customer: "acme", cluster: { kind: "existing", kubeconfig: "nowhere" } }),
      /settings of stack acme[\s\S]*"nowhere", where there is no file/,
    );
  });

  it("refuses a secret that the stack's file holds in clear, though the section has another secret", () => {
    writeFileSync(stackFile, `config:\n  onprem:parse:\n    database: ${JSON.stringify(external)}\n`);
    assert.throws(
      () =>
        load({ customer: "acme", cluster: { kind: "existing", kubeconfig }, parse: { database: external } }, ["parse"]),
      (error) => error instanceof SettingsError && error.problems.length === 1 && !error.message.includes("s3cr3t"),
    );
  });

  it("takes the engine's word for a secret that the file does not hold", () => {
    const settings = load(
      { customer: "acme", cluster: { kind: "existing", kubeconfig }, parse: { database: external } },
      ["parse"],
    );
    assert.equal(settings.parse.database.kind, "external");
    assert.throws(
      () => load({ customer: "acme", cluster: { kind: "existing", kubeconfig }, parse: { database: external } }),
      SettingsError,
    );
  });
});
