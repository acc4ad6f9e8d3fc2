import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ReleaseFileError, releaseFileReader } from "../../../components/releases/release-file";
import { closedAddress } from "../../support/closed-address";

const CONTENT = "kind: Something\n";
const file = {
  url: "https://downloads.example.com/some/v1/install.yaml",
  sha256: createHash("sha256").update(CONTENT).digest("hex"),
};

describe("a release's file", () => {
  let folder: string;
  let server: Server;
  let address: string;

  before((done) => {
    folder = mkdtempSync(join(tmpdir(), "release-file-"));
    mkdirSync(join(folder, "mirror", "some", "v1"), { recursive: true });
    writeFileSync(join(folder, "mirror", "some", "v1", "install.yaml"), CONTENT);
    server = createServer((request, response) => {
      response.statusCode = request.url === "/files/some/v1/install.yaml" ? 200 : 404;
      response.end(CONTENT);
    }).listen(0, "127.0.0.1", () => {
      address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      done();
    });
  });
  after(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  const refused = (promise: Promise<string>, sentence: RegExp) =>
    assert.rejects(promise, (error: Error) => error instanceof ReleaseFileError && sentence.test(error.message));

  it("is read from a mirror's folder, under the path of its address", async () => {
    assert.equal(await releaseFileReader("mirror", folder)(file), CONTENT);
    assert.equal(await releaseFileReader(join(folder, "mirror"), "/")(file), CONTENT);
  });

  it("is read from a mirror's address", async () => {
    assert.equal(await releaseFileReader(`${address}/files/`, folder)(file), CONTENT);
  });

  it("is refused when it is not the one that was pinned, wherever it comes from", async () => {
    const other = { ...file, sha256: "0".repeat(64) };
    for (const mirror of ["mirror", `${address}/files`]) {
      await refused(
        releaseFileReader(mirror, folder)(other),
        /is not the file that was released.*nothing of it was used/,
      );
    }
  });

  it("is asked for by name when the mirror lacks it", async () => {
    await refused(
      releaseFileReader("empty", folder)(file),
      /empty\/some\/v1\/install\.yaml cannot be read .*put the file there/,
    );
    await refused(releaseFileReader(`${address}/none`, folder)(file), /the answer was 404/);
  });

  it("is missed with the reason when the mirror does not answer", async () => {
    await refused(
      releaseFileReader(await closedAddress(), folder)(file),
      /install\.yaml cannot be read \(ECONNREFUSED\): .*correct onprem:sources\.manifests/,
    );
  });
});
