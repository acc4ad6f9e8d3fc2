import assert from "node:assert/strict";
import { AuditInputError, audit, type ExportedStack } from "../../policy/audit";

const urn = (type: string, name: string) => `urn:pulumi:acme::onprem-platform::${type}::${name}`;

function exported(bucket: object, more: object = {}): ExportedStack {
  const platform = "onprem:platform:CustomerPlatform";
  const type = "gcp:storage/bucket:Bucket";
  const policy = { production: false, exceptions: [], allowedRegions: ["europe-west3"], ...more };
  return {
    deployment: {
      resources: [
        { urn: urn(platform, "acme"), type: platform, inputs: { customer: "acme", policy } },
        { urn: urn(type, "store"), type, inputs: { name: "acme-store", location: "europe-west3", ...bucket } },
      ],
    },
  };
}

const good = {
  publicAccessPrevention: "enforced",
  uniformBucketLevelAccess: true,
  labels: { customer: "acme", "managed-by": "onprem-platform" },
};

describe("an audit of what is deployed", () => {
  it("is content with a good stack", () => assert.deepEqual(audit(exported(good)), []));

  it("finds what the policies would refuse, with the settings that were deployed", () => {
    const found = audit(exported({ ...good, publicAccessPrevention: "inherited", location: "us-east1" }));
    assert.deepEqual(
      found.map(({ policy, level }) => [policy, level]),
      [
        ["buckets-private", "mandatory"],
        ["regions-allowed", "mandatory"],
      ],
    );
    assert.match(found[0]?.message ?? "", /Bucket "store": publicAccessPrevention is not enforced/);
  });

  it("passes over what is about to be deleted", () => {
    const stack = exported({});
    Object.assign(stack.deployment.resources?.[1] ?? {}, { delete: true });
    assert.deepEqual(audit(stack), []);
  });

  it("takes a stack that says nothing of itself for production", () => {
    const stack = exported(good);
    stack.deployment.resources?.shift();
    assert.deepEqual(
      audit(stack).map(({ policy }) => policy),
      ["data-protected", "backup-scheduled", "alert-receiver"],
    );
  });

  it("refuses what is no export", () => {
    assert.throws(() => audit({} as ExportedStack), AuditInputError);
  });
});
