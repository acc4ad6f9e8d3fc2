import { Listr, type ListrTask, PRESET_TIMER, PRESET_TIMESTAMP } from "listr2";
import { nodePackages, postgresqlPackages, runtimePackages, unpackPackages } from "./debian.js";
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

const titles: Readonly<Record<PartName, string>> = {
  core: "Kubernetes, the engine, its provider, CoreDNS",
  backup: "Velero and its store",
  gitops: "Flux and a Git server",
  monitoring: "Prometheus, Alertmanager, their operator and exporters",
};

const programsOf = (part: PartName): Phase => ({
  id: part === "core" ? "programs" : `programs-${part}`,
  title: `Programs: ${titles[part]}`,
  run: async (step) => {
    await buildPrograms(step, part);
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

/** Phases after the builds: images of what was built, and the mirror. */
function furtherImages(parts: readonly PartName[]): readonly Phase[] {
  const ofParts = parts.filter((part) => part !== "core").map((part) => imagesOf(`images-${part}`, titles[part], part));
  const mirror: Phase = {
    id: "mirror",
    title: "Mirror of charts and manifests",
    run: (step) => writeMirror(step, parts),
  };
  const core = imagesOf("cluster-images", "CoreDNS", "core", ["coredns"]);
  return [core, ...ofParts, ...(ofParts.length > 0 ? [mirror] : [])];
}

const node: readonly Phase[] = [
  { id: "control-plane", title: "Kubernetes control plane", run: startControlPlane },
  { id: "container-runtime", title: "Container runtime and its images", run: startContainerRuntime },
  { id: "node", title: "Kubernetes node", run: startNode },
];

/**
 * Runs the phases that build and start the lab with the parts it was chosen to have, then the given ones. What is built already takes no time.
 * @returns how long each phase took
 */
export async function runLabPhases(further: readonly Phase[] = []): Promise<PhaseTime[]> {
  const times: PhaseTime[] = [];
  const parts = chosenParts();
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
          {
            title: "Programs",
            task: (_context, inner) => inner.newListr(parts.map(programsOf).map(task), { concurrent: false }),
          },
        ],
        { concurrent: true },
      ),
  };
  await run([build, ...[...furtherImages(parts), ...node, ...further].map(task)]);
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
