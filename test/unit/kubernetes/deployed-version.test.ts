import assert from "node:assert/strict";
import { runningVersion, tagOf } from "../../../components/kubernetes/deployed-version";

describe("the version that is deployed", () => {
  const TAGS: Readonly<Record<string, string | undefined>> = {
    "docker.io/velero/velero:v1.18.3": "v1.18.3",
    "registry.acme.example.com:5000/velero/velero:v1.18.3": "v1.18.3",
    "registry.acme.example.com:5000/velero/velero": undefined,
    "quay.io/minio/minio:RELEASE.2025-09-07T16-13-09Z@sha256:14ce": "RELEASE.2025-09-07T16-13-09Z@sha256:14ce",
    "quay.io/minio/minio@sha256:14ce": undefined,
    velero: undefined,
  };
  for (const [image, tag] of Object.entries(TAGS)) {
    it(`is told by the tag of ${image}: ${tag ?? "not at all"}`, () => assert.equal(tagOf(image), tag));
  }

  const available = (status: string) => [{ type: "Available", status }];
  const image = "lab.local/velero/velero:v1.18.3";
  const versionOf = (state: { image?: string }) => state.image && tagOf(state.image);

  it("is that of the image, also where the cluster has said nothing of the pods yet", () => {
    assert.equal(runningVersion({ image }, versionOf), "v1.18.3");
    assert.equal(runningVersion({ image, conditions: available("True") }, versionOf), "v1.18.3");
  });

  it("is not known where the pods did not come up, and where there is nothing", () => {
    assert.equal(runningVersion({ image, conditions: available("False") }, versionOf), undefined);
    assert.equal(runningVersion({}, versionOf), undefined);
  });
});
