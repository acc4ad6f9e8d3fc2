import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { RancherLoginError, refuseRancherEnvironment } from "../../../components/rancher/rancher-server";
import { isSecret, outputValue, type Registration } from "../../support/pulumi-mocks";
import { BOOTSTRAP, compute, deploy, FIREWALL, INSTANCE, metadataOf, PROVIDER } from "./rancher-server-run";

describe("Rancher on its VM", () => {
  describe("the first login", () => {
    it("waits for the server, its way in and its name", async () => {
      const dns = { managedZone: "acme-example-com", project: undefined, ttlSeconds: 300 };
      const run = await deploy({ dns });
      const { dependencies } = run.one(BOOTSTRAP);
      for (const needed of [run.one(INSTANCE), run.one(FIREWALL, "https"), run.one("gcp:dns/recordSet:RecordSet")])
        assert.ok(dependencies.includes(needed.urn), needed.name);
    });

    it("goes by a provider without a token, which trusts the CA made here and nothing else", async () => {
      const run = await deploy();
      const { inputs } = run.one(PROVIDER, "anonymous");
      assert.equal(String(inputs.bootstrap), "true");
      assert.equal(inputs.apiUrl, "https://rancher.acme.example.com");
      assert.equal(inputs.caCerts, "CA PEM");
      assert.equal(inputs.tokenKey, undefined);
      assert.equal(String(inputs.insecure), "false");
      assert.match(run.one(BOOTSTRAP).provider, /::anonymous::/);
    });

    it("leaves a provider with the administrator's token", async () => {
      const run = await deploy();
      const provider = run.one(PROVIDER, "administrator");
      assert.equal(provider.inputs.tokenKey, "token-abc:t0ken");
      assert.ok(provider.secretInputs.includes("tokenKey"));
      assert.equal(String(provider.inputs.bootstrap), "false");
      assert.ok(await isSecret(run.result.adminPassword));
      const { initialPassword, password } = run.one(BOOTSTRAP).inputs;
      assert.notEqual(initialPassword, password, "the password that the VM knew is worth nothing afterwards");
    });

    it("stops everything that comes after where it gives no token", async () => {
      const tokenless = (one: Registration) => (one.type === BOOTSTRAP ? { token: "" } : compute(one));
      const run = await deploy({}, { compute: tokenless });
      assert.deepEqual(
        run.all(PROVIDER).map(({ name }) => name),
        ["anonymous"],
      );
    });
  });

  describe("the certificate", () => {
    it("of our own is for the host name, signed by a CA of our own", async () => {
      const run = await deploy();
      const ca = run.one("tls:index/selfSignedCert:SelfSignedCert");
      assert.equal(ca.inputs.isCaCertificate, true);
      assert.deepEqual(run.one("tls:index/certRequest:CertRequest").inputs.dnsNames, ["rancher.acme.example.com"]);
      const { inputs } = run.one("tls:index/locallySignedCert:LocallySignedCert");
      assert.equal(inputs.validityPeriodHours, 397 * 24);
      assert.equal(inputs.earlyRenewalHours, 30 * 24);
      assert.equal(inputs.caCertPem, "CA PEM");
      assert.equal(await outputValue(run.result.caCertificate ?? ""), "CA PEM");
    });

    it("that lives shorter is renewed in its last third", async () => {
      const run = await deploy({ tls: { kind: "selfSigned", validityDays: 30 } });
      assert.equal(run.one("tls:index/locallySignedCert:LocallySignedCert").inputs.earlyRenewalHours, 10 * 24);
    });

    it("of the customer's goes to the VM as it is, with its private CA to all who need it", async () => {
      const tls = {
        kind: "provided",
        certificate: "GIVEN CERTIFICATE",
        privateKey: pulumi.secret("GIVEN KEY"),
        caCertificate: "GIVEN CA",
      } as const;
      const run = await deploy({ tls });
      const { secretData } = run.one("gcp:secretmanager/secretVersion:SecretVersion", "certificate").inputs;
      assert.deepEqual(JSON.parse(String(secretData)), {
        certificate: "GIVEN CERTIFICATE",
        privateKey: "GIVEN KEY",
        caCertificate: "GIVEN CA",
      });
      assert.equal(run.one(PROVIDER, "administrator").inputs.caCerts, "GIVEN CA");
      assert.equal(JSON.parse(metadataOf(run)["rancher-server"] ?? "").certificate, "privateAuthority");
    });

    it("of the customer's that a public CA signed needs no CA to be told of", async () => {
      const given = { kind: "provided", certificate: "GIVEN CERTIFICATE", privateKey: pulumi.secret("KEY") } as const;
      const run = await deploy({ tls: { ...given, caCertificate: undefined } });
      assert.equal(run.result.caCertificate, undefined);
      assert.equal(run.one(PROVIDER, "administrator").inputs.caCerts, undefined);
      assert.equal(JSON.parse(metadataOf(run)["rancher-server"] ?? "").certificate, "publicAuthority");
    });
  });
});

describe("an environment that speaks for another Rancher", () => {
  it("is refused by the names of its variables, without their values", () => {
    assert.throws(
      () => refuseRancherEnvironment({ RANCHER_URL: "https://other", RANCHER_TOKEN_KEY: "s3cr3t" }),
      (error) => {
        assert.ok(error instanceof RancherLoginError);
        assert.match(error.message, /RANCHER_URL, RANCHER_TOKEN_KEY/);
        assert.match(error.message, /unset RANCHER_URL RANCHER_TOKEN_KEY/);
        assert.doesNotMatch(error.message, /s3cr3t|other/);
        return true;
      },
    );
  });

  it("is no other environment", () => {
    refuseRancherEnvironment({ PATH: "/bin", RANCHER_URL: "" });
  });
});
