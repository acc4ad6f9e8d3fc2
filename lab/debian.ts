import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cached, cachePath, isCached, keyOf } from "./cache";
import type { Step } from "./steps";

/**
 * Debian packages are unpacked into the cache and never installed: the host keeps its own container runtime, databases
 * and services as they are.
 */
export const nodePackages: readonly string[] = [
  "containerd",
  "runc",
  "containernetworking-plugins",
  "etcd-server",
  "nftables",
  "iptables",
  "ipset",
  "libipset13",
  "iproute2",
  "libbpf1",
  "libelf1",
  "libcap2",
  "libtirpc3",
  "libnftables1",
  "libjansson4",
  "libnftnl11",
  "libmnl0",
  "libxtables12",
  "libedit2",
  "libbsd0",
  "libmd0",
  "libgmp10",
  "libtinfo6",
  "libseccomp2",
];

/** The C library and the C++ library: what a Node.js binary needs. */
export const runtimePackages: readonly string[] = [
  "libc6",
  "libc-bin",
  "libgcc-s1",
  "libstdc++6",
  "busybox-static",
  "catatonit",
  "ca-certificates",
  "tzdata",
];

/** PostgreSQL 15 with every library that its programs load, but for LLVM: just-in-time compilation stays off. */
export const postgresqlPackages: readonly string[] = [
  "postgresql-15",
  "postgresql-client-15",
  "libaudit1",
  "libcap-ng0",
  "libcap2",
  "libcom-err2",
  "libcrypt1",
  "libffi8",
  "libgcrypt20",
  "libgmp10",
  "libgnutls30",
  "libgpg-error0",
  "libgssapi-krb5-2",
  "libhogweed6",
  "libicu72",
  "libidn2-0",
  "libk5crypto3",
  "libkeyutils1",
  "libkrb5-3",
  "libkrb5support0",
  "libldap-2.5-0",
  "liblz4-1",
  "liblzma5",
  "libnettle8",
  "libp11-kit0",
  "libpam0g",
  "libpq5",
  "libreadline8",
  "libsasl2-2",
  "libssl3",
  "libsystemd0",
  "libtasn1-6",
  "libtinfo6",
  "libunistring2",
  "libuuid1",
  "libxml2",
  "libzstd1",
  "zlib1g",
];

/** An SSH server and Git, with every library that their programs load. */
export const gitServerPackages: readonly string[] = [
  "openssh-server",
  "openssh-client",
  "git",
  "libaudit1",
  "libcap-ng0",
  "libcap2",
  "libcom-err2",
  "libcrypt1",
  "libgcrypt20",
  "libgpg-error0",
  "libgssapi-krb5-2",
  "libk5crypto3",
  "libkeyutils1",
  "libkrb5-3",
  "libkrb5support0",
  "liblz4-1",
  "liblzma5",
  "libnsl2",
  "libpam0g",
  "libpcre2-8-0",
  "libselinux1",
  "libssl3",
  "libsystemd0",
  "libtirpc3",
  "libwrap0",
  "libzstd1",
  "zlib1g",
];

const kind = "debian";

function release(): string {
  return /VERSION_ID="?([^"\n]+)/.exec(readFileSync("/etc/os-release", "utf8"))?.[1] ?? "unknown";
}

function keyFor(packages: readonly string[]): string {
  return keyOf(release(), [...packages].sort().join(" "));
}

/** Where a set of packages lies unpacked, and whether it is there. */
export function unpackedPackages(packages: readonly string[]): { folder: string; present: boolean } {
  const key = keyFor(packages);
  return { folder: cachePath(kind, key), present: isCached(kind, key) };
}

/**
 * Downloads Debian packages and unpacks them into one folder of the cache.
 * @returns the folder, laid out like a root file system
 */
export function unpackPackages(step: Step, packages: readonly string[]): Promise<string> {
  return cached(kind, keyFor(packages), async (folder) => {
    await refreshPackageLists(step, packages);
    const downloads = `${folder}.downloads`;
    mkdirSync(downloads, { recursive: true });
    try {
      step.progress(`downloading ${packages.length} Debian packages`);
      await step.run("apt-get", ["-q", "-o", "APT::Sandbox::User=root", "download", ...packages], { cwd: downloads });
      const archives = readdirSync(downloads).filter((name) => name.endsWith(".deb"));
      for (const [index, archive] of archives.entries()) {
        step.progress(`unpacking ${index + 1} of ${archives.length}: ${archive.split("_")[0]}`);
        await step.run("dpkg-deb", ["--extract", join(downloads, archive), folder]);
      }
    } finally {
      rmSync(downloads, { recursive: true, force: true });
    }
  });
}

let refreshed: Promise<unknown> | undefined;

async function refreshPackageLists(step: Step, packages: readonly string[]): Promise<void> {
  const known = await step.run("apt-cache", ["policy", ...packages]).catch(() => "");
  const missing = packages.filter(
    (name) => !new RegExp(`^${escapePattern(name)}:\\n.*\\n  Candidate: \\d`, "m").test(known),
  );
  if (missing.length === 0) return;
  refreshed ??= step.run("apt-get", ["-q", "update"]);
  step.progress("updating Debian's package lists");
  await refreshed;
}

function escapePattern(text: string): string {
  return text.replace(/[.+]/g, "\\$&");
}
