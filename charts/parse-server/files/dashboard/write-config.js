// The dashboard takes one JSON file with the master key in it. It is put together in the pod's memory from the mounted
// secrets, so that no Secret, ConfigMap or value has to hold a second copy.
const fs = require("node:fs");
const [settingsFile, secretsFolder, target] = process.argv.slice(2);

const settings = JSON.parse(fs.readFileSync(settingsFile, "utf8"));
const secret = (name) => fs.readFileSync(`${secretsFolder}/${name}/value`, "utf8").trim();

const config = {
  apps: [
    {
      serverURL: settings.serverUrl,
      appId: secret("appId"),
      masterKey: secret("masterKey"),
      appName: settings.appName,
      production: true,
    },
  ],
  users: [{ user: settings.user, pass: secret("dashboardPassword") }],
};
fs.writeFileSync(target, JSON.stringify(config), { mode: 0o400 });
