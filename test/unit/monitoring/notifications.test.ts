import assert from "node:assert/strict";
import {
  alertmanagerConfiguration,
  credentialsOf,
  NOBODY,
  WATCHDOG,
} from "../../../components/monitoring/notifications";
import { credentials, minimal, receivers } from "../../support/monitoring/sample-monitoring";

interface Route {
  receiver: string;
  matchers: string[];
  continue?: boolean;
}
interface Configuration {
  route: { receiver: string; routes: Route[] };
  receivers: ({ name: string } & Record<string, Record<string, unknown>[]>)[];
}
const configure = (more: object = {}) => alertmanagerConfiguration({ ...minimal, ...more }) as unknown as Configuration;

describe("Alertmanager's configuration", () => {
  it("holds no credential, only the file of each", () => {
    const text = JSON.stringify(configure());
    for (const secret of credentials) assert.ok(!text.includes(secret), secret);
    const files = Object.keys(credentialsOf(receivers));
    assert.deepEqual(Object.values(credentialsOf(receivers)).sort(), [...credentials].sort());
    for (const file of files)
      assert.ok(text.includes(`/etc/alertmanager/secrets/alertmanager-credentials/${file}"`), file);
  });

  it("sends each receiver the severities that it asks for, and lets the next one have them too", () => {
    const { routes } = configure().route;
    assert.deepEqual(
      routes.slice(1).map(({ matchers, receiver }) => [receiver, ...matchers]),
      [
        ["chat", 'severity=~"critical|warning"'],
        ["mail", 'severity=~"warning"'],
        ["on-call", 'severity=~"critical"'],
        ["hook", 'severity=~"info"'],
      ],
    );
    assert.ok(routes.slice(1).every((route) => route.continue));
  });

  it("holds no news back: that an incident is over would be held back with it", () => {
    assert.deepEqual(Object.keys(configure()), ["route", "receivers"]);
  });

  it("tells nobody what nobody asked for", () => {
    const { receivers: known, route } = configure({ receivers: [] });
    assert.equal(route.receiver, NOBODY);
    assert.deepEqual(known, [{ name: NOBODY }]);
    assert.deepEqual(
      route.routes.map(({ receiver }) => receiver),
      [NOBODY],
    );
  });

  it("sends the Watchdog to its listener and to nobody else", () => {
    const { receivers: known, route } = configure({ watchdogUrl: "https://deadman.example.com/acme" });
    assert.deepEqual([route.routes[0]?.receiver, route.routes[0]?.continue], [WATCHDOG, undefined]);
    const watchdog = known.find(({ name }) => name === WATCHDOG);
    assert.equal(watchdog?.webhook_configs?.[0]?.url, "https://deadman.example.com/acme");
  });

  it("writes to everybody of a mail receiver, with login and TLS", () => {
    const mail = configure().receivers.find(({ name }) => name === "mail")?.email_configs?.[0];
    assert.deepEqual(
      [mail?.to, mail?.auth_username, mail?.require_tls],
      ["a@example.com, b@example.com", "platform", true],
    );
  });

  it("asks no relay for STARTTLS on port 465, where TLS is there from the first byte", () => {
    const tlsAt = (smarthost: string) => {
      const mail = {
        kind: "email",
        name: "mail",
        severities: ["critical"],
        to: ["a@example.com"],
        from: "b@example.com",
      };
      const found = configure({ receivers: [{ ...mail, smarthost, requireTls: true }] }).receivers.find(
        ({ name }) => name === "mail",
      );
      return found?.email_configs?.[0]?.require_tls;
    };
    assert.equal(tlsAt("smtp.example.com:465"), false);
    assert.equal(tlsAt("smtp.example.com:4465"), true);
    assert.equal(tlsAt("smtp.example.com:587"), true);
  });

  it("names only receivers that there are, and each once", () => {
    const { receivers: known, route } = configure({ watchdogUrl: "https://deadman.example.com" });
    const names = known.map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
    for (const { receiver } of route.routes) assert.ok(names.includes(receiver), receiver);
  });
});
