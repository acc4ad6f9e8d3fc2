import assert from "node:assert/strict";
import * as releases from "../../../components/releases/releases";

describe("the full name of an image", () => {
  const { parseServer, minio, postgresql } = releases.images;

  it("is the publisher's where there is no mirror", () => {
    assert.equal(releases.image(parseServer, {}), `docker.io/parseplatform/parse-server:${parseServer.tag}`);
  });

  it("has the mirror in place of the registry's host and keeps the rest", () => {
    assert.equal(releases.image(postgresql, { images: "lab.local" }, "15"), "lab.local/library/postgres:15");
    assert.equal(
      releases.image(minio, { images: "mirror.example.com:5000/proxy" }),
      `mirror.example.com:5000/proxy/minio/minio:${minio.tag}`,
    );
  });
});

describe("the table of releases", () => {
  it("pins every image: a registry's host, and a tag that is a version", () => {
    for (const [role, { repository, tag }] of Object.entries(releases.images)) {
      assert.match(repository, /^[a-z0-9-]+(\.[a-z0-9-]+)+\/[a-z0-9-]+\/[a-z0-9-]+$/, role);
      assert.match(tag, /[0-9]+[.-][0-9]+/, role);
    }
  });

  it("says of every entry where it was read and when", () => {
    for (const { source, checked } of [
      ...Object.values(releases.images),
      releases.flux,
      ...releases.kubernetesLines,
      ...releases.rancherLines,
    ]) {
      assert.match(source, /^https:\/\//);
      assert.match(checked, /^20[0-9]{2}-[01][0-9]$/);
    }
  });

  it("holds defaults that go together: Rancher with the Kubernetes of a new cluster, Flux with it too", () => {
    const line = releases.rancherLines.find((candidate) =>
      releases.images.rancher.tag.startsWith(`v${candidate.line}.`),
    );
    assert.ok(line?.kubernetes.includes(releases.defaultKubernetesLine));
    assert.ok((releases.flux.kubernetes as readonly string[]).includes(releases.defaultKubernetesLine));
    assert.ok(releases.kubernetesLines.some((candidate) => candidate.line === releases.defaultKubernetesLine));
  });

  it("asks Flux's notification-controller in the version that it knows: stable from 2.10 on", () => {
    const versions = ["2.9.5", "2.10.0", "2.11.3", "3.0.0"].map(releases.fluxNotificationApi);
    assert.deepEqual(versions, ["v1beta3", "v1", "v1", "v1"]);
  });
});
