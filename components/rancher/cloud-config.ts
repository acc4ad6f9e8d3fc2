/** What Rancher's VM does at its first start, and what it is asked for afterwards. Pure. */
import { stringify } from "yaml";
import { tagOf } from "../kubernetes/deployed-version";
import { machinePaths, prepareProgram, rancherUnit, runProgram, watchProgram, watchUnit } from "./machine-programs";

/** Name under which the data disk appears in the VM. */
export const DATA_DEVICE = "rancher-data";

const PROGRAMS = "/usr/local/lib/rancher-server";

/** How Rancher's certificate comes about, in the words of the programs on the VM. */
export type CertificateOrigin = "letsencrypt" | "publicAuthority" | "privateAuthority";

/** What the VM is to run. No secret is in it, only where secrets are: every viewer of the project can read metadata. */
export interface WantedState {
  /** Rancher's image with its tag. */
  readonly image: string;
  /** Name under which Rancher is reached. */
  readonly hostname: string;
  /** How the certificate comes about. */
  readonly certificate: CertificateOrigin;
  /** Names of versions in Secret Manager. */
  readonly secrets: {
    /** Password of the first login. */
    readonly bootstrapPassword: string;
    /** Certificate, key and CA; absent with Let's Encrypt. */
    readonly certificate?: string;
  };
}

/**
 * The wanted state as the programs on the VM read it.
 *
 * `agentTlsMode`: where a public CA signed, Rancher has no CA to hand to its agents, and they have to look into their
 * system's store (https://github.com/rancher/rancher/issues/46798).
 */
export function wantedState(state: WantedState): string {
  const agentTlsMode = state.certificate === "privateAuthority" ? "strict" : "system-store";
  return JSON.stringify({ ...state, agentTlsMode });
}

/** Version of Rancher in a wanted state; `undefined` where there is none. */
export function rancherVersionOf(state: string | undefined): string | undefined {
  if (state === undefined) return undefined;
  return tagOf((JSON.parse(state) as WantedState).image)?.replace(/^v/, "");
}

/** A file that cloud-init writes. */
interface WrittenFile {
  readonly path: string;
  readonly permissions: string;
  readonly content: string;
}

/** The modules of cloud-init that are used here (https://cloudinit.readthedocs.io/en/latest/reference/modules.html). */
export interface CloudConfig {
  readonly package_update: boolean;
  readonly package_upgrade: boolean;
  readonly packages: readonly string[];
  readonly ssh_pwauth: boolean;
  readonly disable_root: boolean;
  readonly mounts: readonly (readonly string[])[];
  readonly write_files: readonly WrittenFile[];
  readonly runcmd: readonly (readonly string[])[];
}

/**
 * The VM's cloud-config as data.
 *
 * The data disk gets a file system only if it has none, ever (`x-systemd.makefs`), and grows with its disk. It is not
 * needed for the VM to start, so that one can still log in; Rancher does not start without it.
 */
export function cloudConfig(): CloudConfig {
  const program = (name: string, content: string) => ({ path: `${PROGRAMS}/${name}`, permissions: "0755", content });
  const unit = (name: string, content: string) => ({
    path: `/etc/systemd/system/${name}`,
    permissions: "0644",
    content,
  });
  const device = `/dev/disk/by-id/google-${DATA_DEVICE}`;
  const mountOptions = "defaults,nofail,noatime,x-systemd.makefs,x-systemd.growfs";
  return {
    package_update: true,
    package_upgrade: true,
    packages: ["docker.io", "jq", "unattended-upgrades", "xfsprogs"],
    ssh_pwauth: false,
    disable_root: true,
    mounts: [[device, machinePaths.data, "xfs", mountOptions, "0", "0"]],
    write_files: [
      program("prepare", prepareProgram()),
      program("run", runProgram()),
      program("watch", watchProgram()),
      unit("rancher.service", rancherUnit(PROGRAMS)),
      unit("rancher-watch.service", watchUnit(PROGRAMS)),
    ],
    runcmd: [
      ["systemctl", "daemon-reload"],
      ["systemctl", "enable", "--now", "docker.service"],
      ["systemctl", "enable", "--now", "rancher.service", "rancher-watch.service"],
    ],
  };
}

/** The cloud-config as user data. */
export function userData(): string {
  return `#cloud-config\n${stringify(cloudConfig(), { lineWidth: 0 })}`;
}
