/** A life with a certificate of the customer's in which each resource fails once, when it is made and when it is deleted. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import type { Fault } from "../../stand-ins/cloud/faults";
import type { LedgerEntry } from "../../stand-ins/cloud/ledger";
import { customersCertificate } from "../support/engine/customers-certificate";
import { findSecrets } from "../support/lab/secret-scan";
import { gke, rancher } from "../support/settings/valid-settings";
import { CloudHalfStack, inventory, type PlannedResource } from "./cloud-half-stack";

const UNPROTECTED = { deletionProtection: false };
const access = {
  users: [{ name: "jane" }],
  members: [{ user: "jane", role: "project-owner" }],
};

/** A fault that strikes once, and the resources in the program of which it strikes one. */
interface OrderedFault extends Fault {
  error: string;
  resources: string[];
}

/** A resource that a run named, and what the run said of it. */
interface NamedFailure {
  type: string;
  name: string;
  reason: string;
}

describe("failures in the cloud half on the real engine", () => {
  const { privateKey, ...certificates } = customersCertificate();
  let cloud: CloudHalfStack;
  let planned: PlannedResource[];
  const printed: string[] = [];
  before(async () => {
    cloud = new CloudHalfStack();
    const tls = { kind: "provided", ...certificates };
    await cloud.create({ cluster: gke(UNPROTECTED), rancher: rancher({ tls, ...UNPROTECTED }), access });
    await cloud.setSecret("onprem:rancher.tls.privateKey", privateKey);
    planned = await cloud.planned();
  });
  after(() => cloud?.remove());

  it("stop `up` at the resource, with the reason, and the next `up` goes on from there", async () => {
    await runUntilWell(planned.map(creationFault), ["up", "--parallel", "64"]);
    assert.deepEqual(inventory(cloud.ledger.read().resources), inventory(planned));
    assert.deepEqual(
      cloud.ledger
        .journal()
        .map(({ operation, type, name }) => `${operation} ${type} ${name}`)
        .sort(),
      inventory(planned).map((resource) => `create ${resource}`),
      "each was made once, and none was unmade",
    );
    await cloud.expectNoChanges();
  });

  it("show no secret, and the VM gets what the customer gave", async () => {
    const bundles = cloud.ledger
      .read()
      .resources.filter(({ type, name }) => type.endsWith(":SecretVersion") && name === "certificate")
      .map(({ properties }) => JSON.parse(String(properties.secretData)));
    assert.deepEqual(bundles, [{ ...certificates, privateKey }]);
    const places = {
      "what the updates printed": printed.join("\n"),
      "the settings": readFileSync(cloud.settingsFile, "utf8"),
      "the state": await cloud.stack.succeed("stack", "export"),
      "the VM": JSON.stringify(cloud.machine()),
    };
    const [, secretLine = ""] = privateKey.split("\n");
    assert.equal(secretLine.length, 64);
    assert.deepEqual(findSecrets({ ...cloud.secrets(), "the certificate's key": secretLine }, places), []);
    for (const [place, text] of Object.entries(places)) assert.doesNotMatch(text, /PRIVATE KEY/, place);
  });

  it("leave a certificate that can be renewed: another version of the secret, and the VM is told of it", () =>
    cloud.withSettings(async () => {
      const renewed = customersCertificate();
      cloud.set("rancher.tls.certificate", renewed.certificate);
      await cloud.setSecret("onprem:rancher.tls.privateKey", renewed.privateKey);
      assert.deepEqual(await cloud.effects(), [
        "replace SecretVersion certificate: secretData",
        "update Instance instance: metadata",
      ]);
    }));

  it("stop `destroy` at the resource, with the reason, and the next `destroy` leaves nothing", async () => {
    const { resources } = cloud.ledger.read();
    await runUntilWell(resources.map(deletionFault), ["destroy", "--continue-on-error"]);
    assert.deepEqual(cloud.ledger.names(), []);
  });

  /** Repeats the command until it ends well. Each run that doesn't must fail at what the faults say, and nowhere else. */
  async function runUntilWell(faults: OrderedFault[], command: readonly string[]): Promise<void> {
    assert.ok(faults.length > 30);
    assert.equal(new Set(faults.map(({ error }) => error)).size, faults.length);
    cloud.ledger.order(...faults);
    for (let waiting = faults; ; ) {
      const { exitCode, output } = await cloud.stack.run(...command, "--yes", "--skip-preview");
      printed.push(output);
      const left = waitingFaults();
      const met = waiting.filter(({ error }) => !left.some((fault) => fault.error === error));
      const named = failuresIn(output);
      for (const { error, type, resources } of met) {
        const failure = named.find(({ reason }) => reason.includes(error));
        assert.ok(failure, `nobody was told "${error}":\n${output}`);
        assert.equal(failure.type, shortType(type));
        assert.ok(resources.includes(failure.name), `${failure.name} is none of ${resources.join(", ")}`);
      }
      assert.equal(named.length, met.length, output);
      assert.equal(exitCode === 0, met.length === 0, output);
      waiting = left;
      if (exitCode === 0) break;
    }
    assert.deepEqual(waitingFaults(), [], "each fault struck");
  }

  function waitingFaults(): OrderedFault[] {
    const file = cloud.ledger.file("faults.json");
    return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as OrderedFault[]) : [];
  }
});

/** A fault takes a moment, in which whatever can be made beside it is begun and meets its own: a run for many. */
const MOMENT_SECONDS = 0.4;

/** By the name in the program; where several of a type share it, by the one in the cloud. */
function creationFault({ type, name, inputs }: PlannedResource, _: number, all: PlannedResource[]): OrderedFault {
  const shared = all.filter((other) => other.type === type && other.name === name).length > 1;
  const target = shared ? nameInCloud(inputs) : name;
  assert.ok(target, `${type} ${name} cannot be told from another`);
  const error = `no ${type} "${target}" today`;
  return { operation: "create", type, name: target, error, delaySeconds: MOMENT_SECONDS, times: 1, resources: [name] };
}

/** By the name in the cloud, since a deletion tells no other. Of a type without names, any. */
function deletionFault({ type, id, name, properties }: LedgerEntry, _: number, all: LedgerEntry[]): OrderedFault {
  const error = `no end of ${shortType(type)} ${id} today`;
  const once = { operation: "delete", type, error, times: 1 } as const;
  const target = nameInCloud(properties);
  if (target !== undefined) return { ...once, name: target, resources: [name] };
  return { ...once, resources: all.filter((other) => other.type === type).map((other) => other.name) };
}

function nameInCloud(properties: Record<string, unknown>): string | undefined {
  const names = ["name", "accountId", "secretId", "username"].map((property) => properties[property]);
  return names.find((name) => typeof name === "string");
}

/** What the diagnostics at the end of a run say, apart from the run's own failure. */
function failuresIn(output: string): NamedFailure[] {
  const [, diagnostics = ""] = output.split("\nDiagnostics:\n");
  return [...diagnostics.matchAll(/^ {2}(\S+) \((.+)\):\n((?: {4}.*\n)+)/gm)]
    .map(([, type = "", name = "", reason = ""]) => ({ type, name, reason }))
    .filter(({ type }) => type !== "pulumi:pulumi:Stack");
}

/** As the engine shows it: `gcp:compute/address:Address` is `gcp:compute:Address`. */
function shortType(type: string): string {
  return type.replace(/\/[^:]+:/, ":");
}
