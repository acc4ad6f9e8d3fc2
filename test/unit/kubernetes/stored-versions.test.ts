import assert from "node:assert/strict";
import {
  type Definition,
  listPath,
  migrationTo,
  objectPath,
  rewriting,
  type StoredObject,
  withoutOldVersions,
} from "../../../components/kubernetes/stored-versions";

const version = (name: string, storage = true) => ({ name, storage });

function definition(stored: string[], more: Partial<Definition["spec"]> = {}): Definition {
  return {
    metadata: { name: "apples.fruit.example.com", resourceVersion: "7" },
    spec: {
      group: "fruit.example.com",
      names: { plural: "apples", kind: "Apple" },
      scope: "Namespaced",
      versions: [version("v1"), version("v1beta2", false)],
      ...more,
    },
    status: { storedVersions: stored },
  };
}

const object = (managedFields?: StoredObject["metadata"]["managedFields"]): StoredObject => ({
  metadata: { name: "red", namespace: "basket", resourceVersion: "40", managedFields },
});

function migration(present = definition(["v1beta2", "v1"])) {
  const found = migrationTo(present, [version("v1")]);
  assert.ok(found);
  return found;
}

describe("stored versions of a kind", () => {
  it("asks for nothing where the new definition knows every one of them", () => {
    const both = [version("v1"), version("v1beta2", false)];
    assert.equal(migrationTo(definition(["v1beta2", "v1"]), both), undefined);
    assert.equal(migrationTo(definition(["v1"]), [version("v1")]), undefined);
    assert.equal(migrationTo({ ...definition([]), status: undefined }, [version("v1")]), undefined);
  });

  it("asks for a rewriting in the version that the cluster writes in, where the new one lacks some", () => {
    const { lost, target } = migration(definition(["v1beta1", "v1beta2", "v1"]));
    assert.deepEqual({ lost, target }, { lost: ["v1beta1", "v1beta2"], target: "v1" });
  });

  it("does so for a new definition that will write in another version, which it knows beside", () => {
    const next = [version("v2"), version("v1", false)];
    assert.equal(migrationTo(definition(["v1beta2", "v1"]), next)?.target, "v1");
  });

  it("refuses where the cluster goes on writing in a version that the new definition lacks, and says the way out", () => {
    const old = definition(["v1beta2"], { versions: [version("v1beta2"), version("v1", false)] });
    assert.throws(() => migrationTo(old, [version("v1")]), {
      code: "STORED_VERSIONS",
      message:
        "The cluster stores Apple objects as v1beta2, and the new apples.fruit.example.com knows only v1: nothing was changed. Go by way of a release that knows both, or take one that knows v1beta2.",
    });
  });

  it("lists all objects, page by page, and finds each where it is", () => {
    assert.equal(listPath(migration(), 100), "/apis/fruit.example.com/v1/apples?limit=100");
    assert.equal(listPath(migration(), 100, "a/b"), "/apis/fruit.example.com/v1/apples?limit=100&continue=a%2Fb");
    assert.equal(objectPath(migration(), object()), "/apis/fruit.example.com/v1/namespaces/basket/apples/red");
    const everywhere = migration(definition(["v1beta2", "v1"], { scope: "Cluster" }));
    assert.equal(objectPath(everywhere, object()), "/apis/fruit.example.com/v1/apples/red");
  });

  it("changes nothing of an object, so that the API server only writes it anew", () => {
    assert.deepEqual(rewriting(migration(), object()), { merge: {} });
    assert.deepEqual(rewriting(migration(), object([{ apiVersion: "fruit.example.com/v1" }])), { merge: {} });
  });

  it("moves the notes of who manages which field to the version that stays, unless the object changed meanwhile", () => {
    const notes = [
      { manager: "kubectl", apiVersion: "fruit.example.com/v1beta2", fieldsV1: { "f:spec": {} } },
      { manager: "controller", apiVersion: "fruit.example.com/v1" },
    ];
    const [first, second] = notes;
    assert.deepEqual(rewriting(migration(), object(notes)), {
      steps: [
        {
          op: "replace",
          path: "/metadata/managedFields",
          value: [{ ...first, apiVersion: "fruit.example.com/v1" }, second],
        },
        { op: "replace", path: "/metadata/resourceVersion", value: "40" },
      ],
    });
  });

  it("forgets the old versions only of the definition that was looked at", () => {
    assert.deepEqual(withoutOldVersions(migration()), {
      merge: { metadata: { resourceVersion: "7" }, status: { storedVersions: ["v1"] } },
    });
  });
});
