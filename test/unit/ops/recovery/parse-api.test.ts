import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { ParseApi } from "../../../../ops/recovery/parse-api";

describe("Parse's API, for who drills and restores", () => {
  /** The `Connection` of each request that came. */
  let connections: (string | undefined)[];
  let api: ParseApi;
  const server = createServer((request, response) => {
    connections.push(request.headers.connection);
    if (request.method === "GET") response.end(JSON.stringify({ count: 7 }));
    else request.socket.destroy();
  });

  beforeEach(async () => {
    connections = [];
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const { port } = server.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}`;
    api = new ParseApi({ url, mountPath: "/parse", applicationId: "application", masterKey: "master" });
  });
  const stop = () => new Promise((closed) => server.close(closed));
  afterEach(stop);

  it("is called on a connection of its own each time: a kept one may be closed by a pod that goes, as it is used", async () => {
    assert.deepEqual([await api.count("Note"), await api.count("Note")], [7, 7]);
    assert.deepEqual(connections, ["close", "close"]);
  });

  it("is told once to change something, and why there was no answer is said", async () => {
    await assert.rejects(
      api.call("POST", "/classes/Note", {}),
      /^Error: Parse Server does not answer POST \/classes\/Note: (ECONNRESET|UND_ERR_SOCKET)$/,
    );
    assert.equal(connections.length, 1);
    await stop();
    await assert.rejects(api.count("Note"), /^Error: Parse Server does not answer GET \/classes\/Note: ECONNREFUSED$/);
  });
});
