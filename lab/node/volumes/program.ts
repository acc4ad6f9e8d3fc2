/** The lab's provisioner of volumes as a program: `node program.js --kubeconfig=F --name=N --folder=F`. */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { ClusterObjects } from "./cluster-objects";
import { VolumeProvisioner } from "./volume-provisioner";

const text = { type: "string", default: "" } as const;
const { kubeconfig, name, folder } = parseArgs({ options: { kubeconfig: text, name: text, folder: text } }).values;
const log = (line: string) => process.stdout.write(`${new Date().toISOString()} ${line}\n`);
const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());

new VolumeProvisioner(new ClusterObjects(readFileSync(kubeconfig, "utf8")), { name, folder, log })
  .run({ signal: stop.signal })
  .then(() => process.exit(0));
