import assert from "node:assert/strict";
import * as fc from "fast-check";
import { parseSettings, SettingsError } from "../../../components/settings";
import type { ProvenanceOf } from "../../../components/settings/secrets";
import { provenanceFrom } from "../../../components/settings/stack-file";
import { smallest } from "../../support/settings/valid-settings";

const TOKEN = "ghp_0123456789abcdefghijABCDEFGHIJ012345";

/** The message that these settings give. */
function messageOf(more: Record<string, unknown>, provenance?: ProvenanceOf): string {
  try {
    parseSettings({ ...smallest(), ...more }, provenance ? { provenance } : {});
  } catch (error) {
    assert.ok(error instanceof SettingsError, String(error));
    for (const { given, allowed, wayOut } of error.problems) assert.ok(given && allowed && wayOut);
    return error.message;
  }
  throw new assert.AssertionError({ message: "the settings were accepted" });
}

const repository = (url: string) => ({
  gitops: {
    repositories: [{ name: "fleet", url, authentication: { kind: "anonymous" } }],
    kustomizations: [{ name: "apps", repository: "fleet" }],
  },
});

describe("an error of the settings", () => {
  const ADDRESSES = [
    `https://${TOKEN}@git.example.com/acme/fleet.git`,
    `mongodb://pars/e:hunter2-hunter2@db.example.com/parse`,
    `https://x:hunter2-hunter2@git.example.com/a.git`,
    `ssh://git:hunter2-hunter2@git.example.com:99999/a.git`,
    `ftp://git.example.com/a.git?access_token=hunter2-hunter2`,
  ];
  for (const url of ADDRESSES) {
    it(`doesn't quote what is secret in ${url.replace(/:\/\/.*@|=.*/, "…")}`, () => {
      const message = messageOf(repository(url));
      assert.match(message, /repositories\[0\]\.url/);
      assert.doesNotMatch(message, /hunter2|ghp_/);
    });
  }

  it("doesn't quote a token in a setting that is none", () => {
    assert.doesNotMatch(messageOf({ parse: { logLevel: TOKEN } }), /ghp_/);
    assert.doesNotMatch(
      messageOf({ parse: { publicUrl: `https://a.example.com/x?token=hunter2-hunter2` } }),
      /hunter2/,
    );
    assert.doesNotMatch(messageOf({ parse: { [TOKEN]: 1 } }), /ghp_/);
  });

  it("names a Git address with an impossible port, in one problem and without a stack trace", () => {
    const authentication = { kind: "ssh", knownHosts: ["git.example.com ssh-ed25519 AAAA"] };
    const url = "ssh://git@git.example.com:99999/a.git";
    const gitops = { ...repository(url).gitops, repositories: [{ name: "fleet", url, authentication }] };
    const message = messageOf({ gitops });
    assert.match(message, /1 problem;/);
    assert.match(message, /"ssh:\/\/git@git\.example\.com:99999\/a\.git": its port is no number from 1 to 65535/);
    assert.doesNotMatch(message, /TypeError|\bat .*:[0-9]+:[0-9]+/);
  });

  it("doesn't quote what came encrypted, wherever it stands and whatever is wrong with it", () => {
    const places: readonly ((value: unknown) => Record<string, unknown>)[] = [
      (value) => ({ parse: { logLevel: value } }),
      (value) => ({ parse: { replicas: value } }),
      (value) => ({ parse: { mountPath: value } }),
      (value) => ({ parse: { masterKeyAllowedRanges: [value] } }),
      (value) => ({ parse: { database: { kind: "postgresql", version: value } } }),
      (value) => ({ parse: { database: { kind: value } } }),
      (value) => ({ cluster: { kind: "existing", kubeconfig: value, context: value } }),
      (value) => ({ backup: { schedules: [{ name: "daily", cron: value, retention: value }] } }),
      (value) => ({ backup: { schedules: [{ name: "daily", cron: "0 3 * * *", retention: "48h", location: value }] } }),
      (value) => ({ monitoring: { receivers: [{ kind: "webhook", name: value, url: value }] } }),
      (value) => ({ customer: value }),
      (value) => repository(String(value)),
    ];
    const secret = fc.oneof(fc.stringMatching(/^[a-z0-9]{8,30}$/), fc.integer({ min: 100_000, max: 2 ** 40 }));
    fc.assert(
      fc.property(fc.constantFrom(...places), secret, (place, value) => {
        const message = messageOf(place(value), (_, found) => (String(found) === String(value) ? "secret" : "plain"));
        assert.ok(!message.includes(String(value)), message);
      }),
      { numRuns: 300 },
    );
  });

  it("doesn't quote what came encrypted inside a mapping where text is due", () => {
    const file = `config:\n  onprem:customer: { region: { secure: "v1:a:b" }, nodes: 3 }\n`;
    const customer = JSON.stringify({ region: "hunter2-hunter2", nodes: 3 });
    assert.doesNotMatch(
      messageOf(
        { customer },
        provenanceFrom(file, () => true),
      ),
      /hunter2/,
    );
  });

  it("is words, not a stack trace, for a mapping with a name that every object has", () => {
    const region = { toString: [], valueOf: 1, kind: "gke" };
    const cluster = { kind: "gke", project: "acme-platform", region };
    const file = JSON.stringify({ config: { "onprem:customer": "acme", "onprem:cluster": cluster } });
    assert.match(
      messageOf(
        { cluster },
        provenanceFrom(file, () => false),
      ),
      /onprem:cluster\.region/,
    );
  });

  it("doesn't quote a secret that stands in another setting too", () => {
    const database = { kind: "external", engine: "mongodb", uri: "mongodb://parse:hunter2-hunter2@db/parse" };
    assert.doesNotMatch(messageOf({ parse: { database, logLevel: database.uri } }), /hunter2/);
  });
});
