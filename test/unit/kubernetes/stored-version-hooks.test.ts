import assert from "node:assert/strict";
import type { ObjectPatch } from "../../../components/kubernetes/api-client";
import { requireNothingToRewrite, rewriteStored } from "../../../components/kubernetes/stored-version-hooks";
import type { Definition } from "../../../components/kubernetes/stored-versions";

const NAME = "apples.fruit.example.com";
const DEFINITION = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${NAME}`;
const APPLES = "/apis/fruit.example.com/v1/apples";
const NEXT = [{ name: "v1", storage: true }];
const PAGE = 100;

class Refusal extends Error {
  constructor(
    readonly status: number,
    message = `${status}`,
  ) {
    super(message);
  }
}

/** An API server with one kind that is stored in two versions, and with objects of it by name. */
class ApiServerOfApples {
  /** Name → version that it is stored in. */
  readonly apples: Map<string, string>;
  definition: Definition | undefined = {
    metadata: { name: NAME, resourceVersion: "1" },
    spec: {
      group: "fruit.example.com",
      names: { plural: "apples", kind: "Apple" },
      scope: "Namespaced",
      versions: [
        { name: "v1", storage: true },
        { name: "v1beta2", storage: false },
      ],
    },
    status: { storedVersions: ["v1beta2", "v1"] },
  };
  /** Called before each answer; what it throws is the answer. */
  disturb: (method: string, path: string) => void = () => {};
  readonly requests: string[] = [];

  constructor(count: number) {
    this.apples = new Map(Array.from({ length: count }, (_, index) => [`apple-${index}`, "v1beta2"]));
  }

  async get(path: string): Promise<unknown> {
    this.note("GET", path);
    if (path === DEFINITION) {
      if (!this.definition) throw new Refusal(404);
      return this.definition;
    }
    const names = [...this.apples.keys()];
    const { pathname, searchParams } = new URL(path, "https://api");
    if (pathname !== APPLES) return this.apple(pathname.split("/").at(-1) ?? "");
    assert.equal(searchParams.get("limit"), `${PAGE}`);
    const from = Number(searchParams.get("continue") ?? 0);
    const more = from + PAGE < names.length ? { continue: `${from + PAGE}` } : {};
    return { metadata: more, items: names.slice(from, from + PAGE).map((name) => this.apple(name)) };
  }

  async patch(path: string, change: ObjectPatch): Promise<unknown> {
    this.note("PATCH", path);
    if (path === `${DEFINITION}/status`) {
      assert.ok(this.definition && "merge" in change);
      const { metadata, status } = change.merge as Pick<Definition, "metadata" | "status">;
      if (metadata.resourceVersion !== this.definition.metadata.resourceVersion) throw new Refusal(409);
      this.definition = { ...this.definition, status };
      return this.definition;
    }
    const name = path.split("/").at(-1) ?? "";
    if (!this.apples.has(name)) throw new Refusal(404);
    this.apples.set(name, "v1");
    return this.apple(name);
  }

  /** Somebody else changes the definition. */
  touch(): void {
    if (!this.definition) return;
    const { metadata } = this.definition;
    const resourceVersion = `${Number(metadata.resourceVersion) + 1}`;
    this.definition = { ...this.definition, metadata: { ...metadata, resourceVersion } };
  }

  stored(): readonly string[] {
    return [...new Set(this.apples.values())];
  }

  changes(): string[] {
    return this.requests.filter((request) => request.startsWith("PATCH"));
  }

  private apple(name: string): object {
    const managedFields = [{ apiVersion: `fruit.example.com/${this.apples.get(name)}` }];
    return { metadata: { name, namespace: "basket", resourceVersion: "1", managedFields } };
  }

  private note(method: string, path: string): void {
    this.requests.push(`${method} ${path}`);
    this.disturb(method, path);
  }
}

/** Answers so to the first request of this method and path. */
function once(method: string, path: RegExp, answer: () => void): (method: string, path: string) => void {
  let done = false;
  return (given, place) => {
    if (done || given !== method || !path.test(place)) return;
    done = true;
    answer();
  };
}

const refuse = (status: number, message?: string) => () => {
  throw new Refusal(status, message);
};

describe("rewriting what is stored in a version that a new definition lacks", () => {
  it("rewrites every object of every page, then notes the one version that is left", async () => {
    const server = new ApiServerOfApples(250);
    const { objects } = (await rewriteStored(server, NAME, NEXT)) ?? {};
    assert.equal(objects, 250);
    assert.deepEqual(server.stored(), ["v1"]);
    assert.deepEqual(server.definition?.status?.storedVersions, ["v1"]);
    assert.equal(server.requests.at(-1), `PATCH ${DEFINITION}/status`);
  });

  it("has nothing to do when it is done again, nor where the cluster has no such definition", async () => {
    const server = new ApiServerOfApples(2);
    await rewriteStored(server, NAME, NEXT);
    const before = server.changes().length;
    assert.equal(await rewriteStored(server, NAME, NEXT), undefined);
    server.definition = undefined;
    assert.equal(await rewriteStored(server, NAME, NEXT), undefined);
    assert.equal(server.changes().length, before);
  });

  it("takes a kind without objects as rewritten", async () => {
    const server = new ApiServerOfApples(0);
    assert.equal((await rewriteStored(server, NAME, NEXT))?.objects, 0);
    assert.deepEqual(server.definition?.status?.storedVersions, ["v1"]);
  });

  it("looks at an object again that somebody changed at the same moment", async () => {
    const server = new ApiServerOfApples(3);
    server.disturb = once("PATCH", /apple-1$/, refuse(409));
    assert.equal((await rewriteStored(server, NAME, NEXT))?.objects, 3);
    assert.ok(server.requests.includes("GET /apis/fruit.example.com/v1/namespaces/basket/apples/apple-1"));
    assert.deepEqual(server.stored(), ["v1"]);
  });

  it("does not miss an object that was deleted in the meantime", async () => {
    const server = new ApiServerOfApples(3);
    server.disturb = once("PATCH", /apple-1$/, () => server.apples.delete("apple-1"));
    await rewriteStored(server, NAME, NEXT);
    assert.deepEqual(server.definition?.status?.storedVersions, ["v1"]);
  });

  it("begins anew when the pages are no longer to be had", async () => {
    const server = new ApiServerOfApples(150);
    server.disturb = once("GET", /continue=100/, refuse(410));
    await rewriteStored(server, NAME, NEXT);
    assert.deepEqual(server.stored(), ["v1"]);
  });

  it("begins anew when the definition changed while it rewrote", async () => {
    const server = new ApiServerOfApples(1);
    server.disturb = once("PATCH", /apple-0$/, () => server.touch());
    await rewriteStored(server, NAME, NEXT);
    assert.equal(server.changes().filter((change) => change.endsWith("/status")).length, 2);
    assert.deepEqual(server.definition?.status?.storedVersions, ["v1"]);
  });

  it("names the object that cannot be rewritten, and leaves the definition as it is", async () => {
    const server = new ApiServerOfApples(3);
    server.disturb = (method, path) => {
      if (method === "PATCH" && path.endsWith("apple-1")) refuse(422, "spec.colour is unknown")();
    };
    await assert.rejects(rewriteStored(server, NAME, NEXT), {
      code: "STORED_VERSIONS",
      message: `${NAME} stays as it is, since basket/apple-1 cannot be rewritten from v1beta2 as v1: spec.colour is unknown. Fix or delete that object, and run this again.`,
    });
    assert.deepEqual(server.definition?.status?.storedVersions, ["v1beta2", "v1"]);
  });

  it("gives up an object that somebody else changes again and again", async () => {
    const server = new ApiServerOfApples(1);
    server.disturb = (method) => {
      if (method === "PATCH") refuse(409, "the object has been modified")();
    };
    await assert.rejects(rewriteStored(server, NAME, NEXT), { message: /basket\/apple-0 .*has been modified/ });
    assert.equal(server.changes().length, 5);
  });

  it("says in one sentence that the cluster does not let it", async () => {
    const server = new ApiServerOfApples(1);
    server.disturb = once("PATCH", /status$/, refuse(403, "customresourcedefinitions/status is forbidden"));
    await assert.rejects(rewriteStored(server, NAME, NEXT), {
      code: "STORED_VERSIONS",
      message:
        /^apples\.fruit\.example\.com stays as it is, since .*: customresourcedefinitions\/status is forbidden\./,
    });
  });
});

describe("a preview of a definition that lacks a stored version", () => {
  const preview = (server: ApiServerOfApples, next = NEXT) => requireNothingToRewrite(async () => server, NAME, next);

  it("is refused with what has to be run, and rewrites nothing", async () => {
    const server = new ApiServerOfApples(1);
    await assert.rejects(preview(server), {
      code: "STORED_VERSIONS",
      message: `${NAME}: objects may be stored as v1beta2, which the new definition lacks, and a preview rewrites nothing. Run \`pulumi up --skip-preview\`, which rewrites them as v1 before it changes the definition.`,
    });
    assert.deepEqual(server.requests, [`GET ${DEFINITION}`]);
  });

  it("is refused as the update would be, where that could not rewrite either", async () => {
    const next = [{ name: "v2", storage: true }];
    await assert.rejects(preview(new ApiServerOfApples(1), next), { message: /by way of a release that knows both/ });
  });

  it("goes on where nothing is stored in a version that goes, or the cluster does not say", async () => {
    const server = new ApiServerOfApples(1);
    await preview(server, [...NEXT, { name: "v1beta2", storage: false }]);
    server.disturb = refuse(500);
    await preview(server);
    await requireNothingToRewrite(() => new Promise(() => {}), NAME, NEXT, 1);
  });
});
