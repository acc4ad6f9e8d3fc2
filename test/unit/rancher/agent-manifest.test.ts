import assert from "node:assert/strict";
import { agentDeploymentSpec, caChecksum } from "../../../components/rancher/agent-manifest";

const url = "https://rancher.acme.example.com";
const image = "docker.io/rancher/rancher-agent:v2.14.4";

const environment = (caCertificate?: string) =>
  Object.fromEntries(
    (agentDeploymentSpec({ url, image, caCertificate }).template.spec.containers[0]?.env ?? []).map(
      ({ name, value }) => [name, value],
    ),
  );

describe("the checksum of a CA", () => {
  it("is over the text with one newline at its end, whether it has one or not", () => {
    // printf 'CA\n' | sha256sum
    const expected = "7599e4a47f7516347597e45510a6b5d0860d577200cb59bf8a0bd2940fb05293";
    assert.equal(caChecksum("CA"), expected);
    assert.equal(caChecksum("CA\n"), expected);
  });
});

describe("the agent", () => {
  it("checks Rancher's CA where it is private", () => {
    assert.equal(environment("CA").CATTLE_CA_CHECKSUM, caChecksum("CA"));
    assert.equal(environment("CA").STRICT_VERIFY, "true");
  });

  it("trusts its system's CAs where Rancher's is a public one", () => {
    assert.equal(environment().CATTLE_CA_CHECKSUM, "");
    assert.equal(environment().STRICT_VERIFY, "false");
  });

  it("has its token in a mounted Secret and not in its environment", () => {
    const { volumes, containers } = agentDeploymentSpec({ url, image }).template.spec;
    assert.equal(volumes[0]?.secret.secretName, environment().CATTLE_CREDENTIAL_NAME);
    assert.equal(containers[0]?.volumeMounts[0]?.mountPath, "/cattle-credentials");
  });
});
