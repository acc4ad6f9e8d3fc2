import assert from "node:assert/strict";
import { network } from "../../../lab/layout";
import { readObject } from "../../../lab/node/cluster-api";
import { kubectl } from "../../../lab/node/start";
import { ParseApi } from "../../../ops/recovery/parse-api";
import { S3Proxy } from "../../support/stores/s3-proxy";
import { BackupStack } from "./backup-stack";
import { DrillRun } from "./drill-run";
import { HostStore } from "./host-store";
import { OutsideStore } from "./outside-store";

const HOOKS = {
  before: { annotation: "pre.hook.backup.velero.io/command", command: '["sh","/backup-scripts/copy-for-backup.sh"]' },
  after: { annotation: "post.hook.backup.velero.io/command", command: '["sh","/backup-scripts/discard-copy.sh"]' },
} as const;
/** The script that copies the database, where that takes twenty seconds and Velero waits for two. */
const TOO_SLOW = [
  "mkdir -p /tmp/slow && cp /backup-scripts/* /tmp/slow && echo 2 > /tmp/slow/hook-seconds",
  "printf '#!/bin/sh\\nsleep 20\\n' > /tmp/slow/pg_basebackup && chmod +x /tmp/slow/pg_basebackup",
  "PATH=/tmp/slow:$PATH sh /tmp/slow/copy-for-backup.sh",
].join(" && ");
/** The script that ends a copy, where somebody removed it before. */
const COPY_GONE = "rm -rf /var/lib/postgresql/data/copy* && sh /backup-scripts/discard-copy.sh";
const CERTIFICATE = ["configmap", "kube-root-ca.crt"];
const LEFT_OUT = "velero.io/exclude-from-backup";

describe("what can go wrong with backups in the lab", () => {
  const stack = new BackupStack("gone-wrong");
  const store = new OutsideStore("s3-of-gone-wrong", "768Mi");
  const run = new DrillRun(stack);
  /** Where the volumes' contents lie in the bucket. */
  const repository = `${stack.name}/kopia/${stack.namespace}`;
  const inNamespace = (...args: string[]) => kubectl("-n", stack.namespace, ...args);
  /** Gives the database's pod another hook, or its own again. */
  const setHook = (when: keyof typeof HOOKS, command: string = HOOKS[when].command) => {
    const annotation = `${HOOKS[when].annotation}=${command}`;
    return inNamespace("annotate", "pod", "parse-server-postgresql-0", "--overwrite", annotation);
  };

  before(async () => {
    await store.start();
    await stack.create();
    await stack.writeOutside({ store });
    await stack.up();
  });
  after(async () => {
    await stack.remove();
    await store.remove();
    run.remove();
  });

  /** Something that goes wrong, at the beginning or in the middle of a drill, the drill's words for it, and its end. */
  const FAILURES: ReadonlyArray<{
    what: string;
    begin: () => Promise<unknown>;
    /** The step at which it begins. Default: before the drill. */
    at?: RegExp;
    reason: RegExp;
    end: () => Promise<unknown>;
  }> = [
    {
      what: "the database does not get ready for the backup",
      begin: () => setHook("before", '["false"]'),
      reason: /^Backup drill-\d+ is PartiallyFailed with \d errors and \d warnings: .*hook/,
      end: () => setHook("before"),
    },
    {
      what: "the database's copy takes longer than Velero waits",
      begin: () => setHook("before", JSON.stringify(["sh", "-c", TOO_SLOW])),
      reason: /^Backup drill-\d+ is PartiallyFailed with \d errors and \d warnings: .*hook/,
      end: () => setHook("before"),
    },
    {
      what: "the database's copy is gone before the backup's end",
      begin: () => setHook("after", JSON.stringify(["sh", "-c", COPY_GONE])),
      reason: /^Backup drill-\d+ is PartiallyFailed with \d errors and \d warnings: .*hook/,
      end: () => setHook("after"),
    },
    {
      what: "the store has no room left",
      begin: () => store.run("dd if=/dev/zero of=../filling bs=1M 2>/dev/null || true"),
      reason: /^Backup drill-\d+ is (Partially)?Failed/,
      end: async () => {
        await store.run("rm ../filling");
        // Where it could not begin its repository, Velero tries again five minutes later; without one, at the next backup.
        await kubectl("-n", stack.velero, "delete", "backuprepositories.velero.io", "--all");
      },
    },
    {
      what: "the store goes away during the backup",
      at: /back up/,
      begin: () => store.connect(false),
      reason: /^(Backup drill-\d+ is (Partially)?Failed|The store outside is Unavailable)/,
      end: async () => {
        await store.connect(true);
        await stack.available("outside");
      },
    },
    {
      what: "the restore has a warning",
      begin: () => inNamespace("label", ...CERTIFICATE, `${LEFT_OUT}-`),
      reason: /^Restore drill-\d+-nothing is Completed with 0 errors and 1 warnings: .*kube-root-ca\.crt/,
      end: () => inNamespace("label", ...CERTIFICATE, `${LEFT_OUT}=true`),
    },
    {
      what: "the store lost what it was given",
      at: /see that there is no namespace/,
      begin: () => store.run(`mkdir ../kept; mv ${repository}/p* ../kept`),
      reason: /^Restore drill-\d+-nothing is (PartiallyFailed|Failed)/,
      end: () => store.run(`mv ../kept/p* ${repository}; rmdir ../kept`),
    },
    {
      what: "the store gives other bytes than it was given",
      at: /see that there is no namespace/,
      begin: () =>
        store.run(
          `mkdir ../kept; mv ${repository}/p* ../kept; for f in ../kept/*; do to=${repository}/\${f##*/}; cp $f $to; head -c $(($(wc -c < $f) - 400)) /dev/urandom | dd of=$to bs=200 seek=1 conv=notrunc 2>/dev/null; done`,
        ),
      reason: /^Restore drill-\d+-nothing is (PartiallyFailed|Failed)/,
      end: () => store.run(`rm ${repository}/p*; mv ../kept/p* ${repository}; rmdir ../kept`),
    },
  ];

  for (const { what, begin, at, reason, end } of FAILURES) {
    it(`is a drill that fails when ${what}, with the reason in its results and its record`, async () => {
      const amounts = ["--objects", "20", "--users", "1"];
      let begun = false;
      const goWrong = () => {
        begun = true;
        return begin();
      };
      try {
        if (!at) await goWrong();
        const { exitCode, output } = at
          ? await run.drillInterruptedAt(at, goWrong, ...amounts)
          : await run.drill(...amounts);
        assert.equal(exitCode, 1, output);
      } finally {
        if (begun) await end();
      }
      const result = run.result();
      assert.equal(result.passed, false);
      assert.match(result.reason ?? "", reason);
      assert.match(run.file("drill.xml"), /failures="1"/);
      const { data } = await readObject<{ data: Record<string, string> }>(
        "configmaps",
        stack.velero,
        "onprem-drill-record",
      );
      const last = JSON.parse(data["last.json"] ?? "{}");
      assert.deepEqual([last.passed, last.reason], [false, result.reason]);
      assert.equal(data["last-passed.json"], undefined);
    });
  }

  it("is nothing that a failed drill leaves behind", async () => {
    const parse = new ParseApi({ ...(await stack.parseAddress()), mountPath: "/parse" });
    assert.equal(await parse.count("OnpremDrill"), 0);
    assert.equal(await kubectl("get", "namespace", `${stack.namespace}-drill`, "--ignore-not-found"), "");
    assert.equal(await kubectl("-n", stack.velero, "get", "restores.velero.io", "-o", "name"), "");
  });

  describe("and of stores with other manners", () => {
    // Ports beside that of the store that outlives clusters.
    const behind = new HostStore(7072, "eu-west-3");
    const proxy = new S3Proxy(behind.endpoint);

    /** Writes the settings with a second location, in the store behind the proxy. */
    const write = async (change: object) => {
      const elsewhere = { kind: "s3", name: "elsewhere", bucket: behind.bucket, region: behind.region };
      const outside = { kind: "s3", name: "outside", default: true, region: "us-east-1" };
      stack.writeBackup((backup) => ({
        ...backup,
        locations: [
          { ...outside, endpoint: store.endpoint, bucket: store.bucket },
          { ...elsewhere, endpoint: proxy.endpoint, ...change },
        ],
      }));
      await stack.giveKeys(store.accessKeyId, store.secret, 0);
      await stack.giveKeys(behind.accessKeyId, behind.secretAccessKey, 1);
    };
    const refused = async (sentence: RegExp) => {
      const { exitCode, output } = await stack.run("up", "--yes", "--skip-preview");
      assert.notEqual(exitCode, 0, output);
      assert.match(output, sentence);
    };
    before(async () => {
      await behind.start();
      await proxy.start(network.nodeAddress, 7073);
    });
    after(async () => {
      await proxy.stop();
      await behind.remove();
    });

    it("is named by up: the region that the store says", async () => {
      proxy.manners = { region: { name: behind.region, status: 301 } };
      await write({ region: "eu-west-1" });
      await refused(/with region eu-west-1: the store says that its region is eu-west-3\. Set region of the location/);
    });

    it("is named by up, and named again by the next: checksums that the store refuses", async () => {
      proxy.manners = { checksums: "not implemented" };
      await write({});
      for (const _ of ["first", "again"])
        await refused(
          /No backup can be made at the location elsewhere: .*set checksumAlgorithm of the location to "".*501.*NotImplemented/,
        );
      assert.ok(proxy.refused.includes("PUT NotImplemented"), proxy.refused.join(", "));
    });

    it("is named by up: that the store deletes nothing, so that nothing would expire", async () => {
      proxy.manners = { checksums: "not implemented", deletes: "refused" };
      await write({ checksumAlgorithm: "" });
      await refused(/can be made at the location elsewhere, but not deleted, .*AccessDenied/);
    });

    it("is over with the right setting: up ends well, leaves nothing of its proof, and backups are made", async () => {
      proxy.manners = { checksums: "not implemented" };
      proxy.refused.length = 0;
      await stack.up();
      await stack.completeBackup("with-manners", "elsewhere");
      assert.deepEqual(proxy.refused, []);
      await stack.expectNoChanges();
      assert.deepEqual(
        await kubectl("-n", stack.velero, "get", "configmaps", "-l", "onprem.platform/probe", "-o", "name"),
        "",
      );
    });

    it("is named by up: a lock that is asked for later and that the store does not have", async () => {
      proxy.manners = { checksums: "not implemented", objectLock: "not implemented" };
      await write({ checksumAlgorithm: "", objectLockDays: 30 });
      await refused(
        /has object lock for 0 days, and objectLockDays of the location asks for 30 \(store: 501 NotImplemented/,
      );
      proxy.manners = { checksums: "not implemented" };
      await write({ checksumAlgorithm: "" });
      await stack.up();
    });

    it("is refused before anything changes, in previews too: another repository password, and none any more", async () => {
      const path = "onprem:backup.repositoryPassword";
      await stack.succeed("config", "set", "--secret", "--path", path, "another-password-than-before");
      for (const command of [["preview"], ["up", "--yes", "--skip-preview"]]) {
        const { exitCode, output } = await stack.run(...command);
        assert.notEqual(exitCode, 0, output);
        assert.match(output, /onprem:backup\.repositoryPassword is another password .*; nothing was changed\./);
        assert.doesNotMatch(output, /another-password-than-before/);
      }
      const { repositoryPassword } = JSON.parse(
        await stack.succeed("stack", "output", "backup", "--json", "--show-secrets"),
      );
      await stack.succeed("config", "set", "--secret", "--path", path, repositoryPassword);
      await stack.up();
      await stack.succeed("config", "rm", "--path", path);
      const { exitCode, output } = await stack.run("preview");
      assert.notEqual(exitCode, 0, output);
      assert.match(
        output,
        /onprem:backup\.repositoryPassword was taken out, .* Put it back: pulumi config set --secret/,
      );
    });
  });
});
