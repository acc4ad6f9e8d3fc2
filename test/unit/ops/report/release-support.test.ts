import assert from "node:assert/strict";
import { images } from "../../../../components/releases/releases";
import { type RunningReleases, releaseSupport } from "../../../../ops/report/release-support";

const NOTHING: RunningReleases = { versions: {}, images: [], kubelets: [] };
const at = (day: string) => new Date(`${day}T12:00:00Z`);

describe("the ends of life of what a stack runs", () => {
  /** What is said of one product. */
  const said = (running: Partial<RunningReleases>, day: string, product: string) =>
    releaseSupport({ ...NOTHING, ...running }, at(day)).filter((release) => release.product === product);

  it("are marked when they have passed, with the lines that last", () => {
    assert.deepEqual(said({ versions: { kubernetes: "1.34" } }, "2026-11-30", "Kubernetes"), [
      { product: "Kubernetes", version: "1.34", state: "ended", endOfLife: "2026-10-27", note: "take 1.36" },
    ]);
  });

  for (const [day, state] of [
    ["2026-11-29", "supported"],
    ["2026-11-30", "ending"],
    ["2027-02-28", "ending"],
    ["2027-03-01", "ended"],
  ] as const) {
    it(`are marked from 90 days before: what ends on 2027-02-28 is ${state} on ${day}`, () => {
      const [release] = said({ versions: { kubernetes: "1.35" } }, day, "Kubernetes");
      assert.equal(release?.state, state);
    });
  }

  it("are those of running images too, whatever mirror they come from, and of the nodes", () => {
    const mirrored = `registry.example.com:5000/proxy/minio/minio:${images.minio.tag}`;
    const [minio] = said({ images: [mirrored, "quay.io/other/minio:1"] }, "2026-11-30", "MinIO");
    assert.deepEqual([minio?.state, minio?.endOfLife], ["ended", "2026-02-12"]);
    const [node] = said({ kubelets: ["v1.33.4-gke.100"] }, "2026-11-30", "Kubernetes");
    assert.deepEqual([node?.version, node?.state], ["v1.33.4-gke.100", "ended"]);
  });

  it("are said once of a line, though a record and an image name it", () => {
    const postgresql = { versions: { postgresql: "17" }, images: ["lab.local/library/postgres:17.11"] };
    assert.equal(said(postgresql, "2026-11-30", "PostgreSQL").length, 1);
  });

  it("are unknown, and so marked, for a line that this program has no entry for", () => {
    const [release] = said({ kubelets: ["v1.29.0"] }, "2026-11-30", "Kubernetes");
    assert.deepEqual([release?.state, release?.note], ["unknown", "known here: 1.33, 1.34, 1.35, 1.36"]);
  });

  it("say what the publisher says where it names no day", () => {
    const [release] = said({ versions: { flux: "2.9.5" } }, "2026-11-30", "Flux");
    assert.equal(release?.state, "not named");
    assert.match(release?.note ?? "", /fixes until 2\.12 is released/);
  });

  it("are those of this project's own tools too, what needs a look first", () => {
    const all = releaseSupport(NOTHING, at("2027-05-01"));
    assert.deepEqual(all[0], {
      product: "Node.js",
      version: "22",
      state: "ended",
      endOfLife: "2027-04-30",
      note: "take 24",
    });
    assert.equal(all.at(-1)?.state, "not named");
  });
});
