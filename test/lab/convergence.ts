import assert from "node:assert/strict";
import { listObjects } from "../../lab/node/cluster-api.js";
import { proveParse } from "../../lab/proof.js";
import type { LabStack } from "./lab-stack.js";

/** The next update, after `pulumi cancel` where the engine asks for it, ends well, keeps what was made, doubles nothing. */
export async function convergesWithSameSecrets(stack: LabStack): Promise<void> {
  const made = await secretValues(stack);
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

async function secretValues(stack: LabStack): Promise<Record<string, string>> {
  const secrets = await stack.objects("secrets").catch(() => []);
  const ours = secrets.filter(({ type }) => type !== "helm.sh/release.v1");
  return Object.fromEntries(ours.map(({ metadata, data }) => [metadata.name, JSON.stringify(data)]));
}
