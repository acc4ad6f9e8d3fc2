import * as pulumi from "@pulumi/pulumi";
import type { ClusterReader, ObjectPatch } from "./api-client";
import {
  type Definition,
  type DefinitionVersion,
  definitionPath,
  listPath,
  type Migration,
  migrationTo,
  objectPath,
  rewriting,
  type StoredObject,
  StoredVersionsError,
  withoutOldVersions,
} from "./stored-versions";

/** What the rewriting needs of the Kubernetes API; what it rejects with has the HTTP status as `status`. */
export interface DefinitionsApi extends ClusterReader {
  /** Changes one object. */
  patch(path: string, change: ObjectPatch): Promise<unknown>;
}

/** What was rewritten. */
export interface Rewritten {
  readonly migration: Migration;
  /** Objects of the kind. */
  readonly objects: number;
}

const PAGE = 100;
/** Others may write at the same moment; who loses so often in a row is held up by something else. */
const ATTEMPTS = 5;
const PREVIEW_MILLISECONDS = 2_000;
/**
 * In a preview the way to a cluster that is there is known before its definitions are looked at, since their provider needs
 * it too; one that the same run makes has no address, and would be waited for without end.
 */
const REACH_MILLISECONDS = 200;

const NOT_FOUND = 404;
const CONFLICT = 409;
const GONE = 410;

function statusOf(error: unknown): number | undefined {
  return (error as { status?: number }).status;
}

/** Does it again, from the start, as long as somebody else was faster or a page is no longer to be had. */
async function untilUndisturbed<Result>(run: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      const disturbed = [CONFLICT, GONE].includes(statusOf(error) ?? 0);
      if (!disturbed || attempt === ATTEMPTS) throw error;
    }
  }
}

/** A definition as the cluster has it; nothing where it has none. */
async function definitionOf(api: DefinitionsApi, name: string): Promise<Definition | undefined> {
  try {
    return (await api.get(definitionPath(name))) as Definition;
  } catch (error) {
    if (statusOf(error) === NOT_FOUND) return undefined;
    throw error;
  }
}

async function rewriteOne(api: DefinitionsApi, migration: Migration, listed: StoredObject): Promise<void> {
  const path = objectPath(migration, listed);
  let object = listed;
  try {
    await untilUndisturbed(async () => {
      try {
        await api.patch(path, rewriting(migration, object));
      } catch (error) {
        if (statusOf(error) === CONFLICT) object = (await api.get(path)) as StoredObject;
        throw error;
      }
    });
  } catch (error) {
    // Whoever deleted it has done more than was asked for.
    if (statusOf(error) === NOT_FOUND) return;
    const { name, namespace } = listed.metadata;
    const place = namespace === undefined ? name : `${namespace}/${name}`;
    const reason = error instanceof Error ? error.message : String(error);
    throw new StoredVersionsError(
      `${migration.definition} stays as it is, since ${place} cannot be rewritten from ${migration.lost.join(", ")} as ${migration.target}: ${reason}. Fix or delete that object, and run this again.`,
    );
  }
}

async function rewriteAll(api: DefinitionsApi, migration: Migration): Promise<number> {
  let count = 0;
  let continued: string | undefined = "";
  do {
    const page = (await api.get(listPath(migration, PAGE, continued))) as {
      metadata: { continue?: string };
      items: StoredObject[];
    };
    for (const object of page.items) await rewriteOne(api, migration, object);
    count += page.items.length;
    continued = page.metadata.continue;
  } while (continued);
  return count;
}

/**
 * Rewrites what the cluster may store in a version that a new definition lacks, and notes that it did. Without it the API
 * server refuses that definition: https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definition-versioning/#upgrade-existing-objects-to-a-new-stored-version
 * Done again, or by two at once, it does no harm.
 * @param name of the definition
 * @param next versions of the new one
 * @returns nothing where there was nothing to do
 * @throws StoredVersionsError when an object cannot be rewritten; the definition is then as it was
 */
export async function rewriteStored(
  api: DefinitionsApi,
  name: string,
  next: readonly DefinitionVersion[],
): Promise<Rewritten | undefined> {
  try {
    return await untilUndisturbed(async () => {
      const present = await definitionOf(api, name);
      const migration = present && migrationTo(present, next);
      if (!migration) return undefined;
      const objects = await rewriteAll(api, migration);
      await api.patch(`${definitionPath(name)}/status`, withoutOldVersions(migration));
      return { migration, objects };
    });
  } catch (error) {
    if (error instanceof StoredVersionsError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new StoredVersionsError(
      `${name} stays as it is, since it cannot be seen to that no object is stored in a version that it would forget: ${reason}. Run this again once the cluster lets it.`,
    );
  }
}

/** The new definition as the engine shows it to a hook; in a preview perhaps not known. */
interface NewDefinition {
  readonly metadata?: { readonly name?: string };
  readonly spec?: { readonly versions?: readonly DefinitionVersion[] };
}

function newDefinition({ newInputs }: pulumi.ResourceHookArgs): { name: string; versions: DefinitionVersion[] } {
  const { metadata, spec } = (newInputs ?? {}) as NewDefinition;
  return { name: metadata?.name ?? "", versions: [...(spec?.versions ?? [])] };
}

/**
 * Hooks that rewrite the objects of a kind before its definition is made or changed, where the new one lacks a version in
 * which they may be stored. A preview rewrites nothing, and the API server refuses the definition there already, so that
 * a preview ends with a sentence that says what has to be run.
 * @param name unique in the program; one binding serves any number of definitions
 * @param owner resource that messages are shown with
 * @param api how to reach the cluster; called once, when the first hook runs
 */
export function storedVersionHooks(
  name: string,
  owner: pulumi.Resource,
  api: () => Promise<DefinitionsApi>,
): pulumi.ResourceHookBinding {
  let connected: Promise<DefinitionsApi> | undefined;
  const connect = () => {
    connected ??= api();
    return connected;
  };
  let reached: Promise<DefinitionsApi | undefined> | undefined;
  const reach = () => {
    reached ??= inTime(connect(), REACH_MILLISECONDS).catch(() => undefined);
    return reached;
  };
  const run = async (args: pulumi.ResourceHookArgs) => {
    const { name: definition, versions } = newDefinition(args);
    if (pulumi.runtime.isDryRun()) {
      const cluster = await reach();
      return cluster && requireNothingToRewrite(async () => cluster, definition, versions);
    }
    const rewritten = await rewriteStored(await connect(), definition, versions);
    if (!rewritten) return;
    const { lost, target } = rewritten.migration;
    const what = `${rewritten.objects} objects, perhaps stored as ${lost.join(", ")}, were rewritten as ${target}`;
    await pulumi.log.info(`${definition}: ${what}`, owner);
  };
  const hook = (when: string) => new pulumi.ResourceHook(`${name}-${when}`, run, { onDryRun: true });
  return { beforeCreate: [hook("before-create")], beforeUpdate: [hook("before-update")] };
}

/**
 * What a preview does in the place of {@link rewriteStored}.
 * @param patienceMilliseconds a cluster that says nothing for so long is the provider's to tell of
 * @throws StoredVersionsError when there is something to rewrite
 */
export async function requireNothingToRewrite(
  api: () => Promise<DefinitionsApi>,
  name: string,
  next: readonly DefinitionVersion[],
  patienceMilliseconds = PREVIEW_MILLISECONDS,
): Promise<void> {
  const migration = await inTime(previewMigration(api, name, next), patienceMilliseconds);
  if (!migration) return;
  const { lost, target } = migration;
  throw new StoredVersionsError(
    `${name}: objects may be stored as ${lost.join(", ")}, which the new definition lacks, and a preview rewrites nothing. Run \`pulumi up --skip-preview\`, which rewrites them as ${target} before it changes the definition.`,
  );
}

/** What an update would have to do. A cluster that does not answer is the provider's to tell of. */
async function previewMigration(
  api: () => Promise<DefinitionsApi>,
  name: string,
  next: readonly DefinitionVersion[],
): Promise<Migration | undefined> {
  let present: Definition | undefined;
  try {
    present = await definitionOf(await api(), name);
  } catch {
    return undefined;
  }
  return present && migrationTo(present, next);
}

async function inTime<Result>(looked: Promise<Result>, milliseconds: number): Promise<Result | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), milliseconds);
  });
  try {
    return await Promise.race([looked, over]);
  } finally {
    clearTimeout(timer);
  }
}
