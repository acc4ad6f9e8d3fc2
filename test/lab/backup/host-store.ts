import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { network } from "../../../lab/layout";
import { builtPrograms } from "../../../lab/toolchain/build";
import { until } from "../../support/lab/until";

const PORT = 7071;

/** An S3 store that is no part of any cluster, on this machine: what stays when a cluster is lost. */
export class HostStore {
  readonly bucket = "customers";
  readonly endpoint: string;
  readonly accessKeyId = "key-of-the-host-store";
  readonly secretAccessKey = "secret-of-the-host-store";
  private readonly folder = mkdtempSync(join(tmpdir(), "host-store-"));
  private server: ChildProcess | undefined;

  /** @param region that requests have to be signed for */
  constructor(
    private readonly port = PORT,
    readonly region = "us-east-1",
  ) {
    this.endpoint = `http://${network.nodeAddress}:${port}`;
  }

  /** Starts it at the node's address, which comes and goes with the node. */
  async start(): Promise<void> {
    await this.stop();
    mkdirSync(join(this.folder, this.bucket), { recursive: true });
    const keys = ["--access", this.accessKeyId, "--secret", this.secretAccessKey];
    const place = ["--port", `${network.nodeAddress}:${this.port}`, "--region", this.region];
    const program = join(builtPrograms("backup").folder, "versitygw");
    this.server = spawn(program, [...place, ...keys, "posix", this.folder], { stdio: "ignore" });
    const answers = () => fetch(this.endpoint).then(Boolean, () => false);
    await until(`an answer of ${program} at ${this.endpoint}`, answers);
  }

  /** Stops it; what it holds stays. */
  async stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (!server || server.exitCode !== null) return;
    server.kill();
    await once(server, "exit");
  }

  /** Stops it and removes what it holds. */
  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
