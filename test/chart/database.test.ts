import assert from "node:assert/strict";
import { type Manifest, one, render, renderValues } from "../support/chart/render";
import { NAMESPACE, settings } from "../support/chart/settings";

describe("MongoDB", () => {
  const set = () => one(render("default"), "StatefulSet", "parse-server-mongodb");

  it("is a replica set of three with a volume each, never two members on one node", () => {
    const { spec } = set();
    assert.equal(spec.replicas, 3);
    assert.deepEqual(spec.volumeClaimTemplates[0].spec.resources.requests, { storage: "20Gi" });
    const [term] = spec.template.spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution;
    assert.equal(term.topologyKey, "kubernetes.io/hostname");
    assert.deepEqual(term.labelSelector.matchLabels, spec.selector.matchLabels);
  });

  it("keeps its volumes when the release goes or shrinks", () => {
    assert.deepEqual(set().spec.persistentVolumeClaimRetentionPolicy, { whenDeleted: "Retain", whenScaled: "Retain" });
  });

  it("lets members find one another before they are ready, and all start at once", () => {
    const service = one(render("default"), "Service", "parse-server-mongodb");
    assert.equal(service.spec.clusterIP, "None");
    assert.equal(service.spec.publishNotReadyAddresses, true);
    assert.equal(set().spec.serviceName, service.metadata.name);
    assert.equal(set().spec.podManagementPolicy, "Parallel");
  });

  it("gives mongod a key file that nobody else can read", () => {
    const [keyFile] = set().spec.template.spec.initContainers;
    assert.ok(keyFile.command.includes("--mode=0400"));
    const [mongod] = set().spec.template.spec.containers;
    assert.deepEqual(mongod.command.slice(0, 5), [
      "mongod",
      "--replSet",
      "parse",
      "--keyFile",
      "/mongodb-key-file/key",
    ]);
    const volume = set().spec.template.spec.volumes.find((candidate: Manifest) => candidate.name === "key-file");
    assert.equal(volume.emptyDir.medium, "Memory");
  });

  it("does not restart a member because the set grows: the new ones would wait for the old and the old for the new", () => {
    const mongodb = settings.default.database.mongodb;
    const grown = renderValues({
      ...settings.default,
      database: { ...settings.default.database, mongodb: { ...mongodb, members: 5 } },
    });
    assert.deepEqual(one(grown, "StatefulSet").spec.template, set().spec.template);
  });

  it("may lose one member at a time", () => {
    assert.equal(one(render("default"), "PodDisruptionBudget", "parse-server-mongodb").spec.maxUnavailable, 1);
  });

  it("tells the scripts the same members that the Service gives names to", () => {
    const scripts = one(render("full"), "ConfigMap", "parse-server-mongodb-scripts").data;
    const { members } = JSON.parse(scripts["replica-set.json"]);
    const { metadata, spec } = one(render("full"), "StatefulSet");
    const expected = Array.from(
      { length: spec.replicas },
      (_, ordinal) => `${metadata.name}-${ordinal}.${spec.serviceName}.${NAMESPACE}.svc.cluster.local:27017`,
    );
    assert.deepEqual(members, expected);
    for (const file of ["replica-set.js", "readiness.js", "run-replica-set.sh"]) assert.ok(scripts[file], file);
  });
});

describe("PostgreSQL", () => {
  const set = () => one(render("lab"), "StatefulSet", "parse-server-postgresql");

  it("follows the official image: password from a file, data below the volume's root, user 999", () => {
    const [container] = set().spec.template.spec.containers;
    assert.deepEqual(container.env, [
      { name: "POSTGRES_USER", value: "parse" },
      { name: "POSTGRES_DB", value: "parse" },
      { name: "POSTGRES_PASSWORD_FILE", value: "/database-secrets/databasePassword/value" },
      { name: "PGDATA", value: "/var/lib/postgresql/data/pgdata" },
    ]);
    assert.equal(container.command, undefined);
    assert.equal(set().spec.template.spec.securityContext.runAsUser, 999);
  });

  it("is ready when it answers over TCP", () => {
    const [container] = set().spec.template.spec.containers;
    for (const probe of ["startupProbe", "readinessProbe"]) {
      assert.deepEqual(
        container[probe].exec.command.slice(0, 4),
        ["pg_isready", "--quiet", "--host", "127.0.0.1"],
        probe,
      );
    }
  });

  it("is neither ended nor cut off because a node is too busy to start a program that asks it", () => {
    const [container] = set().spec.template.spec.containers;
    assert.deepEqual(container.livenessProbe.tcpSocket, { port: "postgresql" });
    assert.equal(one(render("lab"), "Service", "parse-server-postgresql").spec.publishNotReadyAddresses, true);
  });

  it("keeps its volume when the release goes", () => {
    assert.equal(set().spec.persistentVolumeClaimRetentionPolicy.whenDeleted, "Retain");
  });
});

describe("Velero's hooks around the copying of a database's volumes", () => {
  const HOOK = /^(pre|post)\.hook\.backup\.velero\.io\//;
  const hooksOf = (set: Manifest) =>
    Object.entries((set.spec.template.metadata.annotations ?? {}) as Record<string, string>).filter(([name]) =>
      HOOK.test(name),
    );

  for (const [engine, name] of [
    ["postgresql", "lab"],
    ["mongodb", "full"],
  ] as const) {
    it(`run scripts that the container of ${engine} has, and fail the backup when the one before fails`, () => {
      const manifests = render(name);
      const set = one(manifests, "StatefulSet", `parse-server-${engine}`);
      const hooks = Object.fromEntries(hooksOf(set));
      assert.equal(hooks["pre.hook.backup.velero.io/on-error"], "Fail");
      for (const when of ["pre", "post"]) {
        const container = set.spec.template.spec.containers.find(
          (candidate: Manifest) => candidate.name === hooks[`${when}.hook.backup.velero.io/container`],
        );
        const script: string = JSON.parse(hooks[`${when}.hook.backup.velero.io/command`] ?? "[]")[1];
        const folder = script.slice(0, script.lastIndexOf("/"));
        const mount = container.volumeMounts.find((candidate: Manifest) => candidate.mountPath === folder);
        const volume = set.spec.template.spec.volumes.find((candidate: Manifest) => candidate.name === mount.name);
        const { data } = one(manifests, "ConfigMap", volume.configMap.name);
        assert.ok(data[script.slice(folder.length + 1)], script);
      }
    });
  }

  for (const [engine, name, map] of [
    ["postgresql", "lab", "parse-server-postgresql-backup"],
    ["mongodb", "full", "parse-server-mongodb-scripts"],
  ] as const)
    it(`and their scripts know how long Velero waits: ${engine}`, () => {
      const { database } = settings[name];
      const copyTimeouts = { hook: "1h30m", hookSeconds: 5400, copySeconds: 1_234_567 };
      const manifests = renderValues({ ...settings[name], database: { ...database, copyTimeouts } });
      const hooks = Object.fromEntries(hooksOf(one(manifests, "StatefulSet", `parse-server-${engine}`)));
      assert.equal(hooks["pre.hook.backup.velero.io/timeout"], "1h30m");
      const { data } = one(manifests, "ConfigMap", map);
      assert.equal(data["hook-seconds"], "5400");
      assert.equal(data["copy-seconds"], "1234567");
    });

  it("restart no pod of a stack from before they could be told how long", () => {
    const { data } = one(render("lab"), "ConfigMap", "parse-server-postgresql-backup");
    const hooks = Object.fromEntries(hooksOf(one(render("lab"), "StatefulSet", "parse-server-postgresql")));
    assert.deepEqual(hooks, {
      "pre.hook.backup.velero.io/container": "postgresql",
      "pre.hook.backup.velero.io/command": '["sh","/backup-scripts/copy-for-backup.sh"]',
      "pre.hook.backup.velero.io/on-error": "Fail",
      "pre.hook.backup.velero.io/timeout": "30m",
      "post.hook.backup.velero.io/container": "postgresql",
      "post.hook.backup.velero.io/command": '["sh","/backup-scripts/discard-copy.sh"]',
      "post.hook.backup.velero.io/on-error": "Continue",
      "post.hook.backup.velero.io/timeout": "5m",
    });
    assert.equal(data["hook-seconds"], "1800");
    assert.equal(data["copy-seconds"], "14400");
  });

  it("are absent unless they are asked for", () => {
    assert.deepEqual(hooksOf(one(render("default"), "StatefulSet")), []);
  });

  it("come with a step that starts a restored PostgreSQL from the consistent copy", () => {
    const { initContainers } = one(render("lab"), "StatefulSet", "parse-server-postgresql").spec.template.spec;
    assert.deepEqual(
      initContainers.map(({ command }: Manifest) => command),
      [["sh", "/backup-scripts/take-over-copy.sh"]],
    );
  });
});

describe("external database", () => {
  it("brings no database into the cluster", () => {
    for (const name of ["externalPostgresql", "externalMongodb"] as const) {
      assert.equal(render(name).filter((manifest) => manifest.kind === "StatefulSet").length, 0);
    }
  });
});
