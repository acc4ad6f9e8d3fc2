import assert from "node:assert/strict";
import { parse } from "yaml";
import { cloudConfig, userData, wantedState } from "../../../components/rancher/cloud-config";

/** Keys of the modules that are used, with the shape that cloud-init's reference gives them. */
const MODULES: Record<string, (value: unknown) => boolean> = {
  package_update: (value) => typeof value === "boolean",
  package_upgrade: (value) => typeof value === "boolean",
  packages: isTexts,
  ssh_pwauth: (value) => typeof value === "boolean",
  disable_root: (value) => typeof value === "boolean",
  mounts: (value) => Array.isArray(value) && value.every((entry) => isTexts(entry) && entry.length === 6),
  write_files: (value) => Array.isArray(value) && value.every(isFile),
  runcmd: (value) => Array.isArray(value) && value.every(isTexts),
};

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === "string");
}

function isFile(value: unknown): boolean {
  const { path, permissions, content, ...rest } = value as Record<string, unknown>;
  return (
    String(path).startsWith("/") &&
    /^0[0-7]{3}$/.test(String(permissions)) &&
    typeof content === "string" &&
    Object.keys(rest).length === 0
  );
}

describe("the cloud-config of Rancher's VM", () => {
  it("is one: the first line says so, and every key is a module's with a value of its shape", () => {
    assert.ok(userData().startsWith("#cloud-config\n"));
    const config = parse(userData()) as Record<string, unknown>;
    for (const [key, value] of Object.entries(config)) assert.ok(MODULES[key]?.(value), key);
    assert.deepEqual(config, cloudConfig());
  });

  it("fits into a metadata value", () => {
    assert.ok(Buffer.byteLength(userData()) < 256 * 1024);
  });

  it("is the same text every time, for every customer", () => {
    assert.equal(userData(), userData());
  });

  it("gives the data disk a file system only if it has none, and lets it grow", () => {
    const [[device, folder, type, options] = []] = cloudConfig().mounts;
    assert.equal(device, "/dev/disk/by-id/google-rancher-data");
    assert.equal(folder, "/srv/rancher");
    assert.equal(type, "xfs", "which copies before an upgrade without taking room");
    assert.deepEqual(options?.split(","), ["defaults", "nofail", "noatime", "x-systemd.makefs", "x-systemd.growfs"]);
    assert.equal("fs_setup" in cloudConfig(), false);
  });

  it("installs Docker from Ubuntu, with security updates", () => {
    assert.deepEqual(cloudConfig().packages, ["docker.io", "jq", "unattended-upgrades", "xfsprogs"]);
  });

  it("writes programs that root alone can change, and starts them", () => {
    const files = Object.fromEntries(cloudConfig().write_files.map(({ path, permissions }) => [path, permissions]));
    assert.deepEqual(files, {
      "/usr/local/lib/rancher-server/prepare": "0755",
      "/usr/local/lib/rancher-server/run": "0755",
      "/usr/local/lib/rancher-server/watch": "0755",
      "/etc/systemd/system/rancher.service": "0644",
      "/etc/systemd/system/rancher-watch.service": "0644",
    });
    const commands = cloudConfig().runcmd.map((words) => words.join(" "));
    assert.ok(commands.includes("systemctl enable --now rancher.service rancher-watch.service"));
  });

  it("lets nobody in by password, and not as root", () => {
    assert.equal(cloudConfig().ssh_pwauth, false);
    assert.equal(cloudConfig().disable_root, true);
  });
});

describe("the wanted state", () => {
  const state = {
    image: "docker.io/rancher/rancher:v2.14.4",
    hostname: "rancher.acme.example.com",
    secrets: { bootstrapPassword: "projects/1/secrets/a/versions/1" },
  };

  it("has agents check Rancher's CA where it is private, and their own system's where it is public", () => {
    const mode = (certificate: "letsencrypt" | "publicAuthority" | "privateAuthority") =>
      JSON.parse(wantedState({ ...state, certificate })).agentTlsMode;
    assert.equal(mode("privateAuthority"), "strict");
    assert.equal(mode("publicAuthority"), "system-store");
    assert.equal(mode("letsencrypt"), "system-store");
  });
});
