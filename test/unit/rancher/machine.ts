/** A stand-in for Rancher's VM: its programs run for real, what they must not touch here is recorded. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MachinePaths } from "../../../components/rancher/machine-programs";

/** The certificate that the machine finds in Secret Manager. */
export const BUNDLE = { certificate: "CERTIFICATE", privateKey: "PRIVATE KEY", caCertificate: "CA" };
/** The password that it finds there. */
export const PASSWORD = "bootstrap pass'word $x";
/** What Secret Manager holds, by version. */
export const SECRETS: Record<string, string> = {
  "projects/1/secrets/password/versions/1": PASSWORD,
  "projects/1/secrets/certificate/versions/2": JSON.stringify(BUNDLE),
};

/** A machine under a folder of its own. */
export class Machine {
  readonly folder = mkdtempSync(join(tmpdir(), "rancher-machine-"));
  readonly commands = join(this.folder, "bin");
  readonly log = join(this.folder, "commands.log");
  wanted = "";
  private server: Server | undefined;
  private paths: MachinePaths | undefined;

  async start(): Promise<void> {
    for (const command of ["curl", "jq", "bash"]) {
      assert.equal(spawnSync(command, ["--version"]).status, 0, `this test needs ${command} on the PATH`);
    }
    mkdirSync(this.commands);
    this.standIn("docker", '[ "$1 $2" != "image inspect" ] || exit 1\nexit $DOCKER_STATUS');
    this.standIn("iptables", '[ "$1" != --check ] || exit 1');
    this.standIn("xfs_growfs");
    this.standIn("systemctl");
    this.standIn("sleep", "exec /bin/sleep 0.1");
    // The file system under the test need not be able to share blocks between files.
    this.standIn("cp", 'shift 2\nexec /bin/cp --archive "$@"');
    this.server = createServer((request, response) => {
      const url = request.url ?? "";
      if (url.startsWith("/metadata/") && request.headers["metadata-flavor"] !== "Google")
        response.writeHead(403).end();
      else if (url.includes("/token")) response.end(JSON.stringify({ access_token: "t0ken" }));
      else if (url.startsWith("/metadata/instance/attributes/rancher-server")) response.end(this.wanted);
      else if (request.headers.authorization !== "Bearer t0ken") response.writeHead(401).end();
      else this.secret(url, (status, body) => response.writeHead(status).end(body));
    });
    await new Promise<void>((resolve) => this.server?.listen(0, "127.0.0.1", resolve));
    const address = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    this.paths = {
      data: join(this.folder, "data"),
      run: join(this.folder, "run"),
      metadataServer: `${address}/metadata`,
      secretManager: `${address}/secrets`,
    };
    mkdirSync(this.paths.data);
  }

  private secret(url: string, answer: (status: number, body: string) => void): void {
    const value = SECRETS[url.replace(/^\/secrets\//, "").replace(/:access$/, "")];
    if (value === undefined) answer(404, "");
    else answer(200, JSON.stringify({ payload: { data: Buffer.from(value).toString("base64") } }));
  }

  private standIn(name: string, then = ""): void {
    const path = join(this.commands, name);
    writeFileSync(path, `#!/bin/bash\nprintf '%s\\n' "${name} $*" >> '${this.log}'\n${then}\n`);
    chmodSync(path, 0o755);
  }

  /** Runs a program to its end. Not synchronously: it talks to a server in this process. */
  run(program: (paths: MachinePaths) => string): Promise<void> {
    const child = this.spawn(program);
    return new Promise((resolve, reject) => {
      let errors = "";
      child.stderr?.on("data", (text) => {
        errors += text;
      });
      child.on("close", (code) => (code === 0 ? resolve() : reject(new Error(`${code}: ${errors}`))));
    });
  }

  spawn(program: (paths: MachinePaths) => string, environment: Record<string, string> = {}): ChildProcess {
    assert.ok(this.paths);
    const script = join(this.folder, "program");
    writeFileSync(script, program(this.paths));
    const PATH = `${this.commands}:${process.env.PATH}`;
    const env = { PATH, ...environment };
    return spawn("bash", [script], { env, stdio: ["ignore", "ignore", "pipe"], detached: true });
  }

  /** Ends a program that runs for ever with all that it started, which would write into the folder while it is removed. */
  async end(program: ChildProcess): Promise<void> {
    assert.ok(program.pid !== undefined && program.exitCode === null, "the program ended by itself");
    // It comes once nothing holds the program's stderr any more.
    const closed = once(program, "close");
    process.kill(-program.pid);
    await closed;
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), "utf8");
  }

  has(path: string): boolean {
    return existsSync(join(this.folder, path));
  }

  /** Command lines so far, and none of them the next time. */
  takeCommands(): string[] {
    const lines = existsSync(this.log) ? readFileSync(this.log, "utf8").trim().split("\n") : [];
    rmSync(this.log, { force: true });
    return lines;
  }

  stop(): void {
    this.server?.close();
    this.server?.closeAllConnections();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
