/** Adds query parameters to a URI that may have some already; a parameter the URI has keeps its value. */
function withParameters(uri, parameters) {
  const [base, query = ""] = uri.split("?");
  const present = new URLSearchParams(query);
  for (const [name, value] of Object.entries(parameters)) if (!present.has(name)) present.set(name, value);
  const text = present.toString();
  return text ? `${base}?${text}` : base;
}

/**
 * The connection URI of a database, put together from its description and secrets.
 * @param {object} database kind, hosts, name, user, parameters; for an external database only parameters
 * @param {(name: string) => string} secret reads a mounted secret
 */
function databaseUri(database, secret) {
  const parameters = database.parameters || {};
  if (database.kind === "external") return withParameters(secret("databaseUri"), parameters);
  const scheme = database.kind === "mongodb" ? "mongodb" : "postgres";
  const login = `${encodeURIComponent(database.user)}:${encodeURIComponent(secret("databasePassword"))}`;
  return withParameters(`${scheme}://${login}@${database.hosts.join(",")}/${database.name}`, parameters);
}

module.exports = { databaseUri, withParameters };
