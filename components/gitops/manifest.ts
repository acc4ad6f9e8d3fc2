/** Flux's release manifest, and what of it is installed. Pure. */
import { RunError } from "@pulumi/pulumi";
import { parseAllDocuments } from "yaml";
import { RELEASE_ANNOTATION } from "../kubernetes/deployed-version";
import { adoptExisting } from "../kubernetes/object-metadata";
import { type Resources, resourcesOf } from "../kubernetes/pods";
import { commonLabels } from "./names";

/** The manifest is not one that this program can install. */
export class FluxManifestError extends RunError {
  /** Stable name of the error. */
  readonly code = "FLUX_MANIFEST";
  override readonly name = "FluxManifestError";
}

/** Controllers that the program can install, each with the plural names of the kinds that it brings. */
export const controllers = {
  "source-controller": [
    "buckets.source",
    "externalartifacts.source",
    "gitrepositories.source",
    "helmcharts.source",
    "helmrepositories.source",
    "ocirepositories.source",
  ],
  "kustomize-controller": ["kustomizations.kustomize"],
  "helm-controller": ["helmreleases.helm"],
  "image-reflector-controller": ["imagepolicies.image", "imagerepositories.image"],
  "image-automation-controller": ["imageupdateautomations.image"],
  "notification-controller": ["alerts.notification", "providers.notification", "receivers.notification"],
} as const;

/** Name of a controller. */
export type ControllerName = keyof typeof controllers;

/** A Kubernetes object of the manifest. */
export interface FluxObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    name: string;
    namespace?: string;
    labels: Record<string, string>;
    annotations?: Record<string, string>;
  };
  readonly [field: string]: unknown;
}

/** How the released objects are changed on their way into the cluster. */
export interface Installation {
  /** Customer's name, on every object as a label. */
  readonly customer: string;
  /** Version of the release; its objects don't say it. */
  readonly version: string;
  /** Namespace of the controllers. */
  readonly namespace: string;
  /** Controllers that are installed. */
  readonly controllers: readonly ControllerName[];
  /** Lets calls of Git servers in. */
  readonly webhooks: boolean;
  /** Takes the place of the images' registry host. Absent: as released. */
  readonly imageMirror: string | undefined;
  /** Of each controller. */
  readonly resources: Resources;
  /** Names of Secrets with credentials of the image registry. */
  readonly imagePullSecrets: readonly string[];
}

/** The namespace that the released manifest is made for. */
const RELEASED_NAMESPACE = "flux-system";
/** A failed look is made again after this long at the latest; upstream's 15 minutes would go on after a mistake is fixed. */
const RETRY = "--max-retry-delay=30s";
const CONTROLLER_LABEL = "app.kubernetes.io/component";

/** Objects of the manifest besides the controllers and their kinds: what they may do and whom they may talk to. */
export const surroundings = [
  "ResourceQuota/critical-pods",
  "ClusterRole/crd-controller",
  "ClusterRole/flux-edit",
  "ClusterRole/flux-view",
  "ClusterRoleBinding/cluster-reconciler",
  "ClusterRoleBinding/crd-controller",
  "NetworkPolicy/allow-egress",
  "NetworkPolicy/allow-scraping",
] as const;

/** Objects that let calls of Git servers in. */
export const webhookObjects = ["NetworkPolicy/allow-webhooks", "Service/webhook-receiver"] as const;

/** Objects that are left out unless they are asked for; the namespace is the program's own. */
const LEFT_OUT: readonly string[] = [`Namespace/${RELEASED_NAMESPACE}`, ...webhookObjects];

/** Controllers that others call. */
const SERVERS: readonly ControllerName[] = ["source-controller", "notification-controller"];

/** Name of a kind's CustomResourceDefinition in the manifest, from its short name in {@link controllers}. */
export function definitionName(short: string): string {
  return `CustomResourceDefinition/${short}.toolkit.fluxcd.io`;
}

/** Objects of the manifest that a controller's Deployment needs, besides its kinds. */
export function servedObjects(name: ControllerName): string[] {
  const service = SERVERS.includes(name) ? [`Service/${name}`] : [];
  return [`ServiceAccount/${name}`, ...service];
}

/** Name of a controller's Deployment in the manifest. */
export function deploymentName(name: ControllerName): string {
  return `Deployment/${name}`;
}

/** Every object that is installed, as `Kind/name` in the manifest. */
export function installedObjects(chosen: readonly ControllerName[], webhooks: boolean): string[] {
  const ofControllers = chosen.flatMap((name) => [
    ...controllers[name].map((short) => definitionName(short)),
    ...servedObjects(name),
    deploymentName(name),
  ]);
  return [...surroundings, ...ofControllers, ...(webhooks ? webhookObjects : [])];
}

/**
 * The objects to install, by `Kind/name` as in the manifest.
 * @param text the release's `install.yaml`
 * @throws FluxManifestError when one is missing, or there is one that the program does not know
 */
export function installation(text: string, settings: Installation): Record<string, FluxObject> {
  const objects = objectsOf(text);
  const wanted = installedObjects(settings.controllers, settings.webhooks);
  const missing = wanted.filter((key) => !objects.has(key));
  if (missing.length > 0) {
    throw new FluxManifestError(
      `Flux's manifest lacks ${missing.join(", ")}: take the release's own install.yaml, or leave out what needs it (in onprem:gitops: helmReleases; notifications, commitStatus and receiver; imageAutomation).`,
    );
  }
  const unknown = [...objects].filter(([key, object]) => !wanted.includes(key) && !isLeftOut(key, object, settings));
  if (unknown.length > 0) {
    throw new FluxManifestError(
      `Flux's manifest holds ${unknown.map(([key]) => key).join(", ")}, which this program does not know; nothing of it was used. Take the version in components/releases/releases.ts.`,
    );
  }
  return Object.fromEntries(wanted.map((key) => [key, fitted(objects.get(key) as FluxObject, settings)]));
}

function objectsOf(text: string): Map<string, FluxObject> {
  const documents = parseAllDocuments(text);
  const broken = documents.flatMap(({ errors }) => errors)[0];
  if (broken) throw new FluxManifestError(`Flux's manifest is not YAML: ${broken.message}`);
  const objects = documents.map((document) => document.toJS() as FluxObject | null).filter((object) => object !== null);
  return new Map(objects.map((object) => [`${object.kind}/${object.metadata?.name}`, object]));
}

/** Whether an object is not for this program to install: another controller's, or one of those that it makes itself. */
function isLeftOut(key: string, { metadata }: FluxObject, { controllers: chosen }: Installation): boolean {
  const controller = metadata.labels?.[CONTROLLER_LABEL];
  return LEFT_OUT.includes(key) || (controller !== undefined && !(chosen as readonly string[]).includes(controller));
}

function fitted(object: FluxObject, settings: Installation): FluxObject {
  const { namespace } = settings;
  const moved = {
    ...object,
    metadata: {
      ...object.metadata,
      name: nameOf(object, namespace),
      ...(object.metadata.namespace === undefined ? {} : { namespace }),
      labels: { ...object.metadata.labels, ...commonLabels(settings.customer) },
      annotations: adoptExisting,
    },
  };
  if (object.kind === "ClusterRoleBinding") return fittedBinding(moved, settings);
  if (object.kind === "Deployment") return fittedDeployment(moved, settings);
  return moved;
}

/** Roles are the cluster's: beside a Flux in another namespace they need another name. */
function nameOf({ kind, metadata: { name } }: FluxObject, namespace: string): string {
  if (namespace === RELEASED_NAMESPACE || !kind.startsWith("ClusterRole")) return name;
  return `${name}-${namespace}`;
}

interface Subject {
  readonly name: string;
  readonly namespace: string;
}

function fittedBinding(binding: FluxObject, { controllers: chosen, namespace }: Installation): FluxObject {
  const subjects = binding.subjects as Subject[];
  const role = binding.roleRef as { name: string };
  const ours = role.name === "crd-controller";
  return {
    ...binding,
    roleRef: ours && namespace !== RELEASED_NAMESPACE ? { ...role, name: `${role.name}-${namespace}` } : role,
    subjects: subjects
      .filter(({ name }) => (chosen as readonly string[]).includes(name))
      .map((subject) => ({ ...subject, namespace })),
  };
}

interface Container {
  readonly image: string;
  readonly args: string[];
}

interface DeploymentSpec {
  readonly template: { readonly spec: { readonly containers: readonly [Container] } };
}

function fittedDeployment(deployment: FluxObject, settings: Installation): FluxObject {
  const spec = deployment.spec as DeploymentSpec;
  const { template } = spec;
  const [container] = template.spec.containers;
  const fittedContainer = {
    ...container,
    image: mirrored(container.image, settings.imageMirror),
    args: [...container.args.flatMap((argument) => fittedArgument(argument, settings)), RETRY],
    resources: resourcesOf(settings.resources),
  };
  const podSpec = {
    ...template.spec,
    enableServiceLinks: false,
    imagePullSecrets: settings.imagePullSecrets.map((name) => ({ name })),
    containers: [fittedContainer],
  };
  const { annotations, ...metadata } = deployment.metadata;
  return {
    ...deployment,
    metadata: { ...metadata, annotations: { ...annotations, [RELEASE_ANNOTATION]: settings.version } },
    spec: { ...spec, template: { ...template, spec: podSpec } },
  };
}

const EVENTS = "--events-addr=";

/** Events go to notification-controller in the same namespace; nobody listens to them without it. */
function fittedArgument(argument: string, { controllers: chosen, namespace }: Installation): string[] {
  if (!argument.startsWith(EVENTS)) return [argument];
  if (!chosen.includes("notification-controller")) return [];
  return [argument.replace(`.${RELEASED_NAMESPACE}.`, `.${namespace}.`)];
}

/** An image from a mirror in the place of its registry. */
function mirrored(image: string, mirror: string | undefined): string {
  return mirror === undefined ? image : [mirror, ...image.split("/").slice(1)].join("/");
}
