import { Listr, type ListrTask, PRESET_TIMER, PRESET_TIMESTAMP } from "listr2";
import { nodePackages, postgresqlPackages, runtimePackages, unpackPackages } from "./debian.js";
import { buildImages } from "./images/build.js";
import { startContainerRuntime, startControlPlane, startNode } from "./node/start.js";
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

const programs: Phase = {
  id: "programs",
  title: "Programs from Go modules: Kubernetes, the engine, its provider, CoreDNS",
  run: async (step) => {
    await buildPrograms(step);
  },
};

const images = (id: string, title: string, names: readonly string[]): Phase => ({
  id,
  title,
  run: (step) => buildImages(step, names),
});

const applicationImages = images("application-images", "Images: Parse Server, PostgreSQL", [
  "pause",
  "shell",
  "postgresql",
  "parse-server",
]);
const clusterImages = images("cluster-images", "Images: CoreDNS, volume provisioner", [
  "coredns",
  "local-path-provisioner",
]);

const node: readonly Phase[] = [
  { id: "control-plane", title: "Kubernetes control plane", run: startControlPlane },
  { id: "container-runtime", title: "Container runtime and its images", run: startContainerRuntime },
  { id: "node", title: "Kubernetes node", run: startNode },
];

/**
 * Runs the phases that build and start the lab, then the given ones. What is built already takes no time.
 * @returns how long each phase took
 */
export async function runLabPhases(further: readonly Phase[] = []): Promise<PhaseTime[]> {
  const times: PhaseTime[] = [];
  const task = (phase: Phase): ListrTask => ({
    title: phase.title,
    task: async (_, handle) => {
      const started = Date.now();
      const step = openStep(phase.id, (line) => {
        handle.output = line;
      });
      await phase.run(step);
      times.push({ name: phase.title, seconds: (Date.now() - started) / 1000 });
    },
  });
  const build: ListrTask = {
    title: "Build, or find in the cache",
    task: (_, handle) =>
      handle.newListr(
        [
          {
            title: "Downloads and images",
            task: (_context, inner) => inner.newListr([downloads, applicationImages].map(task), { concurrent: false }),
          },
          task(programs),
        ],
        { concurrent: true },
      ),
  };
  await run([build, ...[clusterImages, ...node, ...further].map(task)]);
  return times;
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
