import type { ClusterObject } from "./cluster";

/**
 * Velero's resource modifiers that make a copy's ConfigMaps name the copy's own Services, by
 * `NAME.NAMESPACE.svc`: otherwise its Parse Server would read the original's database. Undefined when none names any.
 * Pure. See https://velero.io/docs/main/restore-resource-modifiers/
 */
export function addressRewrite(maps: readonly ClusterObject[], from: string, to: string): string | undefined {
  const rules = maps.flatMap(({ metadata, data = {} }) => {
    const changed = Object.entries(data).flatMap(([key, text]): [string, string][] => {
      const rewritten = text.replaceAll(`.${from}.svc`, `.${to}.svc`);
      return rewritten === text ? [] : [[key, rewritten]];
    });
    if (changed.length === 0) return [];
    const resourceNameRegex = `^${metadata.name.replaceAll(".", "\\.")}$`;
    const patchData = JSON.stringify({ data: Object.fromEntries(changed) });
    return [{ conditions: { groupResource: "configmaps", resourceNameRegex }, mergePatches: [{ patchData }] }];
  });
  // JSON is YAML, which Velero reads.
  return rules.length > 0 ? JSON.stringify({ version: "v1", resourceModifierRules: rules }) : undefined;
}
