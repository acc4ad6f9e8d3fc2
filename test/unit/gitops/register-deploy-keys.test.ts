import assert from "node:assert/strict";
import {
  type Ask,
  apiClient,
  type Place,
  RegistrationError,
  registries,
} from "../../../components/gitops/in-cluster/git-hosts";
import { patient, type Registration, registerKeys } from "../../../components/gitops/in-cluster/register-deploy-keys";
import type { Answer } from "../../../components/in-cluster/request";
import { GitHostStandIn } from "../../support/lab/git-host-stand-in";

const TOKEN = "a-token-that-nobody-may-see";
const STACK = "onprem-platform/acme";
const line = (generation: number) => `ssh-ed25519 KEY${generation} onprem-acme-fleet-${generation}`;
const title = (generation: number) => `onprem-acme-fleet-${generation} (${STACK})`;

for (const [kind, repository] of [
  ["github", "acme/fleet"],
  ["gitlab", "acme/platform/fleet"],
] as const)
  describe(`deploy keys at ${kind}`, () => {
    let server: GitHostStandIn;

    beforeEach(async () => {
      server = new GitHostStandIn({ kind, repository, token: TOKEN });
      await server.start();
    });
    afterEach(() => server.stop());

    const run = (more: Partial<Registration> = {}, token = TOKEN, patienceMilliseconds = 0) => {
      const registration: Registration = {
        ...{ kind, repository, name: "fleet", apiUrl: server.apiUrl, task: "register", stack: STACK, write: false },
        ...{ lines: [line(1), line(2)], ...more },
      };
      const ask = patient(apiClient(kind, registration.apiUrl, token), registration, patienceMilliseconds, 1);
      return registerKeys(registration, registries[kind](registration, ask));
    };
    const registered = () => server.keys.map((key) => [key.title, key.write]);
    const both = (write: boolean) => [1, 2].map((generation) => [title(generation), write]);

    it("are there afterwards, the one in use and the next, for reading only; and once only", async () => {
      assert.match(await run(), /^fleet: onprem-acme-fleet-1 \(\S+\), onprem-acme-fleet-2 \(\S+\) registered at acme/);
      assert.deepEqual(registered(), both(false));
      const before = [...server.journal];
      assert.match(await run(), /nothing new/);
      assert.deepEqual(server.journal, before);
    });

    it("may push when image automation asks for that, and no longer when it does not", async () => {
      await run();
      await run({ write: true });
      assert.deepEqual(registered(), both(true));
      await run();
      assert.deepEqual(registered(), both(false));
    });

    it("are registered and removed once when the server's answer is lost", async () => {
      server.lostAnswers.push("POST", "POST", "DELETE");
      await run({}, TOKEN, 60_000);
      await run({ task: "retire", lines: [line(2), line(3)] }, TOKEN, 60_000);
      assert.deepEqual(registered(), [[title(2), false]]);
      assert.deepEqual(server.journal, [`POST ${title(1)}`, `POST ${title(2)}`, `DELETE ${title(1)}`]);
      assert.deepEqual(server.lostAnswers, []);
    });

    it("stay under the name that a person gave them by hand", async () => {
      await server.addByHand("the platform's", "ssh-ed25519 KEY1 pasted");
      await run();
      assert.deepEqual(registered(), [
        ["the platform's", false],
        [title(2), false],
      ]);
    });

    it("are all valid while they are rotated; then the older ones of this stack go, and nobody else's", async () => {
      await run();
      for (const other of [
        "onprem-acme-fleet-1 (onprem-platform/acme-test)",
        "onprem-acme-fleet-other-1 (onprem-platform/acme)",
        "onprem-acme-fleet (onprem-platform/acme)",
        "a colleague's",
      ])
        await server.addByHand(other, `ssh-ed25519 ${other.length}of-others`, true);
      // What a stack of this name left, that was destroyed.
      await server.addByHand(title(1), "ssh-ed25519 OF-ANOTHER-LIFE");
      const others = server.keys.slice(2, 6);
      const lines = [line(2), line(3)];
      await run({ lines });
      assert.equal(server.keys.length, 8);
      assert.match(await run({ lines, task: "retire" }), /^fleet: onprem-acme-fleet-1 \(\S+\), .* removed from/);
      assert.deepEqual(
        server.keys.filter((key) => !others.includes(key)).map((key) => key.title),
        [title(2), title(3)],
      );
      assert.equal(server.keys.length, 6);
    });

    it("are found among more keys than one page has", async () => {
      for (let count = 0; count < 250; count += 1) await server.addByHand("other", `ssh-ed25519 ${count}`);
      await server.addByHand(title(1), line(1));
      await run();
      assert.deepEqual(server.journal, [`POST ${title(2)}`]);
    });

    it("are asked for again while the server has too much to do", async () => {
      server.faults.push({ status: 503 }, { status: 429 });
      const place: Place = { name: "fleet", apiUrl: server.apiUrl, repository };
      const ask = patient(apiClient(kind, server.apiUrl, TOKEN), place, 10_000, 1);
      assert.deepEqual(await registries[kind](place, ask).list(), []);
    });

    const refusals: Record<string, [() => Promise<unknown>, RegExp]> = {
      "a token that the server does not know": [
        () => run({}, "wrong"),
        /does not know the token of authentication\.registration of the repository fleet \(401: .*set one that is valid/,
      ],
      "a repository that is not there, or not shown": [
        () => run({ repository: "acme/other" }),
        /has no repository acme\/other, or does not show it to the token .*\(404: .*correct url, or give the token/,
      ],
      "a key that another repository has": [
        () => {
          server.elsewhere = [line(1)];
          return run();
        },
        /knows the deploy key of fleet from another repository or account, .* raise deployKeyGeneration of fleet by two/,
      ],
      "a token without the right": [
        () => {
          server.faults.push({ status: 403, content: { message: "insufficient_scope" } });
          return run();
        },
        /does not let the token register deploy keys of acme\S+ \(403: .*give it the (permission|scope)/,
      ],
      "a repository that has moved": [
        () => {
          server.faults.push({ status: 301, content: { message: "Moved Permanently" } });
          return run();
        },
        /has acme\S+ at another address/,
      ],
      "a server that is broken": [
        () => {
          server.faults.push({ status: 502, content: "bad\ngateway" });
          return run();
        },
        /did not take the deploy keys of acme\S+ \(502: .*run pulumi up again/,
      ],
      "something else at the address": [
        () => {
          server.faults.push({ status: 200, content: "please log in" });
          return run();
        },
        /did not take the deploy keys of acme\S+ \(200: "please log in"\)/,
      ],
    };
    for (const [what, [attempt, sentence]] of Object.entries(refusals))
      it(`are refused, in one sentence that names the way out and no token, for ${what}`, async () => {
        await assert.rejects(attempt(), (error: Error) => {
          assert.ok(error instanceof RegistrationError, String(error));
          assert.match(error.message, sentence);
          assert.doesNotMatch(error.message, new RegExp(`\n|${TOKEN}`));
          return true;
        });
        assert.deepEqual(server.keys, []);
      });
  });

describe("a Git server's API that cannot be asked", () => {
  const place: Place = { name: "fleet", apiUrl: "https://git.example.com/api/v4", repository: "acme/fleet" };
  const failing =
    (message: string, code: string): Ask =>
    () =>
      Promise.reject(Object.assign(new Error(message), { code }));

  it("is said to be out of reach, after some patience", async () => {
    let calls = 0;
    const late: Ask = async (): Promise<Answer> => {
      calls += 1;
      if (calls < 3) throw Object.assign(new Error("refused"), { code: "ECONNREFUSED" });
      return { status: 200, body: "[]" };
    };
    assert.equal((await patient(late, place, 10_000, 1)("GET", "/")).status, 200);
    await assert.rejects(
      patient(failing("connect ECONNREFUSED", "ECONNREFUSED"), place, 0, 1)("GET", "/"),
      /cannot be reached from the cluster \(connect ECONNREFUSED\): correct authentication\.registration\.apiUrl/,
    );
  });

  it("is said at once to show a certificate of an unknown authority", async () => {
    await assert.rejects(
      patient(failing("unable to verify", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"), place)("GET", "/"),
      /no known authority signed .*caCertificate of the repository fleet/,
    );
  });
});
