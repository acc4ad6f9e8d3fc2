import assert from "node:assert/strict";
import * as fc from "fast-check";
import { type CustomRole, roleBindings } from "../../../components/rancher/access-rights";

const role = (name: string, context: "cluster" | "project"): CustomRole => ({
  name,
  context,
  rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }],
});

const jane = { user: "jane", group: undefined, role: "read-only" };
const scopeOf = (name: string, roles: CustomRole[] = []) =>
  roleBindings([{ ...jane, role: name }], roles).map(({ scope, custom }) => [scope, custom])[0];

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
        fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/).map((user) => ({ ...jane, user })),
        fc.string({ minLength: 1, maxLength: 80 }).map((group) => ({ ...jane, user: undefined, group })),
      ),
      { selector: ({ group, user }) => user ?? group },
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
    const [alone] = roleBindings([jane], []);
    const among = roleBindings([{ ...jane, user: "joe" }, jane], [])[1];
    assert.deepEqual(alone, among);
  });
});
