// What backup-lock.sh asks of this member. Runs in mongosh; the variable BACKUP_LOCK says what is to be done:
//   lock     locks the member, and prints what the lock depends on: the server's process and the member's role
//   check    fails, with the reason, unless the member is locked since; BACKUP_LOCK_SINCE is what `lock` printed
//   unlock   the same, and unlocks it
//   clear    takes off every lock
// While the member is locked, its writes wait and its files are complete. fsyncLock counts: one unlock a lock.
// biome-ignore lint/style/useNodejsImportProtocol: mongosh resolves the plain names only
const fs = require("fs");

const settings = JSON.parse(fs.readFileSync("/mongodb-scripts/replica-set.json", "utf8"));
const secret = fs.readFileSync("/mongodb-secrets/databaseRootPassword/value", "utf8").trim();
const login = `${encodeURIComponent(settings.rootUser)}:${encodeURIComponent(secret)}`;
const admin = new Mongo(
  `mongodb://${login}@127.0.0.1:27017/admin?directConnection=true&serverSelectionTimeoutMS=5000`,
).getDB("admin");

function run(body) {
  const answer = admin.runCommand(body);
  if (answer.ok !== 1) throw new Error(`${Object.keys(body)[0]}: ${answer.errmsg}`);
  return answer;
}

function isLocked() {
  return Boolean(run({ currentOp: 1 }).fsyncLock);
}

/** The server's process, which keeps the lock in its memory, and the member's role: `PROCESS ROLE`. */
function state() {
  const { topologyVersion, isWritablePrimary, secondary } = run({ hello: 1 });
  const role = isWritablePrimary ? "primary" : secondary ? "secondary" : "neither";
  return `${topologyVersion ? topologyVersion.processId : "unknown"} ${role}`;
}

function lock() {
  run({ fsync: 1, lock: true });
  print(state());
}

function check() {
  const [server, role] = process.env.BACKUP_LOCK_SINCE.split(" ");
  const [serverNow, roleNow] = state().split(" ");
  if (serverNow !== server) throw new Error("the database was restarted, which ends its lock");
  if (roleNow !== role) throw new Error(`the member was ${role} when it was locked, and is ${roleNow} now`);
  if (!isLocked()) throw new Error("the lock was taken off by somebody else");
}

function unlock() {
  check();
  run({ fsyncUnlock: 1 });
}

function clear() {
  while (isLocked()) run({ fsyncUnlock: 1 });
}

try {
  const task = process.env.BACKUP_LOCK;
  if (task === "lock") lock();
  else if (task === "check") check();
  else if (task === "unlock") unlock();
  else if (task === "clear") clear();
  else throw new Error(`BACKUP_LOCK is ${task}, none of lock, check, unlock and clear`);
} catch (error) {
  print(error.message);
  quit(1);
}
