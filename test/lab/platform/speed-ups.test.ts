import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { projectRoot } from "../../../lab/layout";
import { mirrorFolders } from "../../../lab/mirror";
import { labFluxManifest } from "../../../lab/mirror/flux";
import { PRELOADS_VARIABLE } from "../../../stand-ins/language-host/plugin";
import { LabStack, type StackSettings } from "../../support/lab/lab-stack";

/** A line of the engine's event log. */
type EngineEvent = Record<string, unknown>;

/** What differs from one run to the next: the order of what is done side by side, and the time. */
const OF_THE_MOMENT = new Set(["sequence", "timestamp", "durationSeconds", "streamID"]);

const GITOPS = {
  version: labFluxManifest.version,
  manifestSha256: labFluxManifest.sha256,
  repositories: [{ name: "fleet", url: "https://git.example.com/acme/fleet.git" }],
  kustomizations: [{ name: "apps", repository: "fleet", path: "./apps" }],
};

/** Dev with every part, and with production's rules, which it does not keep: so there is something to find. */
function everyPart(stack: LabStack): StackSettings {
  const file = readFileSync(join(projectRoot, "lab", "every-part.yaml"), "utf8");
  const { config } = parse(file) as { config: Record<string, object> };
  const parts = Object.entries(config).map(([key, value]) => [key.replace("onprem:", ""), value]);
  const settings = { ...stack.settings(), ...Object.fromEntries(parts), policy: { production: true } };
  return { ...settings, sources: { images: "lab.local", ...mirrorFolders }, gitops: GITOPS } as StackSettings;
}

/** Prod on the stand-ins, with a way in from everywhere: something to find here too. */
function prod(stack: LabStack): StackSettings {
  const settings = stack.settings("prod");
  const cluster = { ...(settings.cluster as object), authorisedNetworks: [{ name: "all", range: "0.0.0.0/0" }] };
  return { ...settings, cluster, sources: mirrorFolders };
}

const STACKS = {
  "dev with every part": { settings: everyPart, has: ["velero", "source-controller", "prometheus"] },
  "prod on the stand-ins": { settings: prod, has: ["gcp:container/cluster:Cluster", "rancher2:index/cluster:Cluster"] },
};

describe("what the language host loads before programs in tests", () => {
  const folder = mkdtempSync(join(tmpdir(), "speed-ups-"));
  const stack = new LabStack("speed-ups");
  // As a program, and as a folder: that one is started by the language host, with what it loads before or without.
  const packs = { always: join(projectRoot, "policy", "onprem-policies"), never: join(projectRoot, "policy") };

  before(() => stack.create());
  after(async () => {
    delete process.env[PRELOADS_VARIABLE];
    delete process.env.PULUMI_DEBUG_COMMANDS;
    stack.write(stack.settings());
    await stack.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Previews with all that saves time, or with nothing of it; the engine's events, in an order of their own. */
  async function preview(preloads: "always" | "never"): Promise<string[]> {
    const log = join(folder, `${preloads}.json`);
    writeFileSync(log, "");
    process.env[PRELOADS_VARIABLE] = preloads;
    // Without it, the engine has no option for the log.
    process.env.PULUMI_DEBUG_COMMANDS = "true";
    await stack.run("preview", "--policy-pack", packs[preloads], "--event-log", log);
    const lines = readFileSync(log, "utf8").trim().split("\n");
    return lines.map((line) => comparable(JSON.parse(line) as EngineEvent)).sort();
  }

  for (const [name, { settings, has }] of Object.entries(STACKS)) {
    it(`changes no event of a preview of ${name}: no resource, no message, no finding`, async () => {
      stack.write(settings(stack));
      const [fast, plain] = [await preview("always"), await preview("never")];
      for (const part of [...has, '"policyEvent"', '"enforcementLevel":"mandatory"', '"summaryEvent"'])
        assert.ok(
          plain.some((event) => event.includes(part)),
          `${part} is in no event`,
        );
      assert.deepEqual(fast, plain);
    });
  }
});

/** An event without what is of the moment, its keys sorted. */
function comparable(event: EngineEvent): string {
  return JSON.stringify(event, (key, value: unknown) => {
    if (OF_THE_MOMENT.has(key)) return undefined;
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
  });
}
