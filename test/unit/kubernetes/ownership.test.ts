import assert from "node:assert/strict";
import { isAdopted, isMarked, isOwned, ownerLabels, refusalOf } from "../../../components/kubernetes/ownership";

const OWNER = { project: "onprem-platform", customer: "acme" };
const customer = (name: string, project?: string) => ({
  labels: { "onprem.platform/customer": name, ...(project ? { "onprem.platform/project": project } : {}) },
});
const namespace = { apiVersion: "v1", kind: "Namespace", name: "parse" };
const deployment = { apiVersion: "apps/v1", kind: "Deployment", namespace: "parse", name: "parse-server" };

describe("the mark of an owner", () => {
  it("is the customer's and the project's label", () => {
    assert.equal(isOwned({ labels: ownerLabels(OWNER) }, OWNER), true);
  });

  const others = {
    "no label": {},
    "labels of others": { labels: { "app.kubernetes.io/part-of": "flux" } },
    "another customer": customer("other", "onprem-platform"),
    "another project": customer("acme", "another-project"),
  };
  for (const [what, metadata] of Object.entries(others))
    it(`is not ${what}`, () => assert.equal(isOwned(metadata, OWNER), false));

  it("is the customer's label alone on objects of versions before 0.2.0", () => {
    assert.equal(isOwned(customer("acme"), OWNER), true);
  });

  it("is anybody's where it names a customer", () => {
    assert.equal(isMarked(customer("other")), true);
    assert.equal(isMarked({ labels: { "app.kubernetes.io/part-of": "flux" } }), false);
  });
});

describe("objects that may be taken over", () => {
  it("are those of the same kind, namespace and name", () => {
    assert.equal(isAdopted(namespace, [{ kind: "Namespace", name: "parse" }]), true);
    assert.equal(isAdopted(deployment, [{ kind: "Deployment", namespace: "parse", name: "parse-server" }]), true);
    const others = [
      { kind: "Deployment", name: "parse-server" },
      { kind: "Deployment", namespace: "other", name: "parse-server" },
      { kind: "Secret", namespace: "parse", name: "parse-server" },
      { kind: "Namespace", name: "parse" },
    ];
    assert.equal(isAdopted(deployment, others), false);
  });
});

describe("the refusal of objects of others", () => {
  it("names the object and both ways out in one sentence", () => {
    assert.equal(
      refusalOf([{ object: namespace, found: {} }]),
      "The cluster has Namespace parse, which is not this stack's: choose another name or namespace in the settings, or, to take it over and have it deleted with the stack, add {kind: Namespace, name: parse} to onprem:site.adopt. Nothing was created.",
    );
  });

  it("names all of them, with whose they are", () => {
    const text = refusalOf([
      { object: namespace, found: customer("other", "onprem-platform") },
      { object: deployment, found: { labels: { "app.kubernetes.io/managed-by": "Helm" } } },
    ]);
    assert.match(
      text,
      /Namespace parse \(of the customer other in the project onprem-platform\), Deployment parse\/parse-server \(of Helm\), which are/,
    );
    assert.match(text, /add each as \{kind: Namespace, name: parse\}/);
  });
});
