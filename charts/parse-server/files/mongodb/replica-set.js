// Runs in mongosh beside every mongod. Member 0 looks after the set: it initiates it, creates the users and makes the
// member list what the chart asks for. Every step first looks at what is there, so that the script may be stopped
// anywhere and run again. A thrown error means "not yet": the caller tries again.
//
// Plain functions and loops only: mongosh's rewriting of asynchronous calls does not reach into callbacks.
// biome-ignore lint/style/useNodejsImportProtocol: mongosh resolves the plain names only
const fs = require("fs");
// biome-ignore lint/style/useNodejsImportProtocol: as above
const os = require("os");

const settings = JSON.parse(fs.readFileSync("/mongodb-scripts/replica-set.json", "utf8"));
const AUTHENTICATION_FAILED = 18;
const USER_NOT_FOUND = 11;

function password(name) {
  return fs.readFileSync(`/mongodb-secrets/${name}/value`, "utf8").trim();
}

function note(text) {
  print(`${new Date().toISOString()} replica set ${settings.name}: ${text}`);
}

function connectTo(host, user, secret, database) {
  const login = user ? `${encodeURIComponent(user)}:${encodeURIComponent(secret)}@` : "";
  const options = "directConnection=true&serverSelectionTimeoutMS=5000&connectTimeoutMS=5000";
  return new Mongo(`mongodb://${login}${host}/${database || "admin"}?${options}`);
}

function command(connection, body, database) {
  const answer = connection.getDB(database || "admin").runCommand(body);
  if (answer.ok !== 1) {
    const error = new Error(`${Object.keys(body)[0]}: ${answer.errmsg}`);
    error.code = answer.code;
    throw error;
  }
  return answer;
}

function hello(connection) {
  return command(connection, { hello: 1 });
}

/**
 * A set is initiated only when every other member answers and belongs to no set. A member 0 that lost its volume would
 * otherwise found a second set of the same name while the first still lives on the others.
 */
function requireNoOtherSet(self) {
  for (const member of settings.members) {
    if (member === self) continue;
    let answer;
    try {
      answer = hello(connectTo(member));
    } catch (error) {
      throw new Error(`not initiating yet, ${member} does not answer: ${error.message}`);
    }
    if (answer.setName) {
      throw new Error(`not initiating, ${member} belongs to ${answer.setName}: this member will be filled from it`);
    }
  }
}

/** With itself as the only member it becomes primary, where the localhost exception lets it create the first user. */
function initiate(local, self) {
  requireNoOtherSet(self);
  command(local, { replSetInitiate: { _id: settings.name, members: [{ _id: 0, host: self }] } });
  note(`initiated with ${self}`);
}

function waitForPrimary(local) {
  for (let attempt = 0; attempt < 60; attempt++) {
    const answer = hello(local);
    if (answer.isWritablePrimary) return "127.0.0.1:27017";
    if (answer.primary) return answer.primary;
    sleep(1000);
  }
  throw new Error("no primary within 60 s");
}

function loginAsRoot(primary) {
  const connection = connectTo(primary, settings.rootUser, password("databaseRootPassword"));
  command(connection, { connectionStatus: 1 });
  return connection;
}

function openAsRoot(local, primary) {
  try {
    return loginAsRoot(primary);
  } catch (error) {
    if (error.code !== AUTHENTICATION_FAILED) throw error;
  }
  if (primary !== "127.0.0.1:27017") throw new Error(`the root password is not the one ${primary} knows`);
  command(local, { createUser: settings.rootUser, pwd: password("databaseRootPassword"), roles: ["root"] });
  note("created the root user");
  return loginAsRoot(primary);
}

function canLogIn(primary, user, secret) {
  try {
    command(connectTo(primary, user, secret, settings.database), { connectionStatus: 1 }, settings.database);
    return true;
  } catch (error) {
    if (error.code !== AUTHENTICATION_FAILED) throw error;
    return false;
  }
}

function ensureUser(root, primary) {
  const secret = password("databasePassword");
  if (canLogIn(primary, settings.user, secret)) return;
  try {
    command(root, { updateUser: settings.user, pwd: secret }, settings.database);
    note(`set the password of ${settings.user}`);
  } catch (error) {
    if (error.code !== USER_NOT_FOUND) throw error;
    const roles = [{ role: "readWrite", db: settings.database }];
    command(root, { createUser: settings.user, pwd: secret, roles }, settings.database);
    note(`created the user ${settings.user}`);
  }
}

function reconfigure(root, config, members, what) {
  command(root, { replSetReconfig: { ...config, version: config.version + 1, members } });
  note(what);
}

/** One member a change: MongoDB refuses more than one voting change at a time. */
function ensureMembers(root) {
  for (const host of settings.members) {
    const { config } = command(root, { replSetGetConfig: 1 });
    if (config.members.find((member) => member.host === host)) continue;
    hello(connectTo(host));
    const _id = Math.max(...config.members.map((member) => member._id)) + 1;
    reconfigure(root, config, [...config.members, { _id, host }], `added ${host}`);
  }
  for (;;) {
    const { config } = command(root, { replSetGetConfig: 1 });
    const gone = config.members.find((member) => !settings.members.includes(member.host));
    if (!gone) return;
    const rest = config.members.filter((member) => member.host !== gone.host);
    reconfigure(root, config, rest, `removed ${gone.host}`);
  }
}

function reconcile() {
  const ordinal = Number(os.hostname().split("-").pop());
  if (ordinal !== 0) return note("member 0 looks after the set");
  const local = connectTo("127.0.0.1:27017");
  if (!hello(local).setName) initiate(local, settings.members[0]);
  const primary = waitForPrimary(local);
  const root = openAsRoot(local, primary);
  ensureUser(root, primary);
  ensureMembers(root);
  note(`complete: ${settings.members.length} members`);
}

try {
  reconcile();
} catch (error) {
  note(error.message);
  quit(1);
}
