import assert from "node:assert/strict";
import { s3Address } from "../../../components/backup/s3-address";

const AMAZON = "https://s3.amazonaws.com";
const settings = { region: "eu-central-1", bucket: "acme", pathStyle: true, checksumAlgorithm: undefined };
const at = (endpoint: string, more: Partial<Parameters<typeof s3Address>[0]> = {}) =>
  s3Address({ ...settings, endpoint, ...more });

describe("the address of an S3 store", () => {
  const regional: Record<string, string> = {
    "us-east-1": "https://s3.us-east-1.amazonaws.com",
    "eu-central-1": "https://s3.eu-central-1.amazonaws.com",
    "us-gov-west-1": "https://s3.us-gov-west-1.amazonaws.com",
    "cn-north-1": "https://s3.cn-north-1.amazonaws.com.cn",
    "eusc-de-east-1": "https://s3.eusc-de-east-1.amazonaws.eu",
    "us-iso-east-1": "https://s3.us-iso-east-1.c2s.ic.gov",
    "us-isob-east-1": "https://s3.us-isob-east-1.sc2s.sgov.gov",
  };
  for (const [region, endpoint] of Object.entries(regional)) {
    it(`is Amazon's own for ${region} where the one for all regions is given, which is the default`, () => {
      assert.equal(at(AMAZON, { region }).endpoint, endpoint);
      assert.equal(at("https://s3.amazonaws.com/", { region }).endpoint, endpoint);
    });
  }

  it("is left to Velero where Amazon's is found by the region, and told where it is not", () => {
    assert.equal(at(AMAZON).url, undefined);
    assert.equal(at("https://s3.eu-central-1.amazonaws.com").url, undefined);
    assert.equal(at(AMAZON, { region: "cn-north-1" }).url, "https://s3.cn-north-1.amazonaws.com.cn");
    assert.equal(at(AMAZON, { region: "eusc-de-east-1" }).url, "https://s3.eusc-de-east-1.amazonaws.eu");
  });

  for (const endpoint of [
    "https://s3.example.com:9443",
    "http://store.parse.svc:9000",
    "https://bucket.vpce-1a2b3c4d-5e6f.s3.eu-central-1.vpce.amazonaws.com",
    "https://vpce-1a2b3c4d-5e6f.s3.eu-central-1.vpce.amazonaws.com",
    "https://bucket.vpce-1a2b3c4d-5e6f.s3.cn-north-1.vpce.amazonaws.com.cn",
    "https://s3.dualstack.eu-central-1.amazonaws.com",
    "https://s3-fips.us-east-2.amazonaws.com",
    "https://s3-accesspoint.eu-central-1.amazonaws.com",
    "https://s3.eu-west-1.amazonaws.com",
    "https://s3-eu-central-1.amazonaws.com",
    "http://s3.eu-central-1.amazonaws.com",
  ]) {
    it(`is ${endpoint} when that is given, for the claim and for Velero`, () => {
      const address = at(endpoint);
      assert.deepEqual([address.endpoint, address.url], [endpoint, endpoint]);
      assert.equal(at(`${endpoint}/`).url, endpoint);
    });
  }

  it("has the bucket where the settings say, but for access points, which know it in the host name alone", () => {
    for (const pathStyle of [true, false]) {
      assert.equal(at(AMAZON, { pathStyle }).pathStyle, pathStyle);
      assert.equal(at("https://bucket.vpce-1a.s3.eu-west-1.vpce.amazonaws.com", { pathStyle }).pathStyle, pathStyle);
      assert.equal(at("https://s3.example.com", { pathStyle, bucket: "backup-s3alias" }).pathStyle, pathStyle);
      assert.equal(at(AMAZON, { pathStyle, bucket: "backup-hash-s3alias" }).pathStyle, false);
      assert.equal(at("https://s3-accesspoint.eu-central-1.amazonaws.com", { pathStyle }).pathStyle, false);
      assert.equal(at("https://accesspoint.vpce-1a.s3.eu-west-1.vpce.amazonaws.com", { pathStyle }).pathStyle, false);
    }
  });

  for (const host of [
    "s3.eu-central-003.backblazeb2.com",
    "s3.eu-de.cloud-object-storage.appdomain.cloud",
    "s3.private.eu-de.cloud-object-storage.appdomain.cloud",
    "acme.compat.objectstorage.eu-frankfurt-1.oraclecloud.com",
    "acme.compat.objectstorage.eu-frankfurt-1.oci.customer-oci.com",
    "s3.gra.io.cloud.ovh.net",
  ]) {
    it(`sends no checksums to ${host}, which refuses them, unless the settings do`, () => {
      assert.equal(at(`https://${host}`).checksumAlgorithm, "");
      assert.equal(at(`https://${host}:443`, { checksumAlgorithm: "CRC32" }).checksumAlgorithm, "CRC32");
    });
  }

  it("leaves the checksum to Velero's plugin elsewhere, unless the settings say which", () => {
    for (const endpoint of [AMAZON, "https://s3.example.com", "https://backblazeb2.com.example.com"]) {
      assert.equal("checksumAlgorithm" in at(endpoint), false);
      assert.equal(at(endpoint, { checksumAlgorithm: "" }).checksumAlgorithm, "");
    }
  });
});
