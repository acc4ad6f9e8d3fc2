import assert from "node:assert/strict";
import { type Installation, installation, installedObjects } from "../../../components/gitops/manifest";
import { sampleManifest } from "../../support/gitops/sample-manifest";

const SETTINGS: Installation = {
  customer: "acme",
  version: "2.9.5",
  namespace: "flux-system",
  controllers: ["source-controller", "kustomize-controller"],
  resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { cpu: "1", memory: "512Mi" } },
  webhooks: false,
  imageMirror: undefined,
  imagePullSecrets: [],
};

/** What the tests look at of a Deployment. */
interface Deployment {
  spec: {
    selector: unknown;
    template: {
      spec: {
        imagePullSecrets: unknown;
        containers: [{ image: string; args: string[]; resources: unknown }];
      };
    };
  };
}

function podOf(objects: Record<string, unknown>, name = "source-controller") {
  return (objects[`Deployment/${name}`] as Deployment).spec.template.spec;
}

describe("Flux's manifest", () => {
  it("gives the chosen controllers and what they need, and nothing of the others", () => {
    const objects = installation(sampleManifest(), SETTINGS);
    assert.deepEqual(Object.keys(objects), installedObjects(SETTINGS.controllers, false));
    assert.ok(!Object.keys(objects).some((key) => /helm-controller|notification|webhooks|^Namespace/.test(key)));
  });

  it("gives helm-controller where it is asked for", () => {
    const objects = installation(sampleManifest(), {
      ...SETTINGS,
      controllers: [...SETTINGS.controllers, "helm-controller"],
    });
    assert.ok(objects["Deployment/helm-controller"] && objects["ServiceAccount/helm-controller"]);
  });

  it("sends events to notification-controller in the same namespace, and lets calls in only for a webhook", () => {
    const chosen = [...SETTINGS.controllers, "notification-controller" as const];
    const settings = { ...SETTINGS, namespace: "agents", controllers: chosen };
    const objects = installation(sampleManifest(), settings);
    const [{ args }] = podOf(objects).containers;
    assert.ok(args.includes("--events-addr=http://notification-controller.agents.svc.cluster.local./"), args.join(" "));
    assert.ok(objects["Service/notification-controller"]);
    const letIn = ["NetworkPolicy/allow-webhooks", "Service/webhook-receiver"];
    assert.deepEqual(
      letIn.filter((key) => key in objects),
      [],
    );
    const open = installation(sampleManifest(), { ...settings, webhooks: true });
    assert.deepEqual(
      letIn.filter((key) => key in open),
      letIn,
    );
  });

  it("runs images of the mirror, with the settings' resources, and tells nobody who is not there", () => {
    const objects = installation(sampleManifest(), {
      ...SETTINGS,
      imageMirror: "mirror.example.com/flux",
      imagePullSecrets: ["image-pull"],
    });
    const pod = podOf(objects);
    const [container] = pod.containers;
    assert.equal(container.image, "mirror.example.com/flux/fluxcd/source-controller:v1.9.5");
    assert.deepEqual(container.resources, SETTINGS.resources);
    assert.deepEqual(pod.imagePullSecrets, [{ name: "image-pull" }]);
    assert.ok(!container.args.some((argument) => argument.includes("notification-controller")));
    assert.ok(container.args.includes("--max-retry-delay=30s"));
  });

  it("leaves the selectors alone, which cannot be changed afterwards", () => {
    const objects = installation(sampleManifest(), SETTINGS);
    const { spec } = objects["Deployment/source-controller"] as unknown as Deployment;
    assert.deepEqual(spec.selector, { matchLabels: { app: "source-controller" } });
  });

  it("moves into another namespace with everything, and names the cluster's roles after it", () => {
    const objects = installation(sampleManifest(), { ...SETTINGS, namespace: "agents" });
    for (const [key, { metadata }] of Object.entries(objects)) {
      if (/^(Cluster|Custom)/.test(key)) assert.equal(metadata.namespace, undefined, key);
      else assert.equal(metadata.namespace, "agents", key);
    }
    const binding = objects["ClusterRoleBinding/crd-controller"] as unknown as {
      metadata: { name: string };
      roleRef: { name: string };
      subjects: unknown;
    };
    assert.equal(binding.metadata.name, "crd-controller-agents");
    assert.equal(binding.roleRef.name, "crd-controller-agents");
    assert.deepEqual(binding.subjects, [{ kind: "ServiceAccount", name: "source-controller", namespace: "agents" }]);
    const admin = objects["ClusterRoleBinding/cluster-reconciler"] as unknown as { roleRef: { name: string } };
    assert.equal(admin.roleRef.name, "cluster-admin");
  });

  it("is refused when it lacks something, by name", () => {
    const without = sampleManifest((objects) =>
      objects.filter((object) => (object as { metadata: { name: string } }).metadata.name !== "kustomize-controller"),
    );
    assert.throws(() => installation(without, SETTINGS), /lacks ServiceAccount\/kustomize-controller, Deployment\//);
  });

  it("is refused when it holds something that the program does not know", () => {
    const more = sampleManifest((objects) => [
      ...objects,
      { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "surprise" } },
    ]);
    assert.throws(() => installation(more, SETTINGS), /holds ConfigMap\/surprise, which this program does not know/);
  });

  it("is refused when it is not YAML", () => {
    assert.throws(() => installation("kind: [", SETTINGS), /not YAML/);
  });
});
