import { Listr, type ListrTask, PRESET_TIMER, PRESET_TIMESTAMP } from "listr2";
import { nodePackages, postgresqlPackages, runtimePackages, unpackPackages } from "./debian.js";
import { type ProgramSet, programSetsOf } from "./go-modules.js";
import { buildImages } from "./images/build.js";
import { writeMirror } from "./mirror.js";
import { startContainerRuntime } from "./node/container-runtime.js";
import { startControlPlane, startNode } from "./node/start.js";
import { chosenParts, type PartName } from "./parts.js";
import { openStep, type Step } from "./steps.js";
import { buildPrograms } from "./toolchain/build.js";

/** One phase's name and how long it took. */
export interface PhaseTime {
  readonly name: string;
  readonly seconds: number;
}

/** A phase that a person follows on the screen; its log is named after `id`. */
export interface Phase {
  readonly id: string;
  readonly title: string;
  readonly run: (step: Step) => Promise<void>;
}

const downloads: Phase = {
  id: "debian-packages",
  title: "Debian packages",
  run: async (step) => {
    for (const packages of [nodePackages, runtimePackages, postgresqlPackages]) await unpackPackages(step, packages);
  },
};

const programTitles: Readonly<Record<ProgramSet, string>> = {
  core: "Kubernetes, the engine's provider for it, CoreDNS",
  engine: "the engine",
  helm: "Helm",
  backup: "Velero and its store",
  gitops: "Flux and a Git server",
  monitoring: "Prometheus, Alertmanager, their operator and exporters",
};

const programsOf = (set: ProgramSet): Phase => ({
  id: set === "core" ? "programs" : `programs-${set}`,
  title: `Programs: ${programTitles[set]}`,
  run: async (step) => {
    await buildPrograms(step, set);
  },
});

const imagesOf = (id: string, title: string, part: PartName, names?: readonly string[]): Phase => ({
  id,
  title: `Images: ${title}`,
  run: (step) => buildImages(step, part, names),
});

const applicationImages = imagesOf("application-images", "Parse Server, PostgreSQL", "core", [
  "pause",
  "shell",
  "postgresql",
  "parse-server",
]);

const coreImages = imagesOf("cluster-images", "CoreDNS", "core", ["coredns"]);

const mirror = (parts: readonly PartName[]): Phase => ({
  id: "mirror",
  title: "Mirror of charts and manifests",
  run: (step) => writeMirror(step, parts),
});

const controlPlane: Phase = { id: "control-plane", title: "Kubernetes control plane", run: startControlPlane };

const node: readonly Phase[] = [
  { id: "container-runtime", title: "Container runtime and its images", run: startContainerRuntime },
  { id: "node", title: "Kubernetes node", run: startNode },
];

/**
 * Runs the phases that build and start the lab with the parts it was chosen to have, then the given ones. What is built
 * already takes no time. A phase waits for what it needs alone: the cluster starts while the engine is still compiled, and
 * Helm's command, which no start needs, is linked while the platform comes up.
 * @returns how long each phase took, with its waiting
 */
export async function runLabPhases(further: readonly Phase[] = []): Promise<PhaseTime[]> {
  const times: PhaseTime[] = [];
  const parts = chosenParts();
  const others = parts.filter((part) => part !== "core");
  const runOnce = onceEach(times);
  const after = (needed: readonly Phase[], phase: Phase): ListrTask => ({
    title: phase.title,
    task: async (_, handle) => {
      await Promise.all(needed.map((one) => runOnce.ended(one)));
      await runOnce.run(phase, (line) => {
        handle.output = line;
      });
    },
  });
  const atOnce = (title: string, tasks: ListrTask[], concurrent: boolean): ListrTask => ({
    title,
    task: (_, handle) => handle.newListr(tasks, { concurrent }),
  });

  const core = programsOf("core");
  const helm = programsOf("helm");
  const sets = parts.flatMap((part) => programSetsOf[part]).filter((set) => set !== "core" && set !== "helm");
  const needed = [core, ...sets.map(programsOf)];
  const imagesOfParts = others.map((part) => imagesOf(`images-${part}`, programTitles[part], part));
  const images = [coreImages, ...imagesOfParts];
  const inCluster = [
    after([core, downloads], controlPlane),
    ...images.map((phase, index) => after([downloads, ...(index === 0 ? [core] : needed)], phase)),
    ...node.map((phase, index) => after(index === 0 ? [applicationImages] : [], phase)),
  ];
  const platform = [
    ...(others.length > 0 ? [after([helm], mirror(parts))] : []),
    ...further.map((phase) => after([], phase)),
  ];
  await run([
    atOnce(
      "Build, or find in the cache, and start the cluster",
      [
        atOnce("Downloads and images", [after([], downloads), after([], applicationImages)], false),
        atOnce(
          "Programs",
          needed.map((phase) => after([], phase)),
          true,
        ),
        atOnce("Cluster", inCluster, false),
      ],
      true,
    ),
    atOnce("Platform", [after([], helm), atOnce("Stack", platform, false)], true),
  ]);
  return times;
}

/** Runs phases, each once, and lets others wait for their ends. */
function onceEach(times: PhaseTime[]) {
  const ended = new Set<string>();
  const waiting: { readonly id: string; readonly goOn: () => void }[] = [];
  return {
    /** Never, where the phase fails: then everything ends. */
    ended: ({ id }: Phase): Promise<void> =>
      new Promise((goOn) => (ended.has(id) ? goOn() : waiting.push({ id, goOn }))),
    run: async (phase: Phase, show: (line: string) => void): Promise<void> => {
      const started = Date.now();
      await phase.run(openStep(phase.id, show));
      times.push({ name: phase.title, seconds: (Date.now() - started) / 1000 });
      ended.add(phase.id);
      for (const { id, goOn } of waiting) if (id === phase.id) goOn();
    },
  };
}

/** Runs phases one after the other. */
export async function runPhases(phases: readonly Phase[]): Promise<void> {
  await run(
    phases.map((phase) => ({
      title: phase.title,
      task: async (_, handle) => {
        await phase.run(
          openStep(phase.id, (line) => {
            handle.output = line;
          }),
        );
      },
    })),
  );
}

async function run(tasks: ListrTask[]): Promise<void> {
  await new Listr(tasks, {
    concurrent: false,
    exitOnError: true,
    renderer: "default",
    fallbackRenderer: "simple",
    rendererOptions: { timer: PRESET_TIMER, collapseSubtasks: false, showErrorMessage: false },
    fallbackRendererOptions: { timer: PRESET_TIMER, timestamp: PRESET_TIMESTAMP },
  }).run();
}
