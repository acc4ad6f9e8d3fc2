import assert from "node:assert/strict";
import * as fc from "fast-check";
import { googleLabels, googleName, regionOf, serviceAccountId } from "../../../components/google/names-and-labels";

const customer = fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,28}[a-z0-9])?$/);

describe("names on Google Cloud", () => {
  it("begin with a letter and end with the customer, whatever the customer's name begins with", () => {
    fc.assert(
      fc.property(customer, (name) => {
        assert.match(googleName("rancher", name), /^[a-z]([-a-z0-9]*[a-z0-9])?$/);
        assert.ok(googleName("rancher", name).endsWith(name));
      }),
    );
  });

  it("of service accounts are ones that Google takes", () => {
    fc.assert(
      fc.property(customer, fc.constantFrom("gke-nodes", "rancher", "import"), (name, purpose) => {
        assert.match(serviceAccountId(purpose, name), /^[a-z]([-a-z0-9]*[a-z0-9])$/);
        const { length } = serviceAccountId(purpose, name);
        assert.ok(length >= 6 && length <= 30, String(length));
      }),
    );
  });

  it("of service accounts stay apart where they had to be cut", () => {
    const long = "a".repeat(29);
    assert.notEqual(serviceAccountId("rancher", `${long}b`), serviceAccountId("rancher", `${long}c`));
    assert.equal(serviceAccountId("rancher", "acme"), "rancher-acme");
  });
});

describe("labels on Google Cloud", () => {
  it("say the customer and who manages the resource, which further labels cannot replace", () => {
    assert.deepEqual(googleLabels("acme", { "cost-centre": "4711", customer: "other" }), {
      "cost-centre": "4711",
      customer: "acme",
      "managed-by": "onprem-platform",
    });
  });
});

describe("the region of a zone", () => {
  it("is the zone without its letter", () => {
    assert.equal(regionOf("europe-west3-a"), "europe-west3");
    assert.equal(regionOf("northamerica-northeast1-c"), "northamerica-northeast1");
  });
});
