import assert from "node:assert/strict";
import { existsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { nodeName, paths } from "../../../lab/layout";
import { listObjects, objectExists, readObject } from "../../../lab/node/cluster-api";
import { kubectl, kubectlWith } from "../../../lab/node/start";
import { until } from "../../support/lab/until";

const NAMESPACE = "volumes-of-tests";

interface Claim {
  readonly spec: { readonly volumeName?: string };
  readonly status?: { readonly phase?: string };
}

interface Volume {
  readonly spec: { readonly local?: { readonly path: string } };
}

interface Event {
  readonly involvedObject: { readonly name: string };
  readonly reason: string;
  readonly message: string;
}

describe("volumes of the lab", () => {
  before(() => kubectl("create", "namespace", NAMESPACE));
  after(() => kubectl("delete", "namespace", NAMESPACE, "--wait=false"));

  /** A claim for which the scheduler found the node already, as it does once a pod needs it. */
  const claim = async (name: string, accessMode: string) => {
    const object = {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name, namespace: NAMESPACE, annotations: { "volume.kubernetes.io/selected-node": nodeName } },
      spec: { accessModes: [accessMode], resources: { requests: { storage: "1Mi" } } },
    };
    await kubectlWith(object, "create");
  };

  it("are folders that every user may write to, and that go with their claims", async () => {
    await claim("one", "ReadWriteOnce");
    const read = () => readObject<Claim>("persistentvolumeclaims", NAMESPACE, "one");
    await until("a volume for the claim", async () => (await read()).status?.phase === "Bound");
    const name = (await read()).spec.volumeName ?? "";
    const folder = (await readObject<Volume>("persistentvolumes", undefined, name)).spec.local?.path ?? "";
    assert.equal(dirname(folder), paths.volumes);
    assert.equal(statSync(folder).mode & 0o777, 0o777);

    await kubectl("-n", NAMESPACE, "delete", "persistentvolumeclaim", "one");

    await until("the volume's end", async () => !(await objectExists("persistentvolumes", undefined, name)));
    assert.ok(!existsSync(folder), `${folder} is still there`);
  });

  it("are refused to claims for several nodes at once, with the reason", async () => {
    await claim("many", "ReadWriteMany");
    const refusals = async () =>
      (await listObjects<Event>("events", NAMESPACE))
        .filter(({ involvedObject, reason }) => involvedObject.name === "many" && reason === "ProvisioningFailed")
        .map(({ message }) => message);
    await until("a refusal", async () => (await refusals()).length > 0);
    assert.match((await refusals())[0] ?? "", /ReadWriteMany: a local volume has ReadWriteOnce or ReadWriteOncePod/);
  });
});
