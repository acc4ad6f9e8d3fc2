/**
 * One side of the loss of a cluster, run by `lab exec` on the lab whose root the environment names:
 * `prepare` deploys a customer, writes data, backs up, and says what there is; `recover` starts from nothing but the
 * store and the password, restores, and says what there is then; `remove` takes the customer away.
 * Arguments: the role, a file with what it is told, a file for what it says; both JSON.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { paths } from "../../../lab/layout";
import { DRILL_CLASS } from "../../../ops/drill/marked-data";
import { Cluster } from "../../../ops/recovery/cluster";
import { digestOf } from "../../../ops/recovery/digest";
import { ParseApi, type ParseKeys } from "../../../ops/recovery/parse-api";
import { BackupStack } from "./backup-stack";
import { DrillRun } from "./drill-run";

/** What both sides are told. */
export interface SiteOrders {
  readonly endpoint: string;
  readonly bucket: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** From escrow; absent on the first side. */
  readonly escrow?: { readonly repositoryPassword: string; readonly keys: ParseKeys };
}

/** What a side has. */
export interface SiteReport {
  readonly escrow: NonNullable<SiteOrders["escrow"]>;
  /** Id → digest, of every object and user. */
  readonly objects: Record<string, string>;
  /** Name → digest. */
  readonly secrets: Record<string, string>;
  /** What the restore wrote. */
  readonly restored?: string;
}

const BACKUP = "the-last";
const OBJECTS = 1000;
const stack = new BackupStack("lost");

async function deploy({ endpoint, bucket, accessKeyId, secretAccessKey, escrow }: SiteOrders): Promise<void> {
  await stack.create();
  const store = { endpoint, bucket, accessKeyId, secret: secretAccessKey };
  await stack.writeOutside({ store, repositoryPassword: escrow?.repositoryPassword });
  await stack.up();
}

async function parseWith({ applicationId, masterKey }: ParseKeys): Promise<ParseApi> {
  const { url } = await stack.parseAddress();
  return new ParseApi({ url, mountPath: "/parse", applicationId, masterKey });
}

async function report(keys: ParseKeys): Promise<SiteReport> {
  const parse = await parseWith(keys);
  const records = [...(await parse.all(`/classes/${DRILL_CLASS}`, {})), ...(await parse.all("/users", {}))];
  const cluster = new Cluster(readFileSync(paths.kubeconfig, "utf8"));
  const secrets = Object.fromEntries(await cluster.secretDigests(stack.namespace));
  cluster.close();
  const { repositoryPassword } = JSON.parse(
    await stack.succeed("stack", "output", "backup", "--json", "--show-secrets"),
  );
  const objects = Object.fromEntries(records.map((record) => [record.objectId, digestOf(record)]));
  return { escrow: { repositoryPassword, keys }, objects, secrets };
}

async function prepare(orders: SiteOrders): Promise<SiteReport> {
  await deploy(orders);
  const { applicationId, masterKey } = await stack.parseAddress();
  const keys = { applicationId, masterKey };
  const parse = await parseWith(keys);
  const bodies = Array.from({ length: OBJECTS }, (_, number) => ({ number, text: `é ${number}` }));
  await parse.batch(bodies.map((body) => ({ method: "POST", path: `/classes/${DRILL_CLASS}`, body })));
  for (let number = 0; number < 20; number += 1)
    await parse.call("POST", "/users", { username: `user-${number}`, password: `password-${number}` });
  const there = await report(keys);
  await stack.completeBackup(BACKUP);
  return there;
}

async function recover(orders: SiteOrders): Promise<SiteReport> {
  if (!orders.escrow) throw new Error("nothing from escrow");
  await deploy(orders);
  await stack.found(BACKUP);
  const run = new DrillRun(stack);
  const { exitCode, output } = await run.restore("--from", BACKUP, "--replace", "--yes");
  run.remove();
  if (exitCode !== 0) throw new Error(output);
  return { ...(await report(orders.escrow.keys)), restored: output };
}

async function main(): Promise<void> {
  const [role, given = "", told = ""] = process.argv.slice(2);
  if (role === "remove") {
    await stack.attach();
    return stack.remove();
  }
  const orders = JSON.parse(readFileSync(given, "utf8")) as SiteOrders;
  writeFileSync(told, JSON.stringify(await (role === "prepare" ? prepare : recover)(orders)), { mode: 0o600 });
}

if (require.main === module)
  main().catch((error: Error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exitCode = 1;
  });
