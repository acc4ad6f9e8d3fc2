import assert from "node:assert/strict";
import { releasedVersions, versionsIn } from "../../../components/parse/running-versions";
import { images } from "../../support/parse/sample-settings";

describe("the versions that Parse Server and its database run", () => {
  const server = { image: images.parseServer };
  const values = { server, database: { kind: "mongodb", mongodb: { image: images.mongodb } } };
  const postgresql = { kind: "postgresql", postgresql: { image: images.postgresql } };

  it("are those of the values that the release has", () => {
    assert.deepEqual(versionsIn(values), { parse: "9.10.0", mongodb: "8.0.26", postgresql: undefined });
    assert.deepEqual(versionsIn({ server, database: postgresql }).postgresql, "17.11");
    assert.deepEqual(versionsIn({ server, database: { kind: "external" } }).mongodb, undefined);
    assert.deepEqual(releasedVersions(values, "deployed"), versionsIn(values));
  });

  it("are not known of a release that failed and was rolled back, and of none", () => {
    for (const status of ["failed", "pending-upgrade", "uninstalling", undefined])
      assert.deepEqual(releasedVersions(values, status), {});
  });
});
