// Parse Server loads this file with require(). Everything secret is read from a mounted file, one volume a secret;
// everything else comes from settings.json beside it, which the chart writes from its values.
const fs = require("node:fs");
const path = require("node:path");
const { databaseUri } = require("./database-uri.js");
const { createLifecycle } = require("./lifecycle.js");
const { createMetrics } = require("./metrics.js");

const settings = JSON.parse(fs.readFileSync(path.join(__dirname, "settings.json"), "utf8"));
const secretsFolder = process.env.PARSE_SECRETS_FOLDER || "/parse-secrets";

/** The content of a mounted secret; an empty or missing file stops the start with a sentence that names it. */
function secret(name) {
  const file = path.join(secretsFolder, name, "value");
  let value;
  try {
    value = fs.readFileSync(file, "utf8").trim();
  } catch (error) {
    throw new Error(`The secret "${name}" cannot be read from ${file}: ${error.code || error.message}`);
  }
  if (!value) throw new Error(`The secret "${name}" in ${file} is empty`);
  return value;
}

const secretOptions = Object.fromEntries(settings.secretOptions.map((option) => [option, secret(option)]));
const metrics = createMetrics(settings.metrics);
const lifecycle = createLifecycle({ ...settings.lifecycle, databaseAnswered: metrics.databaseAnswered });
lifecycle.drainOn(process, "SIGUSR2");

module.exports = {
  // What the customer set comes first, so that it cannot displace what this file is responsible for.
  ...settings.options,
  ...settings.server,
  ...secretOptions,
  databaseURI: databaseUri(settings.database, secret),
  databaseOptions: { ...settings.database.options, ...(settings.options.databaseOptions || {}) },
  middleware: (request, response, next) =>
    metrics.middleware(request, response, () => lifecycle.middleware(request, response, next)),
};
