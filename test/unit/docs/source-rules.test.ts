import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { settingsJsonSchema } from "../../../components/settings/json-schema";
import { projectRoot } from "../../../lab/layout";
import { importsOf } from "./imports";
import {
  argumentNames,
  handMadeSecrets,
  looseArguments,
  otherResources,
  type Source,
  secondDefaults,
  tooLong,
} from "./source-rules";

/**
 * What looks like a second default and is none, by the text that the rule shows; each says why. One that nothing needs
 * any more fails the test.
 */
const NO_DEFAULTS: Readonly<Record<string, string>> = {
  "components/backup/velero-pods.ts: limits.cpu ?? NO_LIMIT": "Velero's notation of no limit",
  "components/rancher/access-rights.ts: role?.context ?? BUILT_IN_SCOPES[member.role]": "a role of Rancher's own",
};

/** Arguments that the settings do not give. */
const NOT_OF_SETTINGS = [
  "components/platform/platform.ts: CustomerPlatformArgs.",
  "components/platform/version-record.ts: VersionRecordArgs.now ",
  // What outputs leave out, rather than arguments.
  "components/gitops/args.ts: RepositorySummary.",
];

/** Where settings arrive: the platform and the domains. */
const TAKE_SETTINGS = /^components\/(platform|cluster|rancher|parse|monitoring|gitops|backup)\/(?!in-cluster)/;

/** Names of every setting, at any depth. */
function settingNames(node: unknown): string[] {
  if (typeof node !== "object" || node === null) return [];
  const properties = (node as { properties?: object }).properties ?? {};
  return [...Object.keys(properties), ...Object.values(node).flatMap(settingNames)];
}

describe("one owner for each default and each fact:", () => {
  let sources: Source[];
  let components: Source[];

  before(() => {
    const { files } = importsOf(projectRoot);
    sources = files.map((path) => ({ path, text: readFileSync(join(projectRoot, path), "utf8") }));
    components = sources.filter(
      ({ path }) => path.startsWith("components/") && !path.startsWith("components/settings/"),
    );
    assert.ok(components.length > 100);
  });

  it("no file has more than 300 lines", () => assert.deepEqual(tooLong(sources), []));

  it("Secrets are made, and their texts encoded, by one function", () => {
    const product = sources.filter(({ path }) => /^(components|policy|program)\//.test(path));
    assert.deepEqual(handMadeSecrets(product), []);
  });

  it("CPU and memory of a container are declared once", () => assert.deepEqual(otherResources(components), []));

  it("a component's arguments are all passed, and each says what it is", () => {
    const found = looseArguments(components);
    assert.deepEqual(
      found.filter((sentence) => !NOT_OF_SETTINGS.some((known) => sentence.startsWith(known))),
      [],
    );
    for (const known of NOT_OF_SETTINGS)
      assert.ok(
        found.some((sentence) => sentence.startsWith(known)),
        known,
      );
  });

  it("a default stands in the settings and nowhere else", () => {
    const names = new Set([...settingNames(settingsJsonSchema()), ...argumentNames(components)]);
    assert.ok(names.has("replicas") && names.has("applicationNamespace"));
    // A setting of policies' exceptions alone, which no component takes; Kubernetes and the drill have reasons too.
    names.delete("reason");
    const taking = components.filter(({ path }) => TAKE_SETTINGS.test(path));
    assert.deepEqual(secondDefaults(taking, names).sort(), Object.keys(NO_DEFAULTS).sort());
  });
});

describe("the rules of sources", () => {
  const source = (text: string, path = "components/a/b.ts"): Source[] => [{ path, text }];

  it("find each way to write a second default", () => {
    const names = new Set(["replicas", "kind", "ports", "logLevel"]);
    const found = (text: string) => secondDefaults(source(text), names).length;
    for (const text of [
      "const a = args.replicas ?? 2;",
      "const a = (args?.replicas ?? 2) + 1;",
      'const a = logLevel || "info";',
      "const a = args.ports ?? [27017];",
      "const a = args.ports ?? PORTS[engine];",
      "const { replicas = 2 } = args;",
      "function f({ replicas: pods = 2 }: Args) {}",
      "const f = (replicas = 2) => replicas;",
      'const a = args.kind ?? { kind: "mongodb" };',
      "const a = args.given ?? args.replicas ?? 0;",
      "const a = args.replicas ?? DEFAULT_REPLICAS;",
    ])
      assert.equal(found(text), 1, text);
    for (const text of [
      'const a = args.logLevel ?? "";',
      "const a = args.ports ?? [];",
      "const a = answer.statusCode ?? 0;",
      "const a = args.replicas ?? other;",
      "const a = args.replicas;",
    ])
      assert.equal(found(text), 0, text);
  });

  it("find an argument that may be left out, has no comment, or names a default", () => {
    const text = "export interface StoreArgs {\n  /** Size. Default 20Gi. */\n  size: string;\n  zone?: string;\n}";
    assert.deepEqual(looseArguments(source(text)), [
      "components/a/b.ts: StoreArgs.size speaks of a default: the settings' schema owns it.",
      "components/a/b.ts: StoreArgs.zone may be left out: write T | undefined.",
      "components/a/b.ts: StoreArgs.zone has no doc comment.",
    ]);
    assert.equal(looseArguments(source("interface Store { zone?: string }")).length, 0);
    assert.equal(looseArguments(source("interface Store { zone?: string }", "components/a/image-args.ts")).length, 2);
  });

  it("find Secrets that are made by hand", () => {
    for (const text of [
      'const data = { a: Buffer.from(text).toString("base64") };',
      'new kubernetes.core.v1.Secret("a", {});',
      'const type = "kubernetes.io/dockerconfigjson";',
    ])
      assert.equal(handMadeSecrets(source(text)).length, 1, text);
    assert.equal(handMadeSecrets(source('Buffer.from(text, "base64")')).length, 0);
  });

  it("find another declaration of resources, and a file of 301 lines", () => {
    assert.equal(otherResources(source("interface R { requests: object; limits: object }")).length, 1);
    assert.equal(otherResources(source("type R = { a: { requests: object; limits: object } };")).length, 1);
    assert.deepEqual(tooLong(source("\n".repeat(301))), [
      "components/a/b.ts has 301 lines, more than 300: split it by subject.",
    ]);
    assert.deepEqual(tooLong(source("\n".repeat(300))), []);
  });
});
