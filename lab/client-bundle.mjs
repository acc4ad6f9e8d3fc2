// The Kubernetes client as one file (docs/decisions/0004).
import { join } from "node:path";

/** The source that becomes {@link clientBundle}. */
export const clientSource = join("components", "kubernetes", "client-node.ts");

const clientFile = /[\\/]@kubernetes[\\/]client-node[\\/]dist[\\/]/;

/** Of the Kubernetes client what is used: without it, its 1,400 files of models, of which a program reads none, stay. */
const withoutModels = {
  name: "kubernetes-client-without-models",
  setup({ onResolve, resolve }) {
    onResolve({ filter: /./ }, async ({ path, pluginData, ...from }) => {
      const isOwn = path.startsWith(".") && clientFile.test(from.importer);
      if (pluginData === withoutModels || !(isOwn || path === "@kubernetes/client-node")) return undefined;
      const found = await resolve(path, { ...from, pluginData: withoutModels });
      return { ...found, sideEffects: false };
    });
  },
};

/**
 * The Kubernetes client as one file, which the program and the commands read when they first ask a cluster.
 * @param root the project's folder
 * @param dist the folder of compiled files
 */
export function clientBundle(root, dist) {
  return {
    entryPoints: [join(root, clientSource)],
    outfile: join(dist, clientSource.replace(/\.ts$/, ".js")),
    bundle: true,
    sourcemap: false,
    plugins: [withoutModels],
  };
}
