import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../layout";
import { builtPrograms } from "../toolchain/build";
import type { MirrorWriter } from "./writer";

const module = "github.com/prometheus-operator/prometheus-operator";
const chart = "kube-prometheus-stack";

/**
 * The operator's definitions, from the source of the release that lab/toolchain/monitoring pins, and the stand-in for
 * the chart kube-prometheus-stack, under the name and version that the platform asks a mirror for.
 */
export const mirrorMonitoring: MirrorWriter = async (step, { charts, manifests }) => {
  const cwd = join(projectRoot, "lab", "toolchain", "monitoring");
  const { Dir, Version } = JSON.parse(await step.run("go", ["mod", "download", "-json", module], { cwd })) as {
    Dir: string;
    Version: string;
  };
  const definitions = join("example", "prometheus-operator-crd");
  const target = join(manifests, "prometheus-operator", "prometheus-operator", Version, definitions);
  mkdirSync(target, { recursive: true });
  // The content alone: files of the module cache are read-only.
  for (const file of readdirSync(join(Dir, definitions)))
    writeFileSync(join(target, file), readFileSync(join(Dir, definitions, file)));
  const scratch = mkdtempSync(join(charts, ".scratch-"));
  cpSync(join(projectRoot, "lab", "mirror", chart), join(scratch, chart), { recursive: true });
  await step.run(join(builtPrograms("helm").folder, "helm"), [
    "package",
    join(scratch, chart),
    "--destination",
    scratch,
  ]);
  for (const file of readdirSync(scratch).filter((name) => name.endsWith(".tgz")))
    renameSync(join(scratch, file), join(charts, file));
  rmSync(scratch, { recursive: true });
};
