import { existsSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { network, nodeName, paths } from "../layout";
import type { RunOptions, Step } from "../steps";
import { builtPrograms } from "../toolchain/build";
import { type ServerProcess, startServer, waitForServer } from "./processes";
import { nodeProgram, nodeProgramEnvironment } from "./programs";

/** The names by which iptables' one binary is asked for its parts. Debian's links to it are made when it is installed. */
const partsOfIptables = ["iptables", "iptables-save", "iptables-restore"] as const;

/** A program of iptables, or ipset, with its libraries; those that kube-router calls are first on its PATH. */
function filterEnvironment(): RunOptions & { readonly env: Readonly<Record<string, string>> } {
  const { env } = nodeProgramEnvironment();
  const extensions = join(nodeProgram("xtables-nft-multi"), "..", "..", "lib/x86_64-linux-gnu/xtables");
  return { env: { ...env, PATH: `${paths.iptables}:${env.PATH}`, XTABLES_LIBDIR: extensions } };
}

function linkIptables(): void {
  mkdirSync(paths.iptables, { recursive: true });
  for (const name of partsOfIptables) {
    rmSync(join(paths.iptables, name), { force: true });
    symlinkSync(nodeProgram("xtables-nft-multi"), join(paths.iptables, name));
  }
}

/**
 * kube-router with its firewall controller alone: routes are the container network plugins', Services kube-proxy's. It
 * listens nowhere.
 */
const enforcer = (): ServerProcess => ({
  name: "kube-router",
  program: join(builtPrograms().folder, "kube-router"),
  args: [
    "--run-firewall=true",
    "--run-router=false",
    "--run-service-proxy=false",
    `--kubeconfig=${paths.kubeconfig}`,
    `--hostname-override=${nodeName}`,
    `--service-cluster-ip-range=${network.serviceRange}`,
    "--health-port=0",
    "--metrics-port=0",
  ],
  ...filterEnvironment(),
});

/** One rule of each form that kube-router writes, in a table that nobody else sees. */
const rulesOfEachForm = `*filter
:KUBE-ROUTER-FORWARD - [0:0]
-A KUBE-ROUTER-FORWARD -m comment --comment form -m set --match-set onprem-form src -p tcp -m tcp --dport 1 -j MARK --set-xmark 0x10000/0x10000
-A KUBE-ROUTER-FORWARD -m comment --comment form -m mark --mark 0x10000/0x10000 -j RETURN
-A KUBE-ROUTER-FORWARD -m comment --comment form -m mark ! --mark 0x10000/0x10000 -m limit --limit 10/minute --limit-burst 10 -j NFLOG --nflog-group 100
-A KUBE-ROUTER-FORWARD -m comment --comment form -m addrtype --src-type LOCAL -j ACCEPT
-A KUBE-ROUTER-FORWARD -m comment --comment form -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A KUBE-ROUTER-FORWARD -m comment --comment form -m physdev --physdev-is-bridged -j ACCEPT
-A KUBE-ROUTER-FORWARD -m comment --comment form -p udp -m multiport --dports 30000:32767 -j RETURN
-A KUBE-ROUTER-FORWARD -m comment --comment form -j REJECT
COMMIT
`;

/** Why this kernel can't enforce policies, in the words of the program that failed; undefined where it can. */
async function missingInKernel(): Promise<string | undefined> {
  const script = "ipset create onprem-form hash:ip && exec iptables-restore --noflush";
  const tried = await execa("unshare", ["--net", "sh", "-c", script], {
    ...filterEnvironment(),
    input: rulesOfEachForm,
    reject: false,
  });
  if (!tried.failed) return undefined;
  return (tried.stderr || tried.shortMessage || "no reason given").trim().split("\n").join(" ");
}

let whyNotEnforced: string | undefined;

/** The sentence for whoever started the lab where NetworkPolicies are not enforced; undefined where they are. */
export const unenforcedPolicies = (): string | undefined => whyNotEnforced;

/** Enforces NetworkPolicies, where the kernel has what that takes. */
export async function startNetworkPolicies(step: Step): Promise<void> {
  linkIptables();
  const missing = await missingInKernel();
  whyNotEnforced =
    missing && `NetworkPolicies are not enforced in this lab, since the kernel lacks what that takes: ${missing}`;
  if (whyNotEnforced) {
    step.progress(whyNotEnforced);
    return;
  }
  step.progress("starting what enforces NetworkPolicies");
  const server = enforcer();
  startServer(server);
  await waitForServer(server.name, async () => (await chains()).includes("KUBE-NWPLCY-DEFAULT"), 60);
}

const ownChain = /^(?:KUBE-ROUTER-(?:INPUT|FORWARD|OUTPUT)|KUBE-POD-FW-\w+|KUBE-NWPLCY-\w+)$/;
const ownSet = /^(?:inet6:)?KUBE-(?:SRC|DST)-\w+$|^TMP-[A-Z2-7]{16}$/;

/** The filter table's rules in iptables' form; none where the table is not there. */
async function filterTable(): Promise<string[]> {
  const program = join(paths.iptables, "iptables-save");
  const { stdout, failed } = await execa(program, ["-t", "filter"], { ...filterEnvironment(), reject: false });
  return failed ? [] : stdout.split("\n");
}

const namesOfChains = (table: readonly string[]): string[] =>
  table.filter((line) => line.startsWith(":")).map((line) => line.slice(1).split(" ")[0] ?? "");

const chains = async () => namesOfChains(await filterTable());

/**
 * What removes kube-router's chains from a filter table, and the jumps to them, in the form of iptables-restore; undefined
 * where there are none.
 * @param table as iptables-save says it
 */
export function removalOf(table: readonly string[]): string | undefined {
  const own = namesOfChains(table).filter((name) => ownChain.test(name));
  if (own.length === 0) return undefined;
  const jumps = table
    .filter((line) => line.startsWith("-A ") && own.includes(/ -j (\S+)$/.exec(line)?.[1] ?? ""))
    .filter((line) => !own.includes(line.split(" ")[1] ?? ""));
  return [
    "*filter",
    ...own.map((name) => `:${name} - [0:0]`),
    ...jumps.map((line) => line.replace("-A", "-D")),
    ...own.map((name) => `-X ${name}`),
    "COMMIT\n",
  ].join("\n");
}

/** Whether a filter table does nothing: only its own three chains, which let everything through. */
export const isIdle = (table: readonly string[]): boolean =>
  !table.some(
    (line) => line.startsWith("-A ") || (line.startsWith(":") && !/^:(?:INPUT|FORWARD|OUTPUT) ACCEPT /.test(line)),
  );

/**
 * Removes all that kube-router made, also what one left that was killed.
 * @param hadTable whether the machine had a filter table before the lab; if not, none is left
 */
export async function clearNetworkPolicies(step: Step, hadTable: boolean): Promise<void> {
  if (!existsSync(paths.iptables)) return;
  linkIptables();
  const environment = filterEnvironment();
  const removal = removalOf(await filterTable());
  if (removal) {
    const restore = join(paths.iptables, "iptables-restore");
    await step.run(restore, ["--noflush"], { ...environment, input: removal });
  }
  const names = (await step.run(nodeProgram("ipset"), ["list", "-name"], environment).catch(() => "")).split("\n");
  for (const name of names.filter((one) => ownSet.test(one)))
    await step.run(nodeProgram("ipset"), ["destroy", name], environment);
  // iptables-save shows an empty table where there is none.
  if (!hadTable && (await hasFilterTable()) && isIdle(await filterTable()))
    await step.run(nodeProgram("nft"), ["delete", "table", "ip", "filter"], environment);
}

/** Whether the machine has a filter table of iptables now. */
export async function hasFilterTable(): Promise<boolean> {
  const found = await execa(nodeProgram("nft"), ["list", "tables", "ip"], { ...filterEnvironment(), reject: false });
  return found.stdout.split("\n").includes("table ip filter");
}
