import type { ProjectMutation, Sections } from "../lab/mutated-project";

/** One changed line, and the policy that must catch it. */
export interface PolicyMutation {
  /** What the change does, completes "finds …". */
  finds: string;
  policy: string;
  /** The resource, and the object in it, as the message names them. */
  on: string;
  /** The property, as the message names it. */
  property: string;
  mutation: ProjectMutation;
}

/** A change of a line of the chart. */
export function chart(file: string, from: string, to: string): ProjectMutation {
  return { file: `charts/parse-server/templates/${file}`, from, to };
}

/** A change of a line of the program, as it is compiled. */
export function program(file: string, from: string, to: string): ProjectMutation {
  return { file: `dist/${file}.js`, from, to };
}

/** A change of the stack's settings; sections by their names without `onprem:`. */
export function settings(change: (sections: Sections) => void): ProjectMutation {
  return { settings: change };
}

/** A word that looks random, made for these tests. */
export const RANDOM_WORD = "q7Zp2VxL9sKd4RtYwB8nMf3H";
