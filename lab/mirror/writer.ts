import type { Step } from "../steps";

/** Writes a part's charts and manifests into the mirror's folders, from what upstream's own modules hold. */
export type MirrorWriter = (
  step: Step,
  folders: { readonly charts: string; readonly manifests: string },
) => Promise<void>;
