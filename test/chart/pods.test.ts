import assert from "node:assert/strict";
import { type Manifest, one, render } from "../support/chart/render";
import { type SettingsName, settings } from "../support/chart/settings";

const NAMES = Object.keys(settings) as SettingsName[];

function workloads(name: SettingsName): Manifest[] {
  return render(name).filter((manifest) => ["Deployment", "StatefulSet"].includes(manifest.kind));
}

function containers(workload: Manifest): Manifest[] {
  const { initContainers = [], containers: main } = workload.spec.template.spec;
  return [...initContainers, ...main];
}

for (const name of NAMES) {
  describe(`every pod of the settings "${name}"`, () => {
    it("meets the restricted Pod Security Standard and has a read-only root file system", () => {
      for (const workload of workloads(name)) {
        const { securityContext } = workload.spec.template.spec;
        assert.equal(securityContext.runAsNonRoot, true);
        assert.ok(securityContext.runAsUser > 0);
        assert.deepEqual(securityContext.seccompProfile, { type: "RuntimeDefault" });
        for (const container of containers(workload)) {
          assert.deepEqual(
            container.securityContext,
            { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
            `${workload.metadata.name}/${container.name}`,
          );
        }
      }
    });

    it("has no API token, no Service variables and bounded memory", () => {
      for (const workload of workloads(name)) {
        const pod = workload.spec.template.spec;
        assert.equal(pod.automountServiceAccountToken, false);
        assert.equal(pod.enableServiceLinks, false);
        for (const { resources } of containers(workload)) {
          assert.ok(resources.requests.cpu && resources.requests.memory && resources.limits.memory);
        }
      }
    });

    it("takes secrets only from files, one volume a Secret", () => {
      for (const workload of workloads(name)) {
        for (const container of containers(workload)) {
          assert.equal(container.envFrom, undefined);
          for (const variable of container.env ?? []) assert.equal(variable.valueFrom, undefined, variable.name);
        }
        const volumes: Manifest[] = workload.spec.template.spec.volumes;
        const secrets = volumes.flatMap((volume) => volume.secret?.secretName ?? []);
        assert.equal(new Set(secrets).size, secrets.length);
        assert.ok(secrets.length > 0);
        assert.ok(!volumes.some((volume) => volume.projected), "projected volumes would put secrets together");
      }
    });

    it("mounts only volumes that exist, and every volume is mounted", () => {
      for (const workload of workloads(name)) {
        const claims = (workload.spec.volumeClaimTemplates ?? []).map((claim: Manifest) => claim.metadata.name);
        const volumes = [
          ...workload.spec.template.spec.volumes.map((volume: { name: string }) => volume.name),
          ...claims,
        ];
        const mounted = containers(workload).flatMap((container) =>
          container.volumeMounts.map((mount: { name: string }) => mount.name),
        );
        assert.deepEqual([...new Set(mounted)].sort(), volumes.sort(), workload.metadata.name);
      }
    });

    it("is selected by its own workload's selector, and carries the customer", () => {
      for (const workload of workloads(name)) {
        const { labels } = workload.spec.template.metadata;
        for (const [key, value] of Object.entries(workload.spec.selector.matchLabels)) assert.equal(labels[key], value);
        assert.equal(labels["onprem.platform/customer"], "acme");
      }
    });

    it("is named in a network policy's way in and covered by the default deny", () => {
      const deny = one(render(name), "NetworkPolicy", "parse-server-default-deny");
      assert.deepEqual(deny.spec.policyTypes, ["Ingress", "Egress"]);
      assert.ok(!deny.spec.ingress && !deny.spec.egress);
      for (const workload of workloads(name)) {
        const { labels } = workload.spec.template.metadata;
        for (const [key, value] of Object.entries(deny.spec.podSelector.matchLabels)) assert.equal(labels[key], value);
      }
    });
  });
}
