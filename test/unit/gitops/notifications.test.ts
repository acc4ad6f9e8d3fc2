import assert from "node:assert/strict";
import { newsOf, providerOf, statusProviderOf, webAddressOf } from "../../../components/gitops/notification-objects";
import { webhookPath, webhookSummary } from "../../../components/gitops/webhook-lines";

/** What of a notification is the same for every case. */
const SAID = {
  ...{ name: "chat", severity: "error" as const, repositories: ["fleet"] },
  ...{ channel: undefined, hmacKey: undefined, caCertificate: undefined },
};
const FOLLOWED = {
  kustomizations: [
    { name: "apps", repository: "fleet" },
    { name: "shelves", repository: "library" },
  ],
} as unknown as Parameters<typeof newsOf>[0];

describe("who is told what Flux does", () => {
  it("keeps every address that lets anybody write in the Secret", () => {
    const webhookUrl = "https://chat.example.com/secret-part";
    for (const kind of ["slack", "msteams", "discord", "googlechat", "rocket", "webhook"] as const) {
      const { files, ...open } = providerOf({ kind, webhookUrl, ...SAID });
      assert.equal(files.address, webhookUrl);
      assert.doesNotMatch(JSON.stringify(open), /secret-part/, kind);
    }
  });

  it("signs for an endpoint that has a key, and trusts the authority that it names", () => {
    const content = { kind: "webhook", webhookUrl: "https://hook.example.com", ...SAID } as const;
    assert.equal(providerOf(content).type, "generic");
    const signed = providerOf({ ...content, hmacKey: "key", caCertificate: "PEM" });
    assert.deepEqual(signed, {
      type: "generic-hmac",
      files: { address: "https://hook.example.com", token: "key", "ca.crt": "PEM" },
    });
  });

  it("hears of the repositories that it names, and of what is applied from them", () => {
    const named = (names: string[]) => newsOf(FOLLOWED, names).map(({ kind, name }) => `${kind}/${name}`);
    assert.deepEqual(named(["fleet", "library"]), [
      ...["GitRepository/fleet", "GitRepository/library"],
      ...["Kustomization/apps", "Kustomization/shelves"],
    ]);
    assert.deepEqual(named(["library"]), ["GitRepository/library", "Kustomization/shelves"]);
  });

  it("marks commits where a browser finds the repository", () => {
    assert.equal(webAddressOf("ssh://git@git.example.com/acme/fleet.git"), "https://git.example.com/acme/fleet");
    assert.equal(webAddressOf("https://git.example.com:8443/acme/fleet"), "https://git.example.com:8443/acme/fleet");
    const status = { repository: "fleet", server: "gitlab", token: "t", address: "https://x.example.com/a/b" } as const;
    const trusted = { ...status, caCertificate: undefined };
    assert.equal(statusProviderOf(trusted, "ssh://git@git.example.com:2222/a/b.git").address, status.address);
  });
});

describe("the webhook that a push calls", () => {
  it("has the path that Flux makes of token, name and namespace", () => {
    // printf 'secretpushflux-system' | sha256sum
    const digest = "0d1c3025e50d32a9a4d29186ee705d3e1bb6c1eab93c7c7286d94a6835c6d7e3";
    assert.equal(webhookPath("secret", "flux-system"), `/hook/${digest}`);
  });

  it("is entered at each server in that server's words, with address and token", () => {
    for (const server of ["github", "gitlab", "gitea", "bitbucketserver", "other"] as const) {
      const { line, path, url } = webhookSummary(
        { server, ingress: { host: "hooks.example.com" } },
        "secret-token",
        "flux-system",
      );
      assert.equal(url, `https://hooks.example.com${path}`);
      assert.ok(line.includes(url) && line.includes("secret-token"), line);
    }
  });

  it("is inside the cluster only where it has no way in", () => {
    const { url } = webhookSummary({ server: "github", ingress: undefined }, "secret-token", "agents");
    assert.match(url, /^http:\/\/webhook-receiver\.agents\.svc\.cluster\.local\/hook\/[0-9a-f]{64}$/);
  });
});
