/**
 * The programs of the VM, run for real by bash, curl and jq against a stand-in for Google's metadata server and Secret
 * Manager. What they must not touch here (Docker, the firewall, the disk) is a stand-in that records its command line.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { wantedState } from "../../../components/rancher/cloud-config";
import { prepareProgram, rancherUnit, runProgram, watchProgram } from "../../../components/rancher/machine-programs";
import { BUNDLE, Machine, PASSWORD, SECRETS } from "./machine";

const wanted = (more: Partial<Parameters<typeof wantedState>[0]> = {}) =>
  wantedState({
    image: "docker.io/rancher/rancher:v2.14.4",
    hostname: "rancher.acme.example.com",
    certificate: "privateAuthority",
    secrets: {
      bootstrapPassword: "projects/1/secrets/password/versions/1",
      certificate: "projects/1/secrets/certificate/versions/2",
    },
    ...more,
  });
const letsencrypt = wanted({
  certificate: "letsencrypt",
  secrets: { bootstrapPassword: "projects/1/secrets/password/versions/1" },
});

describe("the programs of Rancher's VM", () => {
  let machine: Machine;
  beforeEach(async () => {
    machine = new Machine();
    await machine.start();
    machine.wanted = wanted();
  });
  afterEach(() => machine.stop());

  const start = async () => {
    await machine.run(prepareProgram);
    await machine.run(runProgram);
    return machine.takeCommands().join("\n");
  };

  it("are valid for bash", () => {
    for (const program of [prepareProgram, runProgram, watchProgram]) {
      const { status, stderr } = spawnSync("bash", ["-n"], { input: program(), encoding: "utf8" });
      assert.equal(status, 0, stderr);
    }
  });

  it("run the wanted image on the data disk, as a private CA's server", async () => {
    const commands = await start();
    assert.match(commands, /^docker pull docker\.io\/rancher\/rancher:v2\.14\.4$/m);
    const [line = ""] = /^docker run .*$/m.exec(commands) ?? [];
    for (const part of [
      "--privileged",
      "--publish 443:443",
      `--volume ${machine.folder}/data/data:/var/lib/rancher`,
      `--volume ${machine.folder}/run/tls/cert.pem:/etc/rancher/ssl/cert.pem:ro`,
      `--volume ${machine.folder}/run/tls/key.pem:/etc/rancher/ssl/key.pem:ro`,
      `--volume ${machine.folder}/run/tls/cacerts.pem:/etc/rancher/ssl/cacerts.pem:ro`,
    ])
      assert.ok(line.includes(part), `${part} in ${line}`);
    assert.doesNotMatch(line, /no-cacerts|acme-domain|80:80/);
    assert.equal(machine.read("run/tls/key.pem"), "PRIVATE KEY\n");
    assert.equal(machine.read("run/tls/cacerts.pem"), "CA\n");
  });

  it("tell Rancher that its CA is a public one, and its agents to trust their system", async () => {
    SECRETS["projects/1/secrets/certificate/versions/3"] = JSON.stringify({ ...BUNDLE, caCertificate: undefined });
    const secrets = {
      bootstrapPassword: "projects/1/secrets/password/versions/1",
      certificate: "projects/1/secrets/certificate/versions/3",
    };
    machine.wanted = wanted({ certificate: "publicAuthority", secrets });
    const commands = await start();
    assert.match(commands, /^docker run .* docker\.io\/rancher\/rancher:v2\.14\.4 --no-cacerts$/m);
    assert.doesNotMatch(commands, /cacerts\.pem/);
    assert.match(machine.read("run/environment"), /^CATTLE_AGENT_TLS_MODE=system-store$/m);
  });

  it("leave the certificate to Let's Encrypt, with port 80 open", async () => {
    machine.wanted = letsencrypt;
    const commands = await start();
    assert.match(commands, /^docker run .*--publish 80:80 .* --acme-domain rancher\.acme\.example\.com$/m);
    assert.doesNotMatch(commands, /etc\/rancher\/ssl/);
    assert.match(machine.read("run/environment"), /^CATTLE_AGENT_TLS_MODE=system-store$/m);
  });

  it("show no secret on a command line, and keep them where only root reads and only in memory", async () => {
    const commands = await start();
    for (const secret of ["t0ken", "bootstrap pass", "PRIVATE KEY"]) assert.ok(!commands.includes(secret), commands);
    assert.ok(machine.read("run/environment").startsWith(`CATTLE_BOOTSTRAP_PASSWORD=${PASSWORD}\n`));
    for (const file of ["run/environment", "run/tls/key.pem"]) {
      assert.equal(statSync(join(machine.folder, file)).mode & 0o077, 0, file);
    }
    assert.equal(machine.has("run/tls/bundle.json"), false);
    assert.deepEqual(readdirSync(join(machine.folder, "data")).sort(), ["data", "image"]);
  });

  it("keep containers away from the VM's service account", async () => {
    assert.match(await start(), /^iptables --insert DOCKER-USER --destination 169\.254\.169\.254 .*--jump DROP$/m);
  });

  it("copy the data before another version starts on it, and never for the same version", async () => {
    await start();
    writeFileSync(join(machine.folder, "data/data/state"), "of 2.14.4");
    assert.doesNotMatch(await start(), /^cp /m);
    machine.wanted = wanted({ image: "docker.io/rancher/rancher:v2.15.0" });
    const commands = await start();
    assert.match(commands, /^cp --archive --reflink=always/m);
    assert.ok(commands.indexOf("cp --archive") < commands.indexOf("docker run"));
    assert.ok(commands.indexOf("docker pull") < commands.indexOf("cp --archive"), "the image is there first");
    const [copy] = readdirSync(join(machine.folder, "data")).filter((name) => name.startsWith("before-"));
    assert.match(copy ?? "", /^before-[0-9TZ]+-v2\.14\.4$/);
    assert.equal(machine.read(`data/${copy}/state`), "of 2.14.4");
    assert.equal(machine.read("data/data/state"), "of 2.14.4");
  });

  it("keep the three newest copies", async () => {
    await start();
    for (const day of ["01", "02", "03", "04"])
      mkdirSync(join(machine.folder, `data/before-202601${day}T000000Z-v2.14.1`));
    machine.wanted = wanted({ image: "docker.io/rancher/rancher:v2.15.0" });
    await start();
    const copies = readdirSync(join(machine.folder, "data")).filter((name) => name.startsWith("before-"));
    assert.equal(copies.length, 3);
    assert.ok(!copies.some((name) => /2026010[12]T/.test(name)), copies.join());
  });

  it("do not start Rancher without its secrets", async () => {
    machine.wanted = wanted({ secrets: { bootstrapPassword: "projects/1/secrets/astray/versions/1" } });
    const child = machine.spawn((paths) => prepareProgram(paths).replaceAll("--retry 10", "--retry 0"));
    const code = await new Promise((resolve) => child.on("close", resolve));
    assert.notEqual(code, 0);
    assert.doesNotMatch(machine.takeCommands().join("\n"), /^docker (pull|run)/m);
  });

  describe("the one that watches", () => {
    const watched = async (environment: Record<string, string>, until: RegExp) => {
      const child = machine.spawn(watchProgram, environment);
      const deadline = Date.now() + 10_000;
      try {
        while (!(existsSync(machine.log) && until.test(readFileSync(machine.log, "utf8")))) {
          assert.ok(Date.now() < deadline, `nothing like ${until}`);
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      } finally {
        await machine.end(child);
      }
      return machine.takeCommands();
    };

    beforeEach(async () => {
      await machine.run(prepareProgram);
      machine.takeCommands();
    });

    it("leaves Rancher alone while nothing else is wanted, and lets the data grow with its disk", async () => {
      const commands = await watched({}, /(xfs_growfs[\s\S]*){3}/);
      assert.deepEqual(
        commands.filter((line) => /^(docker|systemctl)/.test(line)),
        [],
      );
    });

    it("fetches another image before it restarts Rancher", async () => {
      machine.wanted = wanted({ image: "docker.io/rancher/rancher:v2.15.0" });
      const commands = (await watched({}, /systemctl/)).filter((line) => /^(docker|systemctl)/.test(line));
      assert.deepEqual(commands.slice(0, 2), [
        "docker pull docker.io/rancher/rancher:v2.15.0",
        "systemctl restart rancher.service",
      ]);
    });

    it("lets the old version serve on while the new image cannot be had", async () => {
      machine.wanted = wanted({ image: "docker.io/rancher/rancher:v9.9.9" });
      const commands = await watched({ DOCKER_STATUS: "1" }, /(docker pull[\s\S]*){2}/);
      assert.ok(!commands.some((line) => line.startsWith("systemctl")));
    });
  });
});

describe("the unit of Rancher", () => {
  it("needs the data disk, prepares each start, restarts for ever and stops gently", () => {
    const unit = rancherUnit("/usr/local/lib/rancher-server");
    assert.match(unit, /^RequiresMountsFor=\/srv\/rancher$/m);
    assert.match(unit, /^ExecStartPre=\/usr\/local\/lib\/rancher-server\/prepare$/m);
    assert.match(unit, /^Restart=always$/m);
    assert.match(unit, /^StartLimitIntervalSec=0$/m);
    assert.match(unit, /^ExecStop=\/usr\/bin\/docker stop --time 120 rancher$/m);
  });
});
