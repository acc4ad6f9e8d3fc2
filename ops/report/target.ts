import { readOutputs } from "../engine";
import { ReportError } from "./errors";

/** What a report needs to know of a stack. */
export interface ReportTarget {
  readonly stack: string;
  readonly prometheus: { readonly namespace: string; readonly service: string };
  readonly versions: Readonly<Record<string, string>>;
  /** Text of the kubeconfig; absent where the environment's is used. */
  readonly kubeconfig?: string;
}

interface Outputs {
  monitoring?: { namespace: string; services: { prometheus: string } } | null;
  versions?: { current: Record<string, string> };
  kubeconfig?: string;
}

/**
 * A stack as its outputs describe it.
 * @throws EngineError when the engine cannot say
 * @throws ReportError when the stack has no monitoring
 */
export async function readTarget(stack: string): Promise<ReportTarget> {
  return targetOf(stack, await readOutputs<Outputs>(stack));
}

/** The target in a stack's outputs. Pure. */
export function targetOf(stack: string, { kubeconfig, monitoring, versions }: Outputs): ReportTarget {
  if (!monitoring)
    throw new ReportError(`Stack ${stack} has no monitoring: give it onprem:monitoring, and run pulumi up.`);
  const { namespace, services } = monitoring;
  const prometheus = { namespace, service: services.prometheus };
  return { stack, prometheus, versions: versions?.current ?? {}, ...(kubeconfig ? { kubeconfig } : {}) };
}
