import type { PropertyMap } from "../plugin/property-values";
import type { Behaviour, SdkSchema } from "../schema/schema";
import type { CloudContext } from "./cloud-type";
import { Ledger, type LedgerContent, ledgerFolder } from "./ledger";
import type { CloudTypes } from "./references";

/** How a cloud's API says no. */
export interface Refusals {
  taken(kind: string, id: string): string;
  missing(kind: string, value: string): string;
  inUse(what: string, by: string): string;
  held(kind: string, value: string, by: string): string;
  gone(kind: string, id: string): string;
}

/** What makes a stand-in cloud. */
export interface CloudDefinition {
  readonly schema: SdkSchema;
  readonly types: CloudTypes;
  readonly behaviours: { readonly [token: string]: Behaviour };
  readonly refusals: Refusals;
  /** Field values that the provider's settings give where a resource leaves them out. */
  contextValues(settings: PropertyMap): PropertyMap;
  /** Whose the resources are under these settings. */
  account(settings: PropertyMap): string;
  /** The reason for which the API refuses any call under these settings. */
  refuseCall?(settings: PropertyMap, content: LedgerContent, type: string): string | undefined;
}

/** A stand-in cloud in one plugin process: its definition, the provider's settings, and the ledger. */
export class StandInCloud {
  private settings: PropertyMap = {};

  constructor(readonly definition: CloudDefinition) {}

  /** Takes the provider's settings. Values other than texts arrive as JSON. */
  configure(settings: PropertyMap): void {
    this.settings = parsedSettings(settings);
  }

  get ledger(): Ledger {
    return new Ledger(ledgerFolder());
  }

  /** Field values that the provider's settings give where a resource leaves them out. */
  contextValues(): PropertyMap {
    return this.definition.contextValues(this.settings);
  }

  get account(): string {
    return this.definition.account(this.settings);
  }

  /** @throws Error if the API refuses any call under the provider's settings. */
  authenticate(content: LedgerContent, type: string): void {
    const refusal = this.definition.refuseCall?.(this.settings, content, type);
    if (refusal) throw new Error(refusal);
  }

  /** What a model may look at. */
  context(content: LedgerContent): CloudContext {
    return {
      settings: this.settings,
      account: this.account,
      content,
      count(key) {
        const before = content.counters[key] ?? 0;
        content.counters[key] = before + 1;
        return before;
      },
    };
  }
}

/** The provider's settings in plain values: the SDK sends all but texts as JSON. */
export function parsedSettings(settings: PropertyMap): PropertyMap {
  const entries = Object.entries(settings).map(([name, value]) => {
    if (typeof value !== "string" || !/^(true|false|-?[0-9]+|[[{].*)$/s.test(value)) return [name, value];
    try {
      return [name, JSON.parse(value)];
    } catch {
      return [name, value];
    }
  });
  return Object.fromEntries(entries) as PropertyMap;
}
