import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { labRoot, projectRoot } from "../../../lab/layout";
import { HostStore } from "./host-store";
import type { SiteOrders, SiteReport } from "./lost-cluster-program";

/** Whether the lab ends with these tests, with all that is left in it (test/apart). Any other is put back as it was. */
const isOwnLab = process.env.ONPREM_TEST_OWN_LAB !== undefined;

/** The lab that runs is stopped meanwhile, with its state: the new cluster is a lab of its own, with nothing in it. */
describe("the loss of a whole cluster, with the state of its stack", () => {
  const store = new HostStore();
  const folder = mkdtempSync(join(tmpdir(), "cluster-loss-"));
  const elsewhere = join(labRoot, "elsewhere");

  const lab = async (root: string, ...args: string[]) => {
    const program = join(projectRoot, "dist", "lab", "cli.js");
    const options = { env: { ONPREM_LAB_ROOT: root }, all: true, reject: false } as const;
    const { exitCode, all } = await execa("node", [program, ...args], options);
    assert.equal(exitCode, 0, `lab ${args.join(" ")} in ${root}:\n${all}`);
  };
  const side = async (root: string, role: "prepare" | "recover", orders: SiteOrders) => {
    const [given, told] = [join(folder, `${role}-orders.json`), join(folder, `${role}-report.json`)];
    writeFileSync(given, JSON.stringify(orders), { mode: 0o600 });
    await lab(
      root,
      "exec",
      "node",
      join(projectRoot, "dist/test/lab/backup/lost-cluster-program.js"),
      role,
      given,
      told,
    );
    return JSON.parse(readFileSync(told, "utf8")) as SiteReport;
  };

  after(async () => {
    await lab(elsewhere, "reset");
    if (!isOwnLab) {
      await lab(labRoot, "up");
      await lab(labRoot, "exec", "node", join(projectRoot, "dist/test/lab/backup/lost-cluster-program.js"), "remove");
    }
    await store.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  it("ends with the same data and the same secrets in a new one, by the store and the password in escrow", async () => {
    const { endpoint, bucket, accessKeyId, secretAccessKey } = store;
    const orders = { endpoint, bucket, accessKeyId, secretAccessKey };
    await store.start();
    const before = await side(labRoot, "prepare", orders);
    assert.ok(Object.keys(before.objects).length >= 1020 && Object.keys(before.secrets).length >= 3);

    await lab(labRoot, "down");
    await lab(elsewhere, "up", "--with", "backup");
    await store.start();
    const after = await side(elsewhere, "recover", { ...orders, escrow: before.escrow });

    assert.deepEqual(after.objects, before.objects);
    assert.deepEqual(after.secrets, before.secrets);
    assert.match(after.restored ?? "", /has nothing to change/);
  });
});
