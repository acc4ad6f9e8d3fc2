import assert from "node:assert/strict";
import * as fc from "fast-check";
import { type CustomRole, roleBindings } from "../../../components/rancher/access-rights";

const role = (name: string, context: "cluster" | "project"): CustomRole => ({
  name,
  context,
  rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }],
});

const scopeOf = (name: string, roles: CustomRole[] = []) =>
  roleBindings([{ user: "jane", role: name }], roles).map(({ scope, custom }) => [scope, custom])[0];

describe("the bindings of roles", () => {
  it("grant Rancher's roles on what they are for", () => {
    assert.deepEqual(scopeOf("cluster-owner"), ["cluster", false]);
    assert.deepEqual(scopeOf("cluster-member"), ["cluster", false]);
    assert.deepEqual(scopeOf("project-owner"), ["project", false]);
    assert.deepEqual(scopeOf("project-member"), ["project", false]);
    assert.deepEqual(scopeOf("read-only"), ["project", false]);
    assert.deepEqual(scopeOf("monitoring-ui-view"), ["systemProject", false]);
  });

  it("grant the customer's roles on what the settings say", () => {
    const roles = [role("log-reader", "project"), role("node-reader", "cluster")];
    assert.deepEqual(scopeOf("log-reader", roles), ["project", true]);
    assert.deepEqual(scopeOf("node-reader", roles), ["cluster", true]);
  });

  it("have names that Rancher takes, each its own, whatever a group is called", () => {
    const members = fc.uniqueArray(
      fc.oneof(
        fc.record({ user: fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/), role: fc.constant("read-only") }),
        fc.record({ group: fc.string({ minLength: 1, maxLength: 80 }), role: fc.constant("read-only") }),
      ),
      { selector: (member) => ("user" in member ? member.user : member.group) },
    );
    fc.assert(
      fc.property(members, (given) => {
        const bindings = roleBindings(given, []);
        for (const { name } of bindings) assert.match(name, /^-?[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
        assert.equal(new Set(bindings.map(({ name }) => name)).size, given.length);
        assert.equal(new Set(bindings.map(({ key }) => key)).size, given.length);
      }),
    );
  });

  it("keep their names when others come or go", () => {
    const jane = { user: "jane", role: "read-only" };
    const [alone] = roleBindings([jane], []);
    const among = roleBindings([{ user: "joe", role: "read-only" }, jane], [])[1];
    assert.deepEqual(alone, among);
  });
});
