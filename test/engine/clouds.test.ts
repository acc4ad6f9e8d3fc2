import assert from "node:assert/strict";
import { TestLedger } from "../support/clouds/cloud-client";
import { OWN_PROVIDERS } from "../support/engine/attached-plugins";
import { applied, planned } from "./changes";
import { EngineStack } from "./engine";

const RESOURCES = [
  ...["Network network", "Subnetwork nodes", "Address rancher", "Account rancher", "Secret bootstrap"],
  ...["SecretVersion bootstrap", "SecretIamMember bootstrap", "Disk data", "Instance rancher", "KeyRing gke"],
  ...["CryptoKey gke", "CryptoKeyIAMMember gke", "Cluster gke", "NodePool nodes", "Bootstrap admin"],
  ...["CloudCredential google", "Cluster acme", "ClusterSync acme", "Project application", "User jane"],
  "ProjectRoleTemplateBinding jane",
];

describe("stand-in clouds on the real engine", () => {
  let ledger: TestLedger;
  let stack: EngineStack;
  before(async () => {
    ledger = new TestLedger();
    stack = new EngineStack("clouds", { attached: OWN_PROVIDERS });
    await stack.create();
  });
  after(async () => {
    await stack?.remove();
    ledger.remove();
  });
  const up = (): Promise<string> => stack.succeed("up", "--yes", "--skip-preview");
  const set = (name: string, value: string): Promise<string> => stack.succeed("config", "set", name, value);

  it("preview everything from nothing, and make nothing", async () => {
    const changes = await planned(stack);
    for (const name of RESOURCES)
      assert.ok(changes.includes(`create ${name}`), `${name} is not in ${changes.join(", ")}`);
    assert.deepEqual(ledger.names(), []);
  });

  it("make everything, and leave nothing to do", async () => {
    await up();
    assert.deepEqual(ledger.names().sort(), [...RESOURCES].sort());
    await stack.succeed("refresh", "--yes", "--skip-preview", "--expect-no-changes");
    await stack.succeed("preview", "--expect-no-changes");
    const outputs = await stack.outputs();
    assert.match(outputs.registration ?? "", /^https:\/\/rancher\.acme\.example\.com\/v3\/import\//);
    assert.match(outputs.kubeconfig ?? "", /current-context/);
  });

  it("keep passwords, tokens and kubeconfigs out of the state and of what is printed", async () => {
    const { kubeconfig = "" } = await stack.outputs();
    const token = ledger.read().resources.find(({ type }) => type.endsWith(":Bootstrap"))?.properties.token as string;
    const state = await stack.succeed("stack", "export");
    const shown = await stack.succeed("preview", "--diff", "--show-sames");
    for (const text of [state, shown]) for (const value of [token, kubeconfig]) assert.ok(!text.includes(value));
    assert.ok((await stack.succeed("stack", "export", "--show-secrets")).includes(token));
  });

  const LABELLED = ["Address rancher", "Secret bootstrap", "Disk data", "Instance rancher", "Cluster gke"];
  const CHANGES: { settings: Record<string, string>; effects: string[] }[] = [
    { settings: { ring: "2" }, effects: LABELLED.map((name) => `update ${name}`) },
    {
      settings: { rancher: "2.14.5", dataDiskSize: "60", kubernetes: "1.35" },
      effects: ["update Instance rancher", "update Disk data", "update Cluster gke"],
    },
  ];
  for (const { settings, effects } of CHANGES) {
    it(`change in place what ${Object.keys(settings).join(", ")} say, and nothing else`, async () => {
      for (const [name, value] of Object.entries(settings)) await set(name, value);
      assert.deepEqual(await applied(stack), [...effects].sort());
    });
  }

  it("replace a VM of a fixed name one after the other, with its address and disk", async () => {
    const before = ledger.read().resources.find(({ type }) => type.endsWith(":Instance"))?.properties.instanceId;
    await set("image", "ubuntu-os-cloud/ubuntu-2604-lts-amd64");
    assert.deepEqual(await applied(stack), ["replace Instance rancher"]);
    const after = ledger.read().resources.find(({ type }) => type.endsWith(":Instance"))?.properties.instanceId;
    assert.notEqual(after, before);
    const steps = ledger.journal().filter(({ type }) => type.endsWith(":Instance"));
    assert.deepEqual(
      steps.slice(-2).map(({ operation }) => operation),
      ["delete", "create"],
    );
  });

  it("replace a user of another name, and the binding with it", async () => {
    await set("username", "janet");
    assert.deepEqual(await applied(stack), ["replace ProjectRoleTemplateBinding jane", "replace User jane"]);
    assert.equal(ledger.names().filter((name) => name.startsWith("User")).length, 1);
    assert.equal(ledger.names().filter((name) => name.startsWith("ProjectRole")).length, 1);
  });

  it("show what somebody else changed, and put it back", async () => {
    await ledger.change(({ resources }) => {
      for (const entry of resources)
        if (entry.type.endsWith(":Address")) entry.properties.labels = { customer: "other" };
    });
    const refresh = await stack.run("refresh", "--yes", "--skip-preview", "--expect-no-changes");
    assert.notEqual(refresh.exitCode, 0, refresh.output);
    assert.deepEqual(await applied(stack), ["update Address rancher"]);
    const address = ledger.read().resources.find(({ type }) => type.endsWith(":Address"));
    assert.deepEqual(address?.properties.labels, { customer: "acme", ring: "2" });
  });

  it("make again what somebody else deleted", async () => {
    await ledger.change((content) => {
      content.resources = content.resources.filter(
        ({ name, type }) => !(type.endsWith(":Secret") && name === "bootstrap"),
      );
    });
    await stack.succeed("refresh", "--yes", "--skip-preview");
    assert.ok((await applied(stack)).includes("create Secret bootstrap"));
    await stack.succeed("preview", "--expect-no-changes");
  });

  it("refuse an empty token with one clear error", async () => {
    await set("emptyToken", "true");
    const { exitCode, output } = await stack.run("preview");
    assert.notEqual(exitCode, 0);
    assert.match(output, /tokenKey is empty: a token is required unless bootstrap is true|tokenKey.*is empty/s);
    await stack.succeed("config", "rm", "emptyToken");
  });

  it("refuse to delete what is protected, and do it when it is not any more", async () => {
    await set("deletionProtection", "true");
    await up();
    const { exitCode, output } = await stack.run("destroy", "--yes", "--skip-preview", "--target-dependents");
    assert.notEqual(exitCode, 0);
    assert.match(output, /deletionProtection is set to true|protected against deletion/);
    await set("deletionProtection", "false");
    await up();
  });

  it("are empty after destroy, which takes things down in the order in which they need one another", async () => {
    const before = ledger.journal().length;
    await stack.succeed("destroy", "--yes", "--skip-preview");
    assert.deepEqual(ledger.names(), []);
    const gone = ledger.journal().slice(before);
    const at = (type: string, name: string): number => {
      const index = gone.findIndex((line) => line.type.endsWith(`:${type}`) && line.name === name);
      assert.ok(index >= 0 && gone[index]?.operation === "delete", `${type} ${name} was not deleted`);
      return index;
    };
    const order = [
      at("ProjectRoleTemplateBinding", "jane"),
      at("Project", "application"),
      at("ClusterSync", "acme"),
      at("Cluster", "acme"),
      at("CloudCredential", "google"),
      at("Instance", "rancher"),
      at("Network", "network"),
    ];
    assert.deepEqual(
      order,
      [...order].sort((a, b) => a - b),
    );
    assert.ok(at("Cluster", "acme") < at("Cluster", "gke"));
  });
});

describe("faults of the stand-in clouds on the real engine", () => {
  let ledger: TestLedger;
  let stack: EngineStack;
  before(async () => {
    ledger = new TestLedger();
    stack = new EngineStack("clouds", { attached: OWN_PROVIDERS });
    await stack.create();
  });
  after(async () => {
    await stack?.remove();
    ledger.remove();
  });

  it("stop an update at each resource in turn with the resource and the reason; the next one goes on from there", async () => {
    const names = ["Network network", "Instance rancher", "Cluster gke", "Bootstrap admin", "User jane"];
    const reasonOf = (name: string) => `the quota of ${name} is exceeded`;
    const faults = names.map((name) => {
      const [kind = "", resource = ""] = name.split(" ");
      return { type: tokenOf(kind), name: resource, operation: "create", error: reasonOf(name), times: 1 } as const;
    });
    ledger.order(...faults);
    const failures: string[] = [];
    for (;;) {
      const { exitCode, output } = await stack.run("up", "--yes", "--skip-preview");
      if (exitCode === 0) break;
      failures.push(output);
      assert.ok(failures.length <= names.length, `a run failed for another reason:\n${output}`);
    }
    for (const name of names) {
      const told = failures.filter((output) => output.includes(reasonOf(name)));
      assert.equal(told.length, 1, name);
      const [kind = "", resource = ""] = name.split(" ");
      assert.match(told[0] ?? "", new RegExp(`:${kind} \\(${resource}\\):\\s+error: the quota`));
    }
    assert.deepEqual(ledger.names().sort(), [...RESOURCES].sort());
    await stack.succeed("preview", "--expect-no-changes");
  });

  it("stop an update in place, a refresh and a destroy; the next one finishes", async () => {
    const INSTANCE = tokenOf("Instance");
    await stack.succeed("config", "set", "rancher", "2.14.5");
    ledger.order({ type: INSTANCE, operation: "update", error: "the zone is out of capacity", times: 1 });
    assert.match((await stack.run("up", "--yes", "--skip-preview")).output, /the zone is out of capacity/);
    await stack.succeed("up", "--yes", "--skip-preview");

    ledger.order({ type: INSTANCE, operation: "read", error: "the API does not answer", times: 1 });
    assert.match((await stack.run("refresh", "--yes", "--skip-preview")).output, /the API does not answer/);
    await stack.succeed("refresh", "--yes", "--skip-preview", "--expect-no-changes");

    ledger.order({ type: tokenOf("Network"), operation: "delete", error: "the API is busy", times: 1 });
    assert.match((await stack.run("destroy", "--yes", "--skip-preview")).output, /the API is busy/);
    assert.deepEqual(ledger.names(), ["Network network"]);
    await stack.succeed("destroy", "--yes", "--skip-preview");
    assert.deepEqual(ledger.names(), []);
  });
});

describe("refusals of the stand-in clouds on the real engine", () => {
  let ledger: TestLedger;
  let stack: EngineStack;
  before(async () => {
    ledger = new TestLedger();
    stack = new EngineStack("refusals", { attached: OWN_PROVIDERS });
    await stack.create();
  });
  after(async () => {
    await stack?.remove();
    ledger.remove();
  });

  it("name the resource, the reason and what is in the way; nothing of it is left", async () => {
    const { exitCode, output } = await stack.run("up", "--yes", "--skip-preview", "--continue-on-error");
    assert.notEqual(exitCode, 0);
    const reasons: { [resource: string]: RegExp } = {
      "same-name": /Error 409: The resource '.*\/networks\/acme' already exists/,
      overlapping: /Error 400: Invalid IPCidrRange: 10\.0\.8\.0\/24 conflicts with existing subnetwork '.*\/acme'/,
      "same-address": /External IP address: .* is already in-use by the instance '.*\/first-[0-9a-f]{7}'/,
      "same-disk": /The disk '.*' is already being used by the instance '.*\/first-[0-9a-f]{7}'/,
      "no-account": /Error 404: The account 'nobody@.*' was not found/,
      "old-version": /Master version "1\.21" is unsupported; GKE here has/,
      "no-network": /Error 404: The network 'projects\/acme-platform\/global\/networks\/x' was not found/,
    };
    for (const [resource, reason] of Object.entries(reasons)) {
      const diagnostic = new RegExp(`\\(${resource}\\):\\s+error: (.*)`).exec(output)?.[1];
      assert.match(diagnostic ?? output, reason);
    }
    const made = ["Address address", "Disk disk", "Instance first", "Network network", "Subnetwork nodes"];
    assert.deepEqual(ledger.names().sort(), made);
  });

  it("do not stop an import of what is there", async () => {
    await ledger.change(({ resources }) => {
      const network = resources.find(({ name }) => name === "network");
      assert.ok(network);
      const id = network.id.replace(/acme$/, "old");
      const properties = {
        ...network.properties,
        name: "old",
        selfLink: `https://www.googleapis.com/compute/v1/${id}`,
      };
      resources.push({ type: network.type, id, account: "", name: "by-hand", properties });
    });
    const id = "projects/acme-platform/global/networks/old";
    const flags = ["--yes", "--generate-code=false", "--protect=false"];
    await stack.succeed("import", tokenOf("Network"), "imported", id, ...flags);
    const state = await stack.succeed("stack", "export");
    assert.match(state, /Network::imported/);
  });
});

/** The token of a resource type in the test program. */
function tokenOf(kind: string): string {
  const tokens: { [kind: string]: string } = {
    Network: "gcp:compute/network:Network",
    Instance: "gcp:compute/instance:Instance",
    Cluster: "gcp:container/cluster:Cluster",
    Bootstrap: "rancher2:index/bootstrap:Bootstrap",
    User: "rancher2:index/user:User",
  };
  return tokens[kind] ?? kind;
}
