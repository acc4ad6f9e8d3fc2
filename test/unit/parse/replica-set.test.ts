import assert from "node:assert/strict";
import fc from "fast-check";
import { Cluster } from "./replica-set-stand-in";

const FIVE = [0, 1, 2, 3, 4].map((ordinal) => `mongodb-${ordinal}.mongodb.parse.svc.cluster.local:27017`);
const THREE = FIVE.slice(0, 3);

function assertComplete(cluster: Cluster, hosts: string[]): void {
  const [set, ...others] = cluster.sets();
  assert.ok(set && others.length === 0, "exactly one set");
  assert.deepEqual(set.config.members.map(({ host }) => host).sort(), [...hosts].sort());
  assert.deepEqual(
    [...set.users],
    [
      ["admin.root", "root-password"],
      ["parse.parse", "parse-password"],
    ],
  );
}

function complete(): Cluster {
  const cluster = new Cluster(THREE);
  assert.equal(cluster.run(), 0, cluster.log.join("\n"));
  return cluster;
}

describe("the MongoDB replica set's script", () => {
  it("turns fresh members into one set with both users", () => assertComplete(complete(), THREE));

  it("changes nothing when everything is in place", () => {
    const cluster = complete();
    cluster.commands.length = 0;
    assert.equal(cluster.run(), 0);
    assert.deepEqual(
      cluster.commands.filter((name) => /^(create|update|replSetInitiate|replSetReconfig)/.test(name)),
      [],
    );
    assertComplete(cluster, THREE);
  });

  it("leaves the set to member 0", () => {
    const cluster = new Cluster(THREE);
    assert.equal(cluster.run(1), 0);
    assert.deepEqual(cluster.commands, []);
  });

  it("waits, without initiating, until every member answers", () => {
    const cluster = new Cluster(THREE);
    cluster.member(THREE[2] ?? "").up = false;
    assert.equal(cluster.run(), 1);
    assert.deepEqual(cluster.sets(), []);
    assert.match(cluster.log.join(), /does not answer/);
    cluster.member(THREE[2] ?? "").up = true;
    assert.equal(cluster.run(), 0);
    assertComplete(cluster, THREE);
  });

  it("comes to the same end wherever it was cut off, any number of times", () => {
    const whole = complete().commands.length;
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: whole }), { maxLength: 6 }), (cuts) => {
        const cluster = new Cluster(THREE);
        for (const cut of cuts) {
          cluster.interruptAt = cluster.commands.length + cut;
          cluster.run();
        }
        cluster.interruptAt = Number.POSITIVE_INFINITY;
        assert.equal(cluster.run(), 0, cluster.log.join("\n"));
        assertComplete(cluster, THREE);
      }),
    );
  });

  it("works through the primary when that is another member", () => {
    const cluster = complete();
    const [set] = cluster.sets();
    assert.ok(set);
    set.primary = THREE[1];
    set.config = { ...set.config, members: set.config.members.slice(0, 2) };
    assert.equal(cluster.run(), 0, cluster.log.join("\n"));
    assertComplete(cluster, THREE);
  });

  it("never founds a second set when member 0 comes back empty", () => {
    const cluster = complete();
    const [set] = cluster.sets();
    assert.ok(set);
    set.primary = THREE[1];
    cluster.member(THREE[0] ?? "").set = undefined;
    assert.equal(cluster.run(), 1);
    assert.deepEqual(cluster.sets(), [set]);
    assert.match(cluster.log.join("\n"), /belongs to parse: this member will be filled from it/);
  });

  it("waits while there is no primary", () => {
    const cluster = complete();
    const [set] = cluster.sets();
    assert.ok(set);
    set.primary = undefined;
    assert.equal(cluster.run(), 1);
    assert.match(cluster.log.join("\n"), /no primary within 60 s/);
  });

  it("adds members one by one when the set grows, and removes those that are gone", () => {
    const [set] = complete().sets();
    assert.ok(set);
    const grown = new Cluster(FIVE);
    for (const host of THREE) grown.member(host).set = set;
    assert.equal(grown.run(), 0, grown.log.join("\n"));
    assertComplete(grown, FIVE);

    const shrunk = new Cluster(THREE);
    for (const host of THREE) shrunk.member(host).set = set;
    assert.equal(shrunk.run(), 0, shrunk.log.join("\n"));
    assertComplete(shrunk, THREE);
  });

  it("gives Parse's user the password of its Secret", () => {
    const [set] = complete().sets();
    assert.ok(set);
    set.users.set("parse.parse", "an older one");
    const cluster = new Cluster(THREE);
    for (const host of THREE) cluster.member(host).set = set;
    assert.equal(cluster.run(), 0);
    assertComplete(cluster, THREE);
  });

  it("says so when the root password is not the set's, and prints no password", () => {
    const [set] = complete().sets();
    assert.ok(set);
    set.primary = THREE[1];
    const cluster = new Cluster(THREE, { databasePassword: "parse-password", databaseRootPassword: "wrong-one" });
    for (const host of THREE) cluster.member(host).set = set;
    assert.equal(cluster.run(), 1);
    assert.match(cluster.log.join("\n"), /the root password is not the one mongodb-1/);
    assert.doesNotMatch(cluster.log.join("\n"), /wrong-one|parse-password/);
  });
});
