import assert from "node:assert/strict";
import { join } from "node:path";
import { labRoot, projectRoot } from "../../../lab/layout";
import { LabStack, type LabStackOptions, type StackSettings } from "../lab/lab-stack";
import { type Change, changesIn, type PreviewStep, surprises } from "./changes";
import { expectedChanges, settingsIn, unpackLastRelease } from "./release";

/** A stack of the lab that the last release made, and that today's program takes over. */
export class ReleasedStack extends LabStack {
  private written: StackSettings | undefined;
  private readonly release: string;

  constructor(name: string, options: LabStackOptions = {}) {
    super(name, { ...options, attached: true });
    this.release = join(labRoot, "releases-of-tests", name);
  }

  /** The settings that it has, written for the last release. */
  override settings(): StackSettings {
    assert.ok(this.written, "the stack was not begun");
    return this.written;
  }

  /**
   * Makes the stack, empty, for the program of the last release.
   * @param settings made of those in the release's own files
   */
  async begin(settings: (release: (...files: readonly string[]) => Record<string, unknown>) => object): Promise<void> {
    const release = await unpackLastRelease(this.release);
    this.written = settings((...files) => settingsIn(release, ...files)) as StackSettings;
    await this.create();
    this.project = release;
  }

  /** From now on today's program is run. */
  takeToday(): void {
    this.project = projectRoot;
  }

  /** The policy pack of the program that is run. */
  get policies(): readonly string[] {
    return ["--policy-pack", join(this.project, "policy", "onprem-policies")];
  }

  /** What a preview would change; policies must let it pass. */
  async planned(): Promise<Change[]> {
    const env = { ...this.environment(), PULUMI_SKIP_CHECKPOINTS: "true" };
    const { exitCode, stdout, all } = await this.startIn(env, ["preview", "--json", ...this.policies]);
    // The JSON leaves the findings of policies out.
    if (exitCode !== 0) assert.fail(`${all.slice(-3000)}\n${(await this.run("preview", ...this.policies)).output}`);
    return changesIn((JSON.parse(stdout.slice(stdout.indexOf("{"))) as { steps: PreviewStep[] }).steps);
  }

  /** The stack's outputs, secrets in clear. */
  async outputValues(): Promise<Record<string, unknown>> {
    return JSON.parse(await this.succeed("stack", "output", "--json", "--show-secrets"));
  }
}

/**
 * Fails unless these are the changes that test/support/upgrade/expected-changes.yaml has for a kind of stack.
 * @param kind `dev` or `prod`
 */
export function assertExpected(kind: string, changes: readonly Change[]): void {
  const { unexpected, unmet } = surprises(kind, changes, expectedChanges());
  assert.deepEqual(
    { unexpected, unmet },
    { unexpected: [], unmet: [] },
    "What a stack of the last release would see differs from test/support/upgrade/expected-changes.yaml (README.md there)",
  );
}
