import assert from "node:assert/strict";
import { PriorityClassError, requirePriorityClass } from "../../../components/kubernetes/priority-class";

const SETTING = "onprem:parse.priorityClassName";
const api = (...names: string[]) => ({ get: async () => ({ items: names.map((name) => ({ metadata: { name } })) }) });

describe("the PriorityClass of pods", () => {
  it("may be any that the cluster has", async () => {
    await requirePriorityClass(api("gold", "system-node-critical"), "gold", SETTING);
  });

  it("is refused where the cluster has none of the name, with the setting and those that there are", async () => {
    await assert.rejects(
      requirePriorityClass(api("silver", "gold"), "golden", SETTING),
      (error: PriorityClassError) => {
        assert.ok(error instanceof PriorityClassError);
        assert.match(error.message, /^onprem:parse\.priorityClassName: .*"golden"; it has gold, silver\. /);
        return true;
      },
    );
  });

  it("is not asked for where the classes may not be listed", async () => {
    await requirePriorityClass({ get: () => Promise.reject(new Error("403")) }, "gold", SETTING);
  });
});
