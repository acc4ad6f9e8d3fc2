import assert from "node:assert/strict";
import { projectRoot } from "../../../lab/layout";
import { kubectl } from "../../../lab/node/start";
import { findSecrets } from "../../support/lab/secret-scan";
import type { GitApi } from "./git-api";
import type { GitOpsStack } from "./gitops-stack";

/**
 * Says in tests what becomes of the keys of a stack that has registered its first ones by the API.
 * @param settings of the section `gitops`, beside the repository's
 */
export function registersKeys(stack: GitOpsStack, api: GitApi, settings: Record<string, unknown>): void {
  const outputs: string[] = [];

  it("has had its keys registered by the server's API; a rotation leaves the right ones, and touches nobody else's", async () => {
    assert.deepEqual(api.titles(), ["a colleague's", api.titleOf(1), api.titleOf(2)]);
    await stack.writeRegistered(api.registration(), settings, { deployKeyGeneration: 2 });
    outputs.push(await stack.up());
    assert.deepEqual(api.titles(), ["a colleague's", api.titleOf(2), api.titleOf(3)]);
    const [one, two, three] = [1, 2, 3].map((generation) => api.titleOf(generation));
    const done = [`POST ${one}`, `POST ${two}`, `DELETE ${one}`, `POST ${three}`, `DELETE ${one}`];
    assert.deepEqual(api.journal(), done);
    assert.deepEqual(api.readingLines().slice(1), await stack.deployKeys());
    const judged = await stack.expectNoChanges("--policy-pack", `${projectRoot}/policy/onprem-policies`);
    assert.doesNotMatch(judged, /deploy-keys-fleet|fleet-(register|retire)/);
  });

  it("keeps the API's token in its Secret", async () => {
    const inFlux = (...args: string[]) => kubectl("-n", stack.flux, ...args);
    const findings = findSecrets(
      { token: api.token },
      {
        "exported state": await stack.succeed("stack", "export"),
        "plain stack output": await stack.succeed("stack", "output", "--json"),
        "what updates wrote": outputs.join("\n"),
        objects: await inFlux("get", "pods,jobs,configmaps,events", "-o", "json"),
        "logs of registering": await inFlux("logs", "--selector", "batch.kubernetes.io/job-name", "--prefix"),
      },
    );
    assert.deepEqual(findings, []);
  });

  it("says in one sentence why the API does not take the keys, and nothing else is changed", async () => {
    await stack.writeRegistered(api.registration("expired"), settings, { deployKeyGeneration: 2 });
    const { exitCode, output } = await stack.run("up", "--yes", "--skip-preview");
    assert.notEqual(exitCode, 0);
    assert.match(
      output,
      /GitLab at https:\S+ does not know the token of authentication\.registration of the repository fleet/,
    );
    assert.deepEqual(api.titles(), ["a colleague's", api.titleOf(2), api.titleOf(3)]);
  });
}
