/** Flux's objects for updates of images, and the controllers that they need. Pure. */
import type { ImageAutomation, ImageUpdate, WatchedImage } from "./image-args";

/** apiVersion of ImageRepository, ImagePolicy and ImageUpdateAutomation. */
export const IMAGE_API = "image.toolkit.fluxcd.io/v1";

/**
 * Specification of an ImageRepository.
 * @param secretName Secret with the registry's credentials; absent where none are needed
 */
export function imageRepositorySpec({ image, interval }: WatchedImage, suspend: boolean, secretName?: string) {
  return { image, interval, suspend, ...(secretName === undefined ? {} : { secretRef: { name: secretName } }) };
}

/** Specification of an ImagePolicy, which chooses among the tags of the ImageRepository of the same name. */
export function imagePolicySpec({ filterTags, name, policy }: WatchedImage, suspend: boolean) {
  const choice =
    policy.kind === "semver" ? { semver: { range: policy.range } } : { [policy.kind]: { order: policy.order } };
  return {
    imageRepositoryRef: { name },
    policy: choice,
    suspend,
    ...(filterTags === undefined ? {} : { filterTags: { ...filterTags } }),
  };
}

/**
 * Specification of an ImageUpdateAutomation, which commits what the policies of its namespace have chosen.
 * @param branch that the repository is followed on
 */
export function imageUpdateSpec(update: ImageUpdate, branch: string, suspend: boolean) {
  const { author, commitMessage, interval, path, pushBranch, repository } = update;
  return {
    sourceRef: { kind: "GitRepository", name: repository },
    interval,
    suspend,
    git: {
      checkout: { ref: { branch } },
      commit: { author: { ...author }, messageTemplate: commitMessage },
      push: { branch: pushBranch ?? branch },
    },
    update: { strategy: "Setters", path },
  };
}

/** Names of the repositories that image automation pushes to, and whose logins therefore may write. */
export function writtenTo(automation: ImageAutomation | undefined): ReadonlySet<string> {
  return new Set(automation?.updates.map(({ repository }) => repository));
}
