import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { seldomCollection } from "./garbage-collection";

/** The plugins that this project serves itself: their compiled script below stand-ins/, and the SDK package they fit. */
const OWN_PLUGINS: readonly { kind: "language" | "resource"; name: string; script: string; sdk: string }[] = [
  { kind: "language", name: "nodejs", script: "language-host/plugin.js", sdk: "@pulumi/pulumi" },
  { kind: "resource", name: "random", script: "random/plugin.js", sdk: "@pulumi/random" },
  { kind: "resource", name: "tls", script: "tls/plugin.js", sdk: "@pulumi/tls" },
  { kind: "resource", name: "gcp", script: "gcp/plugin.js", sdk: "@pulumi/gcp" },
  { kind: "resource", name: "rancher2", script: "rancher2/plugin.js", sdk: "@pulumi/rancher2" },
];

/** A plugin as the engine finds it. */
export interface InstalledPlugin {
  /** `language` or `resource`. */
  kind: string;
  /** E.g. `random`. */
  name: string;
  /** The version of the SDK package in this project's node_modules: the one that programs ask for. */
  version: string;
  /** The executable that the engine starts. */
  path: string;
}

/** A plugin cannot be installed: its program or its SDK package is not there. */
export class PluginInstallError extends Error {
  readonly code = "LAB_PLUGIN_INSTALL";
}

/**
 * Lays out `PULUMI_HOME/plugins` so that the engine takes the lab's plugins for installed ones: each in
 * `KIND-NAME-vVERSION/pulumi-KIND-NAME`, the layout of `pulumi plugin install`. Only what differs is written, each file
 * at once, so that it can run at any time and beside a running engine. Their temporary files are in `PULUMI_HOME/tmp`: the
 * Kubernetes provider leaves one with the kubeconfig at each run
 * (https://github.com/pulumi/pulumi-kubernetes/blob/v4.25.0/provider/pkg/provider/provider.go#L774).
 *
 * The engine needs the variables of `engineEnvironment` to look only there. Without them it takes a plugin on PATH
 * first, and warns of it at every start.
 *
 * @param pulumiHome the lab's own PULUMI_HOME; created if missing.
 * @param binaries provider executables built elsewhere, by name, e.g. `{ kubernetes: "/cache/pulumi-resource-kubernetes" }`;
 *   `@pulumi/NAME` must be installed, its version is the plugin's.
 * @param languageHost the official `pulumi-language-nodejs`, as it comes with the official engine; the lab's own when absent.
 * @throws PluginInstallError when a program or an SDK package is missing.
 */
export function installPlugins(
  pulumiHome: string,
  binaries: { readonly [name: string]: string } = {},
  languageHost?: string,
): InstalledPlugin[] {
  const own = OWN_PLUGINS.map(({ kind, name, script, sdk }) => {
    const lab = [process.execPath, join(__dirname, "..", "stand-ins", script)];
    const command = kind === "language" && languageHost ? [languageHost] : lab;
    return install(pulumiHome, { kind, name, version: sdkVersion(sdk) }, command);
  });
  const built = Object.entries(binaries).map(([name, program]) =>
    install(pulumiHome, { kind: "resource", name, version: sdkVersion(`@pulumi/${name}`) }, [program]),
  );
  return [...own, ...built];
}

/**
 * The environment for every `pulumi` command of the lab: plugins come from `pulumiHome` alone, nothing is downloaded.
 * Merge it into `process.env`, or pass it as `envVars` to an Automation API workspace.
 */
export function engineEnvironment(pulumiHome: string): { [name: string]: string } {
  return {
    ...seldomCollection,
    PULUMI_HOME: pulumiHome,
    PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
}

function sdkVersion(sdk: string): string {
  try {
    const manifest = createRequire(__filename)(`${sdk}/package.json`) as { version: string };
    return manifest.version;
  } catch {
    throw new PluginInstallError(`the npm package ${sdk} is not installed: run "npm ci" in this project first`);
  }
}

function install(pulumiHome: string, plugin: Omit<InstalledPlugin, "path">, command: string[]): InstalledPlugin {
  const missing = command.find((file) => !existsSync(file));
  if (missing)
    throw new PluginInstallError(`the plugin ${plugin.name} cannot be installed: there is no file ${missing}`);
  const folder = join(pulumiHome, "plugins", `${plugin.kind}-${plugin.name}-v${plugin.version}`);
  const path = join(folder, `pulumi-${plugin.kind}-${plugin.name}`);
  mkdirSync(folder, { recursive: true });
  const temporary = join(pulumiHome, "tmp");
  mkdirSync(temporary, { recursive: true, mode: 0o700 });
  // "exec" keeps the process id, by which the engine stops the plugin and the plugin watches the engine.
  writeExecutable(path, `#!/bin/sh\nTMPDIR=${quoted(temporary)} exec ${command.map(quoted).join(" ")} "$@"\n`);
  return { ...plugin, path };
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

function writeExecutable(path: string, content: string): void {
  if (existsSync(path) && readFileSync(path, "utf8") === content) return;
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, content);
  chmodSync(draft, 0o755);
  renameSync(draft, path);
}
