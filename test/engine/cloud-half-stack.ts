import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { parseDocument } from "yaml";
import { installPlugins } from "../../lab/plugins";
import { valuesAt } from "../../stand-ins/cloud/cloud-type";
import type { LedgerEntry } from "../../stand-ins/cloud/ledger";
import { TestLedger } from "../support/clouds/cloud-client";
import { OWN_PROVIDERS } from "../support/engine/attached-plugins";
import { changed, effect } from "../support/engine/changed-settings";
import { EngineStack, findEngine } from "./engine";

/** One resource that a preview announces. */
interface Step {
  op: string;
  urn: string;
  newState?: { type: string; inputs?: Record<string, unknown> };
  /** Properties that differ. */
  diffReasons?: string[];
}

/** A resource in a stand-in cloud, as a preview announces it. */
export interface PlannedResource {
  type: string;
  /** In the program. */
  name: string;
  inputs: Record<string, unknown>;
}

const SECRET_PROPERTIES = [
  ...["password", "initialPassword", "token", "privateKey", "secretData", "kubeConfig"],
  ...["googleCredentialConfig.authEncodedJson", "clusterRegistrationToken.token"],
];

/** A stack of the cloud half with a ledger of its own. */
export class CloudHalfStack {
  readonly ledger = new TestLedger();
  readonly stack: EngineStack;
  readonly settingsFile: string;
  private readonly path = process.env.PATH;

  /** @param kubernetes whose provider goes to the cluster: the real one gets no further than to its own settings */
  constructor(private readonly kubernetes: "stand-in" | "real" = "stand-in") {
    const standIns = kubernetes === "stand-in" ? (["kubernetes"] as const) : [];
    this.stack = new EngineStack("cloud-half", { attached: [...OWN_PROVIDERS, ...standIns] });
    this.settingsFile = join(this.stack.folder, "Pulumi.test.yaml");
  }

  /** Makes the stack, with a customer and these sections of settings; nothing is deployed. */
  async create(sections: Record<string, unknown>): Promise<void> {
    // Only looked for: nothing here goes into the cluster.
    const bin = join(this.stack.folder, "bin");
    mkdirSync(bin);
    writeFileSync(join(bin, "gke-gcloud-auth-plugin"), "#!/bin/sh\n");
    chmodSync(join(bin, "gke-gcloud-auth-plugin"), 0o755);
    process.env.PATH = `${bin}${delimiter}${this.path}`;
    if (this.kubernetes === "real") {
      const kubernetes = findProvider();
      installPlugins(join(this.stack.folder, "home"), { kubernetes });
    }
    await this.stack.create();
    const document = parseDocument(readFileSync(this.settingsFile, "utf8"));
    const all = { customer: "acme", parse: {}, ...sections };
    const config = Object.entries(all).map(([name, value]) => [`onprem:${name}`, value]);
    document.set("config", document.createNode(Object.fromEntries(config)));
    writeFileSync(this.settingsFile, document.toString());
  }

  /** Changes a setting, such as `rancher.zone`, in the stack's file. */
  set(setting: string, value: unknown): void {
    const document = parseDocument(readFileSync(this.settingsFile, "utf8"));
    const { config } = document.toJS() as { config: Record<string, unknown> };
    document.set("config", document.createNode(changed(config, `onprem:${setting}`, value)));
    writeFileSync(this.settingsFile, document.toString());
  }

  /** Lets the settings be changed, and puts them back afterwards. */
  async withSettings<Result>(run: () => Promise<Result>): Promise<Result> {
    const before = readFileSync(this.settingsFile, "utf8");
    try {
      return await run();
    } finally {
      writeFileSync(this.settingsFile, before);
    }
  }

  /** The value may begin with hyphens, as a PEM file does. */
  setSecret(path: string, value: string): Promise<string> {
    return this.stack.succeed("config", "set-all", "--path", "--secret", `${path}=${value}`);
  }

  up(): Promise<string> {
    return this.stack.succeed("up", "--yes", "--skip-preview");
  }

  /** Fails unless the clouds are as the state says, and the state as the settings say. */
  async expectNoChanges(): Promise<void> {
    await this.stack.succeed("refresh", "--yes", "--skip-preview", "--expect-no-changes");
    await this.stack.succeed("preview", "--expect-no-changes");
  }

  /** Runs something with a program that does not know what the last run left. */
  forgetful<Result>(run: () => Promise<Result>): Promise<Result> {
    return this.withSettings(async () => {
      const document = parseDocument(readFileSync(this.settingsFile, "utf8"));
      document.setIn(["config", "cloud-half:forgetful"], true);
      writeFileSync(this.settingsFile, document.toString());
      return run();
    });
  }

  destroy(): Promise<string> {
    return this.stack.succeed("destroy", "--yes", "--skip-preview");
  }

  /** What a preview would do, as {@link SettingEffect} has it: `update Instance instance: metadata`. */
  async effects(): Promise<string[]> {
    const steps = await this.previewed();
    return steps
      .filter(({ op, urn }) => op !== "same" && op !== "read" && !typeOf(urn).startsWith("onprem:"))
      .map(({ op, urn, diffReasons }) =>
        effect(`${op} ${typeOf(urn).split(":").pop()} ${nameOf(urn)}`, op === "create" ? [] : (diffReasons ?? [])),
      )
      .sort();
  }

  /** What a preview of a new stack would make in the clouds. */
  async planned(): Promise<PlannedResource[]> {
    const steps = await this.previewed();
    assert.deepEqual([...new Set(steps.map(({ op }) => op))], ["create"]);
    return steps.flatMap(({ urn, newState }) =>
      newState && /^(gcp|rancher2):/.test(newState.type)
        ? [{ type: newState.type, name: nameOf(urn), inputs: newState.inputs ?? {} }]
        : [],
    );
  }

  /** Types deleted so far, in order. */
  deleted(): string[] {
    return this.ledger
      .journal()
      .filter(({ operation }) => operation === "delete")
      .map(({ type }) => type);
  }

  /** The machine that Rancher runs on, as the cloud knows it. */
  machine(): LedgerEntry | undefined {
    return this.ledger.read().resources.find(({ type }) => type === "gcp:compute/instance:Instance");
  }

  /** Every secret that the clouds know, by where they have it. */
  secrets(): Record<string, string> {
    const known = this.ledger
      .read()
      .resources.flatMap(({ type, name, properties }) =>
        SECRET_PROPERTIES.map((path): [string, unknown] => [
          `${path} of ${type} ${name}`,
          valuesAt(properties, path)[0],
        ]),
      );
    const texts = known.filter((entry): entry is [string, string] => typeof entry[1] === "string" && entry[1] !== "");
    return Object.fromEntries(texts);
  }

  async remove(): Promise<void> {
    await this.stack.remove();
    this.ledger.remove();
    process.env.PATH = this.path;
  }

  private async previewed(): Promise<Step[]> {
    const { steps } = JSON.parse(await this.stack.succeed("preview", "--json")) as { steps: Step[] };
    return steps;
  }
}

/** The real Kubernetes provider: beside the engine, or on PATH as in the lab. */
function findProvider(): string {
  const folders = [dirname(findEngine()), ...(process.env.PATH ?? "").split(delimiter)];
  const found = folders.map((folder) => join(folder, "pulumi-resource-kubernetes")).find((path) => existsSync(path));
  assert.ok(found, "pulumi-resource-kubernetes is neither beside the engine nor on PATH");
  return found;
}

/** Fails unless the first of each type went before the first of the next. A type may be without its package. */
export function assertOrder(deleted: readonly string[], types: readonly string[]): void {
  const places = types.map((type) => deleted.findIndex((each) => each === type || each.endsWith(`:${type}`)));
  const list = types.map((type, index) => `${places[index]} ${type}`).join(", ");
  assert.ok(
    places.every((place, index) => place >= 0 && place > (places[index - 1] ?? -1)),
    list,
  );
}

/** Types and names in the program, sorted: what two runs can be compared by. */
export function inventory(resources: readonly { type: string; name: string }[]): string[] {
  return resources.map(({ type, name }) => `${type} ${name}`).sort();
}

function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").pop() ?? "";
}

function nameOf(urn: string): string {
  return urn.split("::").pop() ?? "";
}
