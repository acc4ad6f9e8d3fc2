/**
 * The controllers of Flux that the lab builds, each with its version in the release that the platform pins. notification-controller is
 * one patch behind: of the release's own, 1.9.4, no module is served.
 */
export const fluxControllers = {
  "source-controller": "v1.9.5",
  "kustomize-controller": "v1.9.5",
  "helm-controller": "v1.6.4",
  "notification-controller": "v1.9.3",
} as const;
