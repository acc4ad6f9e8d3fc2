import type { Input } from "@pulumi/pulumi";

/** Which of an image's tags is the newest. */
export type TagPolicy =
  | { readonly kind: "semver"; readonly range: string }
  | { readonly kind: "numerical" | "alphabetical"; readonly order: "asc" | "desc" };

/** An image whose tags are read. */
export interface WatchedImage {
  /** Name of the ImageRepository and of the ImagePolicy, which files in Git refer to. */
  readonly name: string;
  /** Registry and path, without a tag. */
  readonly image: string;
  /** Time between two reads of the registry, such as `5m`. */
  readonly interval: string;
  /** Which tag is the newest. */
  readonly policy: TagPolicy;
  /** Regular expression of the tags that count, and what of them is compared. Absent: all, as they are. */
  readonly filterTags: { readonly pattern: string; readonly extract: string | undefined } | undefined;
  /** Docker `config.json` with the registry's credentials. Absent: none needed. */
  readonly credentials: Input<string> | undefined;
}

/** A directory of a repository in which newer tags are written. */
export interface ImageUpdate {
  /** Name of the ImageUpdateAutomation. */
  readonly name: string;
  /** Name of a repository. */
  readonly repository: string;
  /** Directory whose files are updated. */
  readonly path: string;
  /** Time between two runs, such as `30m`. */
  readonly interval: string;
  /** Who commits. */
  readonly author: { readonly name: string; readonly email: string };
  /** Go template of the commit's message. */
  readonly commitMessage: string;
  /** Branch that is pushed to. Absent: the one that is followed. */
  readonly pushBranch: string | undefined;
}

/** Commits of newer image tags. */
export interface ImageAutomation {
  /** Images whose tags are read. */
  readonly images: readonly WatchedImage[];
  /** Where newer tags are committed. */
  readonly updates: readonly ImageUpdate[];
}
