import assert from "node:assert/strict";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { parseDocument } from "yaml";
import type { LedgerEntry } from "../../lab/clouds/stand-in/ledger";
import { installPlugins } from "../../lab/plugins/install";
import { TestLedger } from "../unit/lab/clouds/cloud-client";
import { EngineStack, findEngine } from "./engine";

/** One resource that a preview announces. */
interface Step {
  op: string;
  urn: string;
  newState?: { type: string; inputs?: Record<string, unknown> };
}

/** A resource in a stand-in cloud, as a preview announces it. */
export interface PlannedResource {
  type: string;
  /** In the program. */
  name: string;
  inputs: Record<string, unknown>;
}

/** A stack of the cloud half with a ledger of its own. */
export class CloudHalfStack {
  readonly ledger = new TestLedger();
  readonly stack = new EngineStack("cloud-half");
  readonly settingsFile = join(this.stack.folder, "Pulumi.test.yaml");
  private readonly path = process.env.PATH;

  /** Makes the stack, with a customer and these sections of settings; nothing is deployed. */
  async create(sections: Record<string, unknown>): Promise<void> {
    // Only looked for: nothing here goes into the cluster.
    const bin = join(this.stack.folder, "bin");
    mkdirSync(bin);
    writeFileSync(join(bin, "gke-gcloud-auth-plugin"), "#!/bin/sh\n");
    chmodSync(join(bin, "gke-gcloud-auth-plugin"), 0o755);
    process.env.PATH = `${bin}${delimiter}${this.path}`;
    const kubernetes = join(dirname(findEngine()), "pulumi-resource-kubernetes");
    installPlugins(join(this.stack.folder, "home"), { kubernetes });
    await this.stack.succeed("stack", "init", "test");
    const document = parseDocument(readFileSync(this.settingsFile, "utf8"));
    const all = { customer: "acme", parse: {}, ...sections };
    const config = Object.entries(all).map(([name, value]) => [`onprem:${name}`, value]);
    document.set("config", document.createNode(Object.fromEntries(config)));
    writeFileSync(this.settingsFile, document.toString());
  }

  set(path: string, value: string): Promise<string> {
    return this.stack.succeed("config", "set", "--path", path, value);
  }

  /** The value may begin with hyphens, as a PEM file does. */
  setSecret(path: string, value: string): Promise<string> {
    return this.stack.succeed("config", "set-all", "--path", "--secret", `${path}=${value}`);
  }

  up(): Promise<string> {
    return this.stack.succeed("up", "--yes", "--skip-preview");
  }

  destroy(): Promise<string> {
    return this.stack.succeed("destroy", "--yes", "--skip-preview");
  }

  /** What a preview would do, without what stays: `update Instance instance`. */
  async changes(): Promise<string[]> {
    const steps = await this.previewed();
    const named = (urn: string): string => `${urn.split("::")[2]?.split(":").pop()} ${nameOf(urn)}`;
    return steps.filter(({ op }) => op !== "same" && op !== "read").map(({ op, urn }) => `${op} ${named(urn)}`);
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

/** Types and names in the program, sorted: what two runs can be compared by. */
export function inventory(resources: readonly { type: string; name: string }[]): string[] {
  return resources.map(({ type, name }) => `${type} ${name}`).sort();
}

function nameOf(urn: string): string {
  return urn.split("::").pop() ?? "";
}
