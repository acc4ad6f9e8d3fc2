import { Listr, type ListrTask, PRESET_TIMER, PRESET_TIMESTAMP } from "listr2";
import { nodePackages, postgresqlPackages, runtimePackages, unpackPackages } from "./debian";
import { type ProgramSet, programSetsOf } from "./go-modules";
import { buildImages } from "./images/build";
import { writeMirror } from "./mirror";
import { startContainerRuntime } from "./node/container-runtime";
import { startControlPlane, startNode } from "./node/start";
import { chosenParts, type PartName } from "./parts";
import { openStep, type Step } from "./steps";
import { buildPrograms } from "./toolchain/build";
import { putHugePagesBack } from "./toolchain/huge-pages";

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

const containerRuntime: Phase = {
  id: "container-runtime",
  title: "Container runtime and its images",
  run: startContainerRuntime,
};

const node: Phase = { id: "node", title: "Kubernetes node", run: startNode };

/**
 * Runs the phases that build and start the lab with the parts it was chosen to have, then the given ones. What is built
 * already takes no time. A phase waits for what it needs alone: the cluster starts while the engine is still compiled, and
 * Helm's command, which no start needs, is built while the platform comes up.
 * @returns how long each phase took
 */
export async function runLabPhases(further: readonly Phase[] = []): Promise<PhaseTime[]> {
  putHugePagesBack();
  const parts = chosenParts();
  const others = parts.filter((part) => part !== "core");
  const { times, after } = onceEach();
  const alone = (phase: Phase) => after([], phase);
  const core = programsOf("core");
  const helm = programsOf("helm");
  const sets = parts.flatMap((part) => programSetsOf[part]).filter((set) => set !== "core" && set !== "helm");
  const programs = [core, ...sets.map(programsOf)];
  const imagesOfParts = others.map((part) => imagesOf(`images-${part}`, programTitles[part], part));
  const cluster = [
    after([core, downloads], controlPlane),
    alone(coreImages),
    ...imagesOfParts.map((phase) => after(programs, phase)),
    after([applicationImages], containerRuntime),
    alone(node),
  ];
  const stack = [...(others.length > 0 ? [after([helm], mirror(parts))] : []), ...further.map(alone)];
  await run([
    group("Build, or find in the cache, and start the cluster", "at once", [
      group("Downloads and images", "in turn", [downloads, applicationImages].map(alone)),
      group("Programs", "at once", programs.map(alone)),
      group("Cluster", "in turn", cluster),
    ]),
    group("Platform", "at once", [alone(helm), group("Stack", "in turn", stack)]),
  ]);
  return times;
}

const group = (title: string, order: "at once" | "in turn", tasks: ListrTask[]): ListrTask => ({
  title,
  task: (_, handle) => handle.newListr(tasks, { concurrent: order === "at once" }),
});

/** Runs phases, each once and after the ends of others, and keeps how long each took. */
function onceEach() {
  const times: PhaseTime[] = [];
  const ended = new Set<string>();
  const waiting: { readonly id: string; readonly goOn: () => void }[] = [];
  // Never, where the other phase fails: then everything ends.
  const endOf = ({ id }: Phase): Promise<void> =>
    new Promise((goOn) => (ended.has(id) ? goOn() : waiting.push({ id, goOn })));
  const after = (others: readonly Phase[], phase: Phase): ListrTask => ({
    title: phase.title,
    task: async (_, handle) => {
      await Promise.all(others.map(endOf));
      const started = Date.now();
      await phase.run(
        openStep(phase.id, (line) => {
          handle.output = line;
        }),
      );
      times.push({ name: phase.title, seconds: (Date.now() - started) / 1000 });
      ended.add(phase.id);
      for (const { id, goOn } of waiting) if (id === phase.id) goOn();
    },
  });
  return { times, after };
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
