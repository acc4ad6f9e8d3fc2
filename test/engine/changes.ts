import type { EngineStack } from "./engine";

/** One resource in a run, and what becomes of it. */
interface Step {
  op: string;
  urn: string;
}

/** What steps do, without what stays, sorted: `update Instance rancher`. */
function changesOf(steps: readonly Step[]): string[] {
  const named = (urn: string): string => `${urn.split("::")[2]?.split(":").pop()} ${urn.split("::").pop()}`;
  const moving = steps.filter(({ op, urn }) => !["same", "read"].includes(op) && !urn.includes("pulumi:pulumi:Stack"));
  const changes = moving.map(({ op, urn }) => `${op.includes("replace") ? "replace" : op} ${named(urn)}`);
  return [...new Set(changes)].sort();
}

/** What a preview would do. */
export async function planned(stack: EngineStack): Promise<string[]> {
  const { steps } = JSON.parse(await stack.succeed("preview", "--json")) as { steps: Step[] };
  return changesOf(steps);
}

/** What an update does, as the engine tells it while it does it. */
export async function applied(stack: EngineStack): Promise<string[]> {
  const events = (await stack.succeed("up", "--yes", "--skip-preview", "--json")).trim().split("\n");
  return changesOf(
    events.flatMap((line) => {
      const { resourcePreEvent } = JSON.parse(line) as { resourcePreEvent?: { metadata: Step } };
      return resourcePreEvent ? [resourcePreEvent.metadata] : [];
    }),
  );
}
