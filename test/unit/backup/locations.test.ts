import assert from "node:assert/strict";
import { locationSpec, profileFile } from "../../../components/backup/locations";

const place = {
  ...{ bucket: "acme", prefix: "acme", endpoint: "https://s3.example.com", url: "https://s3.example.com" },
  ...{ region: "eu-central-1", pathStyle: true },
};

describe("a location of Velero's", () => {
  it("names the store, the region and the bucket in the path, which stores but Amazon's need", () => {
    const { config, provider } = locationSpec({ kind: "s3", default: false }, place, "some-secret");
    assert.equal(provider, "aws");
    assert.deepEqual(config, { region: "eu-central-1", s3ForcePathStyle: "true", s3Url: "https://s3.example.com" });
  });

  it("names no address where it is found by the region", () => {
    const amazon = { ...place, url: undefined, pathStyle: false };
    const { config } = locationSpec({ kind: "s3", default: false }, amazon, "some-secret");
    assert.deepEqual(config, { region: "eu-central-1", s3ForcePathStyle: "false" });
  });

  it("says which checksum is sent, and that none is", () => {
    for (const checksumAlgorithm of ["", "SHA256"]) {
      const { config } = locationSpec({ kind: "s3", default: false }, { ...place, checksumAlgorithm }, "some-secret");
      assert.equal(config.checksumAlgorithm, checksumAlgorithm);
    }
  });

  it("asks for encryption only where the settings do", () => {
    const encrypted = { ...place, serverSideEncryption: "AES256" };
    const { config } = locationSpec({ kind: "s3", default: false }, encrypted, "some-secret");
    assert.equal(config.serverSideEncryption, "AES256");
  });

  it("carries the CA of the store's certificate", () => {
    const { objectStorage } = locationSpec({ kind: "s3", default: true }, { ...place, caCertificate: "PEM" }, "secret");
    assert.deepEqual(objectStorage, { bucket: "acme", prefix: "acme", caCert: Buffer.from("PEM").toString("base64") });
  });

  it("needs no Secret on Google Cloud", () => {
    const spec = locationSpec({ kind: "gcs", default: true }, { ...place, googleAccount: "a@example.com" }, undefined);
    assert.equal(spec.provider, "gcp");
    assert.deepEqual(spec.config, { serviceAccount: "a@example.com" });
    assert.ok(!("credential" in spec));
  });
});

describe("an AWS profile file", () => {
  it("has one default profile with both halves of the key", () => {
    assert.equal(profileFile("id", "secret"), "[default]\naws_access_key_id=id\naws_secret_access_key=secret\n");
  });
});
