import { resolve } from "node:path";
import { parseDocument } from "yaml";
import {
  canBeContent,
  type FileReference,
  fieldOf,
  parseKubeconfig,
  relativePaths,
  usedRelativePaths,
} from "../grammars/kubeconfig";
import { contentOf } from "./access";
import { base64 } from "./base64";

/**
 * A kubeconfig that leads to the same cluster from any folder: certificates and keys that it names by relative paths stand
 * in it, other relative paths become absolute. Entries that the context does not use keep their files. The same text where
 * there is no relative path.
 * @param folder that relative paths start from: the one of the kubeconfig's file, as for kubectl
 * @param context Default: the current one
 * @throws KubernetesApiError when such a certificate or key is not there
 */
export function fromAnyFolder(text: string, folder: string, context?: string): string {
  const kubeconfig = parseKubeconfig(text);
  return rewritten(text, folder, kubeconfig ? usedRelativePaths(kubeconfig, context) : []);
}

/** A kubeconfig whose paths are absolute. The same text where there is no relative path. */
export function withAbsolutePaths(text: string, folder: string): string {
  return rewritten(text, folder, []);
}

function rewritten(text: string, folder: string, embedded: readonly FileReference[]): string {
  const kubeconfig = parseKubeconfig(text);
  const references = kubeconfig ? relativePaths(kubeconfig) : [];
  if (references.length === 0) return text;
  const document = parseDocument(text);
  for (const reference of references) {
    const [list, ...place] = reference.place;
    const file = resolve(folder, reference.path);
    const isEmbedded = embedded.some((one) => one.place.join() === reference.place.join());
    if (isEmbedded && canBeContent(reference)) {
      const content = contentOf(fieldOf(reference), undefined, file) ?? Buffer.alloc(0);
      document.deleteIn([list, ...place]);
      document.setIn([list, ...place.slice(0, -1), `${place.at(-1)}-data`], base64(content));
    } else document.setIn([list, ...place], file);
  }
  return document.toString({ lineWidth: 0 });
}
