import assert from "node:assert/strict";
import { contextOf, mergeKubeconfigs, parseKubeconfig } from "../../../components/grammars/kubeconfig";

const cluster = (name: string, server: string) => ({ name, cluster: { server } });

describe("kubeconfigs", () => {
  it("become one in which the first entry of a name and the first current context count", () => {
    const first = {
      contexts: [{ name: "a", context: { cluster: "a", user: "a" } }],
      clusters: [cluster("a", "https://first.test")],
      users: null,
    };
    const second = {
      "current-context": "b",
      contexts: [
        { name: "a", context: { cluster: "b" } },
        { name: "b", context: { cluster: "a", user: "u" } },
      ],
      clusters: [cluster("a", "https://second.test"), cluster("b", "https://b.test")],
      users: [{ name: "u", user: { token: "t" } }],
    };
    const merged = mergeKubeconfigs([first, second, { "current-context": "c" }]);
    assert.equal(merged["current-context"], "b");
    assert.deepEqual(contextOf(merged), {
      name: "b",
      context: { cluster: "a", user: "u" },
      cluster: { server: "https://first.test" },
      user: { token: "t" },
    });
    assert.equal(contextOf(merged, "a").context?.cluster, "a");
    assert.deepEqual(
      merged.clusters?.map(({ name }) => name),
      ["a", "b"],
    );
  });

  it("are mappings whose lists are lists", () => {
    for (const text of ["- a", "a", "{", "clusters: a", ""]) assert.equal(parseKubeconfig(text), undefined, text);
    assert.deepEqual(parseKubeconfig("clusters:\nusers: []"), { clusters: null, users: [] });
  });
});
