import assert from "node:assert/strict";
import { listObjects } from "../../../lab/node/cluster-api";
import { proveParse } from "../../../lab/proof";
import type { LabStack } from "../../support/lab/lab-stack";

/**
 * The next update, after `pulumi cancel` where the engine asks for it, ends well, keeps what was made, doubles nothing.
 * @param earlier Secrets that were there before, and are to be the same. Default: those that are there now
 */
export async function convergesWithSameSecrets(stack: LabStack, earlier: SecretValues = {}): Promise<void> {
  const made = { ...(await secretValues(stack)), ...earlier };
  const first = await stack.run("up", "--yes", "--skip-preview");
  if (first.exitCode !== 0) {
    assert.match(first.output, /pulumi cancel/, first.output);
    await stack.succeed("cancel", "--yes");
    await stack.up();
  }
  const now = await secretValues(stack);
  for (const [name, value] of Object.entries(made)) assert.equal(now[name], value, `${name} changed`);
  await proveParse(await stack.parseAddress());
  await stack.expectNoChanges();
  const releases = await listObjects("secrets", stack.namespace, "owner=helm");
  assert.deepEqual([...new Set(releases.map(({ metadata }) => metadata.labels?.name))], ["parse-server"]);
  assert.equal(releases.filter(({ metadata }) => metadata.labels?.status === "deployed").length, 1);
}

/** Secret's name → its data, as text. */
export type SecretValues = Readonly<Record<string, string>>;

/** The Secrets that a stack made so far, but Helm's records. */
export async function secretValues(stack: LabStack): Promise<SecretValues> {
  const secrets = await stack.objects("secrets").catch(() => []);
  const ours = secrets.filter(({ type }) => type !== "helm.sh/release.v1");
  return Object.fromEntries(ours.map(({ metadata, data }) => [metadata.name, JSON.stringify(data)]));
}
