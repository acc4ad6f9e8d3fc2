/**
 * Runs the policies over what a stack has deployed: `pulumi stack export | node dist/policy/audit.js`. Needs Helm, and
 * neither engine nor cluster. Secrets are encrypted in an export and stay so: what lies in them cannot be judged.
 */
import "../components/errors/supported-node";
import { readFileSync } from "node:fs";
import type { Properties, ResourceFacts } from "./definition";
import { evaluateResource, evaluateStack, messageOf } from "./evaluate";
import { policies } from "./policies";
import { projectRoot } from "./project";
import { PLATFORM_TYPE, runSettingsOf, STRICTEST } from "./run-settings";
import { guarded } from "./unknowns";

/** A resource in an export. */
interface ExportedResource {
  urn: string;
  type: string;
  inputs?: Properties;
  protect?: boolean;
  parent?: string;
  delete?: boolean;
}

/** What `pulumi stack export` writes, as far as it matters here. */
export interface ExportedStack {
  deployment: { resources?: ExportedResource[] };
}

/** Something that the audit has to say. */
export interface AuditFinding {
  policy: string;
  level: "mandatory" | "advisory";
  severity: string;
  message: string;
}

/** Marks a secret in an export (`resource.SecretSig` of the SDK). */
const SIGNATURE = "4dabf18193072939515e22adb298388d";

/** An export is no state, or of a kind that is not known. */
export class AuditInputError extends Error {
  readonly code = "AUDIT_INPUT";
}

/** Inputs with encrypted values taken out: what cannot be read cannot be judged. */
function readable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(readable).filter((item) => item !== undefined);
  if (typeof value !== "object" || value === null) return value;
  if (SIGNATURE in value) return undefined;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, readable(item)]));
}

function factsOf({ urn, type, inputs = {}, protect = false, parent = "" }: ExportedResource): ResourceFacts {
  const name = urn.split("::").at(-1) ?? "";
  return { urn, type, name, props: guarded(readable(inputs) as Properties), protect, parent };
}

/**
 * Every finding on a stack as it is deployed.
 * @throws AuditInputError when it is no export
 */
export function audit(stack: ExportedStack, now = new Date()): AuditFinding[] {
  const exported = stack?.deployment?.resources;
  if (!Array.isArray(exported)) {
    throw new AuditInputError("This is no export of a stack. Make one: pulumi stack export > state.json");
  }
  const resources = exported.filter((resource) => !resource.delete).map(factsOf);
  const platform = resources.find(({ type }) => type === PLATFORM_TYPE);
  const settings = platform ? runSettingsOf(platform.props) : STRICTEST;
  return policies.flatMap((policy) => {
    const { violations } =
      policy.looksAt === "stack"
        ? evaluateStack(policy, resources, settings, {}, now)
        : { violations: resources.flatMap((one) => evaluateResource(policy, one, settings, {}, now).violations) };
    const { name, level, severity } = policy;
    return violations.map((violation) => ({ policy: name, level, severity, message: messageOf(violation) }));
  });
}

/** Exit code: 1 where a mandatory policy is violated, 2 for bad input. */
function main(file: string): number {
  process.chdir(projectRoot());
  try {
    const findings = audit(JSON.parse(readFileSync(file, "utf8")) as ExportedStack);
    for (const { policy, level, severity, message } of findings) {
      console.log(`[${level}, ${severity}] ${policy}\n${message.replace(/^/gm, "  ")}`);
    }
    console.log(`${policies.length} policies, ${findings.length} findings`);
    return findings.some(({ level }) => level === "mandatory") ? 1 : 0;
  } catch (error) {
    if (!(error instanceof AuditInputError || error instanceof SyntaxError)) throw error;
    console.error(error.message);
    return 2;
  }
}

const STANDARD_INPUT = "/dev/stdin";

if (require.main === module) process.exitCode = main(process.argv[2] ?? STANDARD_INPUT);
