import assert from "node:assert/strict";
import { kubectl } from "../../lab/node/start.js";
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
  const releases = JSON.parse(await kubectl("get", "secrets", "-A", "-l", "owner=helm", "-o", "json")).items as Array<{
    metadata: { namespace: string; labels: { name: string; status: string } };
  }>;
  const ours = releases.filter(({ metadata }) => metadata.namespace === stack.namespace);
  assert.deepEqual([...new Set(ours.map(({ metadata }) => metadata.labels.name))], ["parse-server"]);
  assert.equal(ours.filter(({ metadata }) => metadata.labels.status === "deployed").length, 1);
}

async function secretValues(stack: LabStack): Promise<Record<string, string>> {
  const secrets = await stack.objects("secrets").catch(() => []);
  const ours = secrets.filter(({ type }) => type !== "helm.sh/release.v1");
  return Object.fromEntries(ours.map(({ metadata, data }) => [metadata.name, JSON.stringify(data)]));
}
