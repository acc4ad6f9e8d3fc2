// Around a backup: writes of this member wait, and its files are complete, while they are copied. Runs in mongosh with
// "lock" or "unlock" in the variable BACKUP_LOCK. fsyncLock counts: one unlock a lock.
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

/** Locks of an earlier backup, whose end never came, go first. */
function unlockAll() {
  while (run({ currentOp: 1 }).fsyncLock) run({ fsyncUnlock: 1 });
}

try {
  unlockAll();
  if (process.env.BACKUP_LOCK === "lock") run({ fsync: 1, lock: true });
} catch (error) {
  print(error.message);
  quit(1);
}
