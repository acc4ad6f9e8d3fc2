import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { isBuiltin } from "node:module";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Claim } from "../../../components/backup/in-cluster/claim-prefix";
import type { Registration } from "../../../components/gitops/in-cluster/register-deploy-keys";
import { type InClusterProgram, inClusterProgram } from "../../../components/kubernetes/in-cluster-program";
import { projectRoot } from "../../../lab/layout";
import { GitHostStandIn } from "../../support/lab/git-host-stand-in";

const PROGRAMS: readonly InClusterProgram[] = [
  "backup/claim-prefix",
  "backup/release-finalizers",
  "gitops/register-deploy-keys",
];
/** Of a ConfigMap's content, which is at most 1 MiB; a preview shows each byte of these. */
const LONGEST_BYTES = 40_000;

describe("a program that runs in the cluster", () => {
  for (const name of PROGRAMS) {
    it(`is one text that needs Node.js and nothing beside it: ${name}`, () => {
      const text = inClusterProgram(name);
      const required = [...text.matchAll(/\brequire\(([^)]*)\)/g)].map(([, argument = ""]) => argument);
      assert.ok(required.length > 0, "no module of Node.js' own either?");
      for (const argument of required) assert.ok(isBuiltin(argument.replace(/^"|"$/g, "")), argument);
      assert.doesNotMatch(text, /\bimport\(|sourceMappingURL/);
      assert.ok(!text.includes(projectRoot), "differs between checkouts");
    });

    it(`is small: ${name}`, () => {
      const { length } = Buffer.from(inClusterProgram(name));
      assert.ok(length > 1000 && length < LONGEST_BYTES, `${length} bytes`);
    });
  }

  it("is one of those that the sources have, each of which is built", () => {
    const texts: Record<string, string> = JSON.parse(
      readFileSync(join(projectRoot, "dist", "components", "kubernetes", "in-cluster-programs.json"), "utf8"),
    );
    assert.deepEqual(Object.keys(texts).sort(), PROGRAMS);
  });

  it("is in the program's own file, which then reads none for it", () => {
    const bundle = readFileSync(join(projectRoot, "dist", "components", "platform", "bundle.js"), "utf8");
    for (const name of PROGRAMS) assert.ok(bundle.includes(`"${name}":`), name);
    assert.doesNotMatch(bundle, /in-cluster-programs\.json"\)/);
  });
});

describe("the text of a program that runs in the cluster, with Node.js alone,", () => {
  let folder: string;
  let server: Server;
  let paths: string[];
  let status: number;
  const running = new Set<ChildProcess>();

  /** Starts it where nothing else is, without this process' environment. */
  const start = (name: InClusterProgram, ...programArguments: string[]) => {
    writeFileSync(join(folder, "program.js"), inClusterProgram(name));
    const child = spawn(process.execPath, ["program.js", ...programArguments], { cwd: folder, env: {} });
    running.add(child);
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        output += text;
      });
    }
    const ended = new Promise<{ code: number | null; output: string }>((resolve) =>
      child.once("close", (code) => {
        running.delete(child);
        resolve({ code, output });
      }),
    );
    return { child, ended };
  };
  const write = (name: string, content: string) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };

  beforeEach((done) => {
    folder = mkdtempSync(join(tmpdir(), "in-cluster-"));
    paths = [];
    status = 200;
    server = createServer((request, response) => {
      paths.push(`${request.method} ${request.url}`);
      const isOwner = request.method === "GET" && request.url?.endsWith("owner.json");
      response.statusCode = isOwner ? 404 : status;
      response.end("<ListBucketResult/>");
    }).listen(0, "127.0.0.1", done);
  });
  afterEach(() => {
    for (const child of running) child.kill("SIGKILL");
    server.close();
    rmSync(folder, { recursive: true });
  });

  const claim = () => {
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const told: Claim = {
      ...{ endpoint, region: "eu-central-1", bucket: "backups", prefix: "acme", pathStyle: true },
      ...{ stack: "onprem-platform/acme", repository: "0123456789abcdef" },
    };
    write("accessKeyId", "the-id\n");
    write("secretAccessKey", "the-secret\n");
    return start("backup/claim-prefix", write("claim.json", JSON.stringify(told)), folder, join(folder, "no-ca"));
  };

  it("claims a directory, and says so", async () => {
    const { code, output } = await claim().ended;
    assert.match(
      output,
      /^directory acme of bucket backups at \S+ belongs to stack onprem-platform\/acme from now on\n$/,
    );
    assert.equal(code, 0);
    assert.deepEqual(paths, [
      "GET /backups/acme/owner.json",
      "GET /backups/?list-type=2&max-keys=1&prefix=acme%2F",
      "PUT /backups/acme/owner.json",
    ]);
  });

  it("ends with one sentence and 1 where it is refused", async () => {
    status = 403;
    const { code, output } = await claim().ended;
    assert.match(output, /^the store at \S+ refuses the access key for bucket backups \(403, listing\): [^\n]+\n$/);
    assert.equal(code, 1);
  });

  it("registers deploy keys, and says so", async () => {
    const host = new GitHostStandIn({ kind: "github", repository: "acme/fleet", token: "the-token" });
    await host.start();
    try {
      const told: Registration = {
        ...{ kind: "github", repository: "acme/fleet", name: "fleet", apiUrl: host.apiUrl, task: "register" },
        ...{ stack: "onprem-platform/acme", write: false, lines: ["ssh-ed25519 KEY onprem-acme-fleet-1"] },
      };
      write("token", "the-token\n");
      const file = write("register.json", JSON.stringify(told));
      const { code, output } = await start("gitops/register-deploy-keys", file, folder, join(folder, "no-ca")).ended;
      assert.match(output, /^fleet: onprem-acme-fleet-1 \(\S+\) registered at acme\/fleet\n$/);
      assert.equal(code, 0);
      assert.equal(host.keys.length, 1);
    } finally {
      await host.stop();
    }
  });

  it("waits beside Velero until its pod ends", async () => {
    const { child, ended } = start("backup/release-finalizers", "idle");
    await new Promise((resolve) => child.stdout.once("data", resolve));
    child.kill("SIGTERM");
    const { code, output } = await ended;
    assert.equal(output, "waiting for the pod's end\n");
    assert.equal(code, 0);
  });
});
