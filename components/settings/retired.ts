import type { Settings } from "./validate";

/**
 * What is to be said of settings that are still taken, and do nothing any more. The release that stops taking one refuses
 * it as an unknown key.
 * @returns a sentence for each; none where there is nothing to say
 */
export function retiredSettings({ cluster }: Settings): string[] {
  if (cluster.kind !== "gke" || cluster.createdBy === undefined) return [];
  return [
    "onprem:cluster.createdBy does nothing any more, since this program makes every GKE cluster; the next release refuses it. Take it out: pulumi config rm --path 'onprem:cluster.createdBy'",
  ];
}
