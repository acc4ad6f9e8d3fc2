// Init container: waits until the database lets Parse's user in, with Parse Server's own drivers. Without it a server
// that starts before its database stops at once, and the kubelet's growing restart delay decides when it is tried again.
const { createRequire } = require("node:module");
const path = require("node:path");

const PAUSE_MILLISECONDS = 1000;
const ATTEMPT_MILLISECONDS = 5000;
const requireOfServer = createRequire(path.join(process.cwd(), "package.json"));

async function tryMongodb(uri) {
  const { MongoClient } = requireOfServer("mongodb");
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: ATTEMPT_MILLISECONDS });
  try {
    await client.db().command({ ping: 1 });
  } finally {
    await client.close();
  }
}

async function tryPostgresql(uri) {
  const { getDatabaseOptionsFromURI } = requireOfServer("./lib/Adapters/Storage/Postgres/PostgresConfigParser");
  const library = requireOfServer("pg-promise")({ noWarnings: true });
  const options = { ...getDatabaseOptionsFromURI(uri), connectionTimeoutMillis: ATTEMPT_MILLISECONDS };
  const connection = await library(options).connect();
  await connection.done(true);
}

async function main() {
  const uri = require("./config.js").databaseURI;
  const attempt = uri.startsWith("postgres") ? tryPostgresql : tryMongodb;
  let lastReason;
  for (;;) {
    try {
      await attempt(uri);
      return console.log("The database answers");
    } catch (error) {
      if (error.code === "MODULE_NOT_FOUND") throw error;
      if (error.message !== lastReason) console.log(`Waiting for the database: ${error.message}`);
      lastReason = error.message;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLISECONDS));
    }
  }
}

main().then(
  () => process.exit(0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
