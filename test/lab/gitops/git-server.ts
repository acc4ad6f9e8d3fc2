import { execa } from "execa";
import { imageMirror } from "../../../lab/layout";
import { kubectl, kubectlWith } from "../../../lab/node/start";

/** Where the server keeps what it serves. */
const HOME = "/srv/git";
/** The working copy of whoever pushes. */
const COPY = "/tmp/copy";
const PORT = 2222;
const AUTHOR = "-c user.name=tester -c user.email=tester@example.com";

/** A Git server over SSH with one repository, in a namespace of its own: the stand-in for the customer's. */
export class GitServer {
  readonly host: string;
  readonly url: string;
  private readonly repository = `${HOME}/fleet.git`;

  constructor(readonly namespace: string) {
    this.host = `git.${namespace}.svc.cluster.local`;
    this.url = this.urlAt(PORT);
  }

  /** The repository's address at a port where perhaps nobody listens. */
  urlAt(port: number): string {
    return `ssh://git@${this.host}:${port}${this.repository}`;
  }

  /** Starts the server with an empty repository. */
  async start(): Promise<void> {
    await kubectlWith({ apiVersion: "v1", kind: "Namespace", metadata: { name: this.namespace } }, "apply");
    await kubectlWith({ apiVersion: "v1", kind: "List", items: this.objects() }, "apply");
    await kubectl("-n", this.namespace, "wait", "--for=condition=Ready", "pod/git", "--timeout=900s");
    await this.run(
      `git init -q --bare --initial-branch=main ${this.repository} && git clone -q ${this.repository} ${COPY}`,
    );
  }

  /** A known_hosts line of the server; `port` as in the address. */
  async knownHost(port = PORT): Promise<string> {
    const [type, key] = (await this.run(`cat ${HOME}/host_key.pub`)).split(" ");
    return `[${this.host}]:${port} ${type} ${key}`;
  }

  /** Lets exactly these keys read the repository. */
  async register(...keys: string[]): Promise<void> {
    const lines = keys.map((key) => `restrict,command="git-upload-pack '${this.repository}'" ${key}\n`);
    await this.run(writing(`${HOME}/authorized_keys`, lines.join("")));
  }

  /** Commits files and pushes them; returns the commit. */
  async push(message: string, files: Readonly<Record<string, string>>): Promise<string> {
    const writes = Object.entries(files).map(([path, content]) => `${writing(`${COPY}/${path}`, content)} && `);
    return this.commit(`git add --all && git ${AUTHOR} commit -qm '${message}'`, writes.join(""));
  }

  /** Puts a folder of this machine's beside what there is; it is pushed with the next commit. */
  async copy(parent: string, folder: string, target: string): Promise<void> {
    const options = { encoding: "buffer" as const };
    const { stdout } = await execa("tar", ["--directory", parent, "--create", "--gzip", folder], options);
    const encoded = Buffer.from(stdout).toString("base64");
    await this.run(`mkdir -p ${COPY}/${target} && echo ${encoded} | base64 -d | tar -xz -C ${COPY}/${target}`);
  }

  /** Deletes a file, and pushes that. */
  drop(path: string): Promise<string> {
    return this.commit(`git rm -q ${path} && git ${AUTHOR} commit -qm 'without ${path}'`);
  }

  /** Takes the last commit back by another one. */
  revert(): Promise<string> {
    return this.commit(`git ${AUTHOR} revert --no-edit HEAD`);
  }

  /** Takes the server and all that it holds away. */
  async remove(): Promise<void> {
    await kubectl("delete", "namespace", this.namespace, "--ignore-not-found", "--wait=false");
  }

  private async commit(command: string, before = ""): Promise<string> {
    return this.run(
      `${before}cd ${COPY} && ${command} > /dev/null && git push -q origin HEAD:main && git rev-parse HEAD`,
    );
  }

  private run(command: string): Promise<string> {
    return kubectl("-n", this.namespace, "exec", "git", "--", "sh", "-c", command);
  }

  private objects(): object[] {
    const { namespace } = this;
    return [
      {
        apiVersion: "v1",
        kind: "Service",
        metadata: { name: "git", namespace },
        spec: { selector: { app: "git" }, ports: [{ port: PORT }] },
      },
      {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: "git", namespace, labels: { app: "git" } },
        spec: {
          securityContext: { fsGroup: 1001 },
          containers: [
            {
              name: "git",
              image: `${imageMirror}/lab/git-server:1`,
              imagePullPolicy: "IfNotPresent",
              env: [{ name: "HOME", value: "/tmp" }],
              // Asked until it answers: each question is a process of sshd's.
              startupProbe: { tcpSocket: { port: PORT }, periodSeconds: 1, failureThreshold: 300 },
              volumeMounts: [{ name: "repositories", mountPath: HOME }],
            },
          ],
          volumes: [{ name: "repositories", emptyDir: {} }],
        },
      },
    ];
  }
}

/** What writes a file. As an argument: on a busy node, what `kubectl exec` is given to read is lost now and then. */
function writing(path: string, content: string): string {
  const encoded = Buffer.from(content, "utf8").toString("base64");
  return `mkdir -p $(dirname ${path}) && echo ${encoded} | base64 -d > ${path}`;
}
