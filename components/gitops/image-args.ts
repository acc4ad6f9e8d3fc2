import type { Input } from "@pulumi/pulumi";

/** How the newest of an image's tags is told. */
export type TagPolicy =
  | { readonly kind: "semver"; readonly range: string }
  | { readonly kind: "numerical" | "alphabetical"; readonly order: "asc" | "desc" };

/** An image whose tags are looked at. */
export interface WatchedImage {
  /** Name of the ImageRepository and of the ImagePolicy, which files in Git refer to. */
  readonly name: string;
  /** Registry and path, without a tag. */
  readonly image: string;
  /** Time between two looks, such as `5m`. */
  readonly interval: string;
  readonly policy: TagPolicy;
  /** Regular expression of the tags that count, and what of them is compared. Default: all, as they are. */
  readonly filterTags?: { readonly pattern: string; readonly extract?: string };
  /** Docker `config.json` with the registry's credentials. Default: none needed. */
  readonly credentials?: Input<string>;
}

/** A directory of a repository in which newer tags are written. */
export interface ImageUpdate {
  /** Name of the ImageUpdateAutomation. */
  readonly name: string;
  /** Name of a repository. */
  readonly repository: string;
  /** Directory whose files are updated. */
  readonly path: string;
  readonly interval: string;
  /** Who commits. */
  readonly author: { readonly name: string; readonly email: string };
  /** Go template of the commit's message. */
  readonly commitMessage: string;
  /** Branch that is pushed to. Default: the one that is followed. */
  readonly pushBranch?: string;
}

/** Commits of newer image tags. */
export interface ImageAutomation {
  readonly images: readonly WatchedImage[];
  readonly updates: readonly ImageUpdate[];
}
