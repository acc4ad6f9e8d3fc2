/** The platform's cloud half on the real engine, with stand-ins for Google Cloud and Rancher: whole lives. */
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { alternativeNames, distinguishedName } from "../../lab/plugins/tls/names";
import { issueCertificate } from "../../lab/plugins/tls/x509";
import { gke, rancher } from "../unit/settings/valid-settings";
import { CloudHalfStack, inventory } from "./cloud-half-stack";

const UNPROTECTED = { deletionProtection: false };
const access = {
  users: [{ name: "jane" }],
  members: [{ user: "jane", role: "project-owner" }],
};
const DAY = 24 * 60 * 60 * 1000;

/** A certificate for Rancher's host name as a customer's own CA would sign it. */
function customersCertificate(): { certificate: string; caCertificate: string; privateKey: string } {
  const [ca, server] = [0, 1].map(() => generateKeyPairSync("ec", { namedCurve: "P-256" }));
  assert.ok(ca && server);
  const authority = { name: distinguishedName({ commonName: "Acme CA" }), privateKey: ca.privateKey };
  const validity = { notBefore: new Date(Date.now() - DAY), notAfter: new Date(Date.now() + 90 * DAY) };
  const [caCertificate, certificate] = [
    issueCertificate(
      {
        ...{ ...validity, subject: authority.name, alternativeNames: [], allowedUses: ["cert_signing"] },
        ...{ isAuthority: true, withSubjectKeyId: true, publicKey: ca.publicKey },
      },
      authority,
    ),
    issueCertificate(
      {
        ...{ ...validity, subject: distinguishedName({ commonName: "Rancher" }), allowedUses: ["server_auth"] },
        ...{ isAuthority: false, withSubjectKeyId: true, publicKey: server.publicKey },
        alternativeNames: alternativeNames({ dnsNames: ["rancher.acme.example.com"] }),
      },
      authority,
    ),
  ].map(({ pem }) => pem);
  assert.ok(caCertificate && certificate);
  const privateKey = server.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  return { certificate, caCertificate, privateKey };
}

describe("the cloud half on the real engine", function () {
  this.timeout(600_000);
  let cloud: CloudHalfStack;
  beforeEach(() => {
    cloud = new CloudHalfStack();
  });
  afterEach(() => cloud?.remove());

  /** From nothing to a stack that is as the settings say; returns what `up` printed. */
  async function comeToLife(): Promise<string> {
    const planned = await cloud.planned();
    assert.ok(planned.length > 30, inventory(planned).join("\n"));
    assert.deepEqual(cloud.ledger.names(), [], "a preview makes nothing");
    const printed = await cloud.up();
    assert.deepEqual(inventory(cloud.ledger.read().resources), inventory(planned));
    await cloud.stack.succeed("preview", "--expect-no-changes");
    await cloud.stack.succeed("refresh", "--yes", "--skip-preview", "--expect-no-changes");
    await cloud.stack.succeed("preview", "--expect-no-changes");
    return printed;
  }

  async function endWithNothingLeft(): Promise<void> {
    await cloud.destroy();
    assert.deepEqual(cloud.ledger.names(), []);
  }

  it("lives from an empty project to an empty one, with Let's Encrypt", async () => {
    await cloud.create({
      cluster: gke(UNPROTECTED),
      rancher: rancher({ tls: { kind: "letsencrypt" }, ...UNPROTECTED }),
      access,
    });
    await comeToLife();
    await endWithNothingLeft();
  });

  it("lives from an empty project to an empty one, with a certificate of the customer's", async () => {
    const { privateKey, ...certificates } = customersCertificate();
    const tls = { kind: "provided", ...certificates };
    await cloud.create({ cluster: gke(UNPROTECTED), rancher: rancher({ tls, ...UNPROTECTED }), access });
    await cloud.setSecret("onprem:rancher.tls.privateKey", privateKey);
    const printed = await comeToLife();
    const bundles = cloud.ledger
      .read()
      .resources.filter(({ type, name }) => type.endsWith(":SecretVersion") && name === "certificate")
      .map(({ properties }) => JSON.parse(String(properties.secretData)));
    assert.deepEqual(bundles, [{ ...certificates, privateKey }], "the machine gets what the customer gave");
    const shown = [
      printed,
      readFileSync(cloud.settingsFile, "utf8"),
      await cloud.stack.succeed("stack", "export"),
      JSON.stringify(cloud.machine()),
    ];
    const [, secretLine = ""] = privateKey.split("\n");
    assert.equal(secretLine.length, 64);
    for (const text of shown) assert.ok(!text.includes(secretLine) && !text.includes("PRIVATE KEY"));
    await endWithNothingLeft();
  });

  it("lives where Rancher creates the cluster", async () => {
    await cloud.create({
      cluster: gke({ createdBy: "rancher", ...UNPROTECTED }),
      rancher: rancher(UNPROTECTED),
      access,
    });
    await cloud.setSecret("onprem:rancher.googleServiceAccountKey", '{"type":"service_account"}');
    await comeToLife();
    assert.ok(!cloud.ledger.read().resources.some(({ type }) => type === "gcp:container/cluster:Cluster"));
    await endWithNothingLeft();
  });
});
