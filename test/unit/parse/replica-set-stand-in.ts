/**
 * A stand-in for mongosh and a MongoDB replica set, for tests of the chart's replica-set.js: no MongoDB server is to be
 * had where the tests run. It keeps the rules that the script must respect: who may log in, the localhost exception,
 * one voting change at a time, no change without a primary.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import vm from "node:vm";
import { projectChart } from "../../../components/parse/chart";

const SCRIPT = readFileSync(join(projectChart("parse-server"), "files", "mongodb", "replica-set.js"), "utf8");

interface Config {
  _id: string;
  version: number;
  members: Array<{ _id: number; host: string }>;
}

/** A replica set as its members know it. */
export interface ReplicaSet {
  config: Config;
  primary: string | undefined;
  /** `database.user` → password. */
  users: Map<string, string>;
}

/** A mongod. */
export interface Member {
  up: boolean;
  set: ReplicaSet | undefined;
}

class MongoError extends Error {
  constructor(
    message: string,
    readonly code: number,
  ) {
    super(message);
  }
}

type Body = Record<string, unknown>;

/** Members, and every command they were given. */
export class Cluster {
  readonly members = new Map<string, Member>();
  readonly commands: string[] = [];
  readonly log: string[] = [];
  /** The command, counted from 1, before which the script is cut off; a test of interruptions. */
  interruptAt = Number.POSITIVE_INFINITY;

  constructor(
    private readonly hosts: string[],
    readonly passwords = { databasePassword: "parse-password", databaseRootPassword: "root-password" },
  ) {
    for (const host of hosts) this.members.set(host, { up: true, set: undefined });
  }

  member(host: string): Member {
    const member = this.members.get(host);
    if (!member) throw new Error(`no member ${host}`);
    return member;
  }

  /** The different sets there are; more than one is a split. */
  sets(): ReplicaSet[] {
    return [...new Set([...this.members.values()].flatMap(({ set }) => set ?? []))];
  }

  /** Runs the script as the pod of that ordinal would; returns its exit code. */
  run(ordinal = 0): number {
    const self = this.hosts[ordinal] ?? "";
    const files: Record<string, unknown> = {
      "/mongodb-scripts/replica-set.json": JSON.stringify({
        ...{ name: "parse", members: this.hosts, database: "parse", user: "parse", rootUser: "root" },
      }),
      "/mongodb-secrets/databasePassword/value": `${this.passwords.databasePassword}\n`,
      "/mongodb-secrets/databaseRootPassword/value": `${this.passwords.databaseRootPassword}\n`,
    };
    const modules: Record<string, unknown> = {
      fs: { readFileSync: (path: string) => files[path] },
      os: { hostname: () => `parse-server-mongodb-${ordinal}` },
    };
    let code = 0;
    const connect = (uri: string) => this.connect(self, uri);
    const context = {
      require: (name: string) => modules[name],
      print: (line: string) => this.log.push(line),
      quit: (given: number) => {
        code = given;
      },
      sleep: () => {},
      encodeURIComponent,
      // mongosh's class; called with `new`, hence a function that returns an object.
      Mongo: function Mongo(uri: string) {
        return connect(uri);
      },
    };
    vm.runInNewContext(SCRIPT, context);
    return code;
  }

  private connect(self: string, uri: string) {
    const { hostname, port, username, password, pathname } = new URL(uri);
    const local = hostname === "127.0.0.1";
    const host = local ? self : `${hostname}:${port}`;
    const session = { host, local, root: false };
    const login = () => {
      if (!this.member(host).up) throw new MongoError(`connect ECONNREFUSED ${host}`, 6);
      if (!username) return;
      const key = `${pathname.slice(1)}.${username}`;
      if (this.member(host).set?.users.get(key) !== decodeURIComponent(password))
        throw new MongoError("Authentication failed.", 18);
      session.root = username === "root";
    };
    return {
      getDB: (database: string) => ({
        runCommand: (body: Body) => {
          login();
          return this.execute(session, database, body);
        },
      }),
    };
  }

  private execute(session: { host: string; local: boolean; root: boolean }, database: string, body: Body) {
    const name = Object.keys(body)[0] ?? "";
    this.commands.push(name);
    if (this.commands.length >= this.interruptAt) throw new Error("cut off");
    const member = this.member(session.host);
    if (name === "hello") return this.hello(session.host, member);
    if (name === "connectionStatus") return { ok: 1 };
    if (name === "replSetInitiate")
      return this.initiate(session, member, body.replSetInitiate as Omit<Config, "version">);
    const { set } = member;
    if (!set || set.primary !== session.host) throw new MongoError("not primary", 10107);
    if (name === "createUser" && session.local && set.users.size === 0 && database === "admin") session.root = true;
    if (!session.root) throw new MongoError(`command ${name} requires authentication`, 13);
    if (name === "replSetGetConfig") return { ok: 1, config: structuredClone(set.config) };
    if (name === "replSetReconfig") return this.reconfigure(set, structuredClone(body.replSetReconfig as Config));
    return this.changeUser(set, name, `${database}.${String(body[name])}`, String(body.pwd));
  }

  private hello(host: string, { set }: Member) {
    if (!set) return { ok: 1, isreplicaset: true, isWritablePrimary: false };
    return { ok: 1, setName: set.config._id, primary: set.primary, isWritablePrimary: set.primary === host };
  }

  private initiate(session: { host: string; local: boolean }, member: Member, config: Omit<Config, "version">) {
    if (!session.local) throw new MongoError("requires authentication", 13);
    if (member.set) throw new MongoError("already initialized", 23);
    member.set = { config: { ...config, version: 1 }, primary: session.host, users: new Map() };
    return { ok: 1 };
  }

  private reconfigure(set: ReplicaSet, config: Config) {
    if (config.version !== set.config.version + 1) return { ok: 0, code: 103, errmsg: "bad version" };
    const before = set.config.members.map(({ host }) => host);
    const after = config.members.map(({ host }) => host);
    const added = after.filter((host) => !before.includes(host));
    const removed = before.filter((host) => !after.includes(host));
    if (added.length + removed.length !== 1) return { ok: 0, code: 103, errmsg: "more than one voting change" };
    if (new Set(config.members.map(({ _id }) => _id)).size !== config.members.length) {
      return { ok: 0, code: 103, errmsg: "member ids are not unique" };
    }
    set.config = config;
    for (const host of added) this.member(host).set = set;
    return { ok: 1 };
  }

  private changeUser(set: ReplicaSet, name: string, key: string, password: string) {
    if (name === "updateUser" && !set.users.has(key)) return { ok: 0, code: 11, errmsg: "user not found" };
    if (name === "createUser" && set.users.has(key)) return { ok: 0, code: 51003, errmsg: "user exists" };
    set.users.set(key, password);
    return { ok: 1 };
  }
}
