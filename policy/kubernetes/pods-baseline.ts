import { type Finding, type Manifest, manifestPolicy, type Properties } from "../definition";
import { links, podSecurity } from "../frameworks";
import { containersOf, podSpecOf, workloadKinds } from "../manifests";

/** Capabilities that the baseline level lets a container add. */
const HARMLESS = [
  "AUDIT_WRITE",
  "CHOWN",
  "DAC_OVERRIDE",
  "FOWNER",
  "FSETID",
  "KILL",
  "MKNOD",
  "NET_BIND_SERVICE",
  "SETFCAP",
  "SETGID",
  "SETPCAP",
  "SETUID",
  "SYS_CHROOT",
];

function* checkPod(manifest: Manifest): Generator<Finding> {
  const pod = podSpecOf(manifest);
  if (!pod) return;
  for (const key of ["hostNetwork", "hostPID", "hostIPC"]) {
    if (pod.spec[key] !== true) continue;
    yield { property: `${pod.path}.${key}`, problem: "is true: the pod is part of the node", fix: "leave it out" };
  }
  for (const [index, volume] of (pod.spec.volumes ?? []).entries()) {
    if (!volume.hostPath) continue;
    const property = `${pod.path}.volumes[${index}].hostPath`;
    yield { property, problem: "is a folder of the node's", fix: "use a PersistentVolumeClaim or an emptyDir" };
  }
}

function* checkContainer(container: Properties, path: string): Generator<Finding> {
  const security = container.securityContext ?? {};
  if (security.privileged === true) {
    yield { property: `${path}.securityContext.privileged`, problem: "is true", fix: "leave it out" };
  }
  const added: string[] = security.capabilities?.add ?? [];
  const harmful = added.filter((capability) => !HARMLESS.includes(capability));
  if (harmful.length > 0) {
    const property = `${path}.securityContext.capabilities.add`;
    yield { property, problem: `adds ${harmful.join(", ")}`, fix: "leave them out" };
  }
  for (const [index, port] of (container.ports ?? []).entries()) {
    if (!port.hostPort) continue;
    yield {
      property: `${path}.ports[${index}].hostPort`,
      problem: "opens a port of the node's",
      fix: "use a Service",
    };
  }
}

/** Pods stay apart from the node that they run on. */
export const podsBaseline = manifestPolicy({
  name: "pods-baseline",
  description: "Pods share nothing with their node: no host namespaces, paths or ports, no privileges.",
  level: "mandatory",
  severity: "critical",
  framework: podSecurity("baseline", "Host namespaces, privileged containers, capabilities, HostPath, host ports"),
  link: links.podSecurity,
  remedy: "Leave out what reaches into the node.",
  kinds: workloadKinds,
  *check(manifest) {
    yield* checkPod(manifest);
    for (const { container, path } of containersOf(manifest)) yield* checkContainer(container, path);
  },
});
