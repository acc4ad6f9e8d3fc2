import { nameOf } from "./digest";

/** What a policy said of a preview. */
export interface PolicyFinding {
  policy: string;
  /** `undecided`: the policy needs a value that only the update knows. */
  level: "mandatory" | "advisory" | "undecided";
  severity?: string;
  type: string;
  name: string;
  message: string;
}

interface EngineEvent {
  policyEvent?: {
    resourceUrn?: string;
    message: string;
    policyName: string;
    enforcementLevel: string;
    severity?: string;
  };
}

const UNDECIDED = /^can't run policy .* during preview: /;
const COLOUR = /<\{%[^%]*%\}>/g;

/** An event log holds a line that is no event. */
export class EventLogError extends Error {
  readonly code = "EVENT_LOG";
}

function parseLine(line: string, index: number): EngineEvent {
  try {
    return JSON.parse(line) as EngineEvent;
  } catch {
    throw new EventLogError(`Line ${index + 1} of the engine's event log is no JSON. Run the preview again.`);
  }
}

const LEVELS = ["mandatory", "advisory", "undecided"];

/**
 * Findings of policies out of the engine's event log, mandatory ones first. `preview --json` leaves them out.
 * @param log lines of JSON, as `--event-log` writes them
 * @throws EventLogError for a line that is no event
 */
export function findingsOf(log: string): PolicyFinding[] {
  const findings = log
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map(parseLine)
    .flatMap(({ policyEvent }): PolicyFinding[] => {
      if (!policyEvent) return [];
      const message = policyEvent.message.replace(COLOUR, "").trim();
      const decided = policyEvent.enforcementLevel === "mandatory" ? "mandatory" : "advisory";
      return [
        {
          policy: policyEvent.policyName,
          level: UNDECIDED.test(message) ? "undecided" : decided,
          ...(policyEvent.severity ? { severity: policyEvent.severity } : {}),
          ...nameOf(policyEvent.resourceUrn ?? ""),
          message,
        },
      ];
    });
  return findings.sort((one, other) => LEVELS.indexOf(one.level) - LEVELS.indexOf(other.level));
}
