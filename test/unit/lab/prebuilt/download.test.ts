import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { projectRoot } from "../../../../lab/layout";
import { checksumOf, DownloadError, downloadFile } from "../../../../lab/prebuilt/download";
import { LocalPublisher, sha256 } from "../../../support/prebuilt/local-publisher";

const PATIENCE = { firstByteMilliseconds: 60_000, silenceMilliseconds: 60_000 };
const PROXY_VARIABLES = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy"];

describe("a download", () => {
  const folder = mkdtempSync(join(tmpdir(), "download-"));
  const file = join(folder, "file");
  const content = Buffer.from("content");
  let publisher: LocalPublisher;
  before(async () => {
    publisher = await new LocalPublisher().start();
    publisher.offer("/file", content);
  });
  after(async () => {
    await publisher.stop();
    rmSync(folder, { recursive: true });
  });

  it("is the file, and its checksum", async () => {
    const pieces: (number | undefined)[] = [];
    const received = (bytes: number, total?: number) => pieces.push(bytes, total);
    const sum = await downloadFile(publisher.address("/file"), file, { ...PATIENCE, received });
    assert.deepEqual([sum, readFileSync(file)], [sha256(content), content]);
    assert.deepEqual(pieces, [content.length, content.length]);
  });

  describe("behind a proxy", () => {
    const environment = Object.fromEntries(PROXY_VARIABLES.map((name) => [name, process.env[name]]));
    /** Where the proxy was asked to go. */
    const tunnels: string[] = [];
    const proxy = createServer((request, response) => {
      tunnels.push(new URL(request.url ?? "").host);
      response.end(content);
    });
    proxy.on("connect", (request, socket) => {
      tunnels.push(request.url ?? "");
      const there = connect(Number(new URL(publisher.address("/")).port), "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
        there.pipe(socket).pipe(there);
      });
      for (const end of [there, socket]) end.on("error", () => {});
    });
    const set = (variables: Readonly<Record<string, string | undefined>>) => {
      for (const name of PROXY_VARIABLES) delete process.env[name];
      for (const [name, value] of Object.entries(variables)) if (value !== undefined) process.env[name] = value;
    };
    before(async () => {
      proxy.listen(0, "127.0.0.1");
      await once(proxy, "listening");
    });
    after(() => proxy.close());
    beforeEach(() => {
      tunnels.length = 0;
    });
    afterEach(() => set(environment));
    const here = () => `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;

    it("goes through it, so that not even names are looked up here", async () => {
      set({ HTTP_PROXY: here() });
      await downloadFile("http://publisher.invalid:1234/file", file, PATIENCE);
      assert.deepEqual([tunnels, readFileSync(file)], [["publisher.invalid:1234"], content]);
    });

    it("goes straight to hosts that NO_PROXY names", async () => {
      set({ HTTP_PROXY: here(), NO_PROXY: "publisher.invalid,127.0.0.1" });
      await downloadFile(publisher.address("/file"), file, PATIENCE);
      assert.deepEqual(tunnels, []);
    });
  });

  it("does not leave TLS where a publisher redirects", async () => {
    const [key, certificate] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
    const subject = ["-subj", "/CN=publisher", "-addext", "subjectAltName=IP:127.0.0.1"];
    const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
    const files = ["-keyout", key, "-out", certificate];
    execFileSync("openssl", ["req", "-x509", "-nodes", ...curve, ...files, ...subject], { stdio: "pipe" });
    const secure = createTlsServer({ key: readFileSync(key), cert: readFileSync(certificate) }, (_, response) => {
      response.writeHead(302, { location: publisher.address("/file") }).end();
    });
    secure.listen(0, "127.0.0.1");
    await once(secure, "listening");
    try {
      const address = `https://127.0.0.1:${(secure.address() as AddressInfo).port}/file`;
      const module = join(projectRoot, "dist/lab/prebuilt/download.js");
      const script = `require("${module}").downloadFile("${address}", "${file}", ${JSON.stringify(PATIENCE)})
        .then(() => console.log("taken"), (error) => console.log(error.failure, error.message))`;
      const { stdout } = await execa("node", ["-e", script], { env: { NODE_EXTRA_CA_CERTS: certificate } });
      const host = new URL(address).host;
      assert.equal(stdout, `refused ${host} redirects from HTTPS to ${publisher.address("/file")}`);
    } finally {
      secure.close();
    }
  });
});

describe("a publisher's checksum file", () => {
  const sum = "ab".repeat(32);
  const from = "https://dl.example/sums";

  it("says the checksum alone, or on the line with the file's name", () => {
    const texts = [sum, `${sum}\n`, `${sum}  helm.tar.gz\n`, `${sum.toUpperCase()} *helm.tar.gz\n`];
    for (const text of [...texts, `${"0".repeat(64)}  xhelm.tar.gz\n${sum}  helm.tar.gz\n`])
      assert.equal(checksumOf(text, "helm.tar.gz", from), sum, text);
  });

  it("is refused where it says none of the file", () => {
    for (const text of ["", "<html>not found</html>", `${sum}  other.tar.gz\n`, `${sum}\n${sum}\n`, "abc  helm.tar.gz"])
      assert.throws(
        () => checksumOf(text, "helm.tar.gz", from),
        (error: Error) => {
          assert.ok(error instanceof DownloadError);
          assert.equal(error.message, "https://dl.example/sums says no SHA-256 of helm.tar.gz");
          return true;
        },
      );
  });
});
