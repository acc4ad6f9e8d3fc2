import { type Finding, manifestPolicy } from "../definition";
import { cisKubernetes } from "../frameworks";
import { containersOf, workloadKinds } from "../manifests";
import { secretsIn } from "../secret-shapes";
import { knownFirst, knownTexts } from "../unknowns";

interface Variable {
  name: string;
  value?: string;
  valueFrom?: { secretKeyRef?: object };
}

function* checkVariables(variables: readonly Variable[] | undefined, path: string): Generator<Finding> {
  const fix = "mount the Secret as a file";
  for (const [variable, index] of knownFirst(variables)) {
    const property = `${path}.env[${index}]`;
    if (variable.valueFrom?.secretKeyRef) {
      yield { property, problem: `puts a Secret into the environment (${variable.name})`, fix };
      continue;
    }
    // Named after the variable, so that the key counts as much as the value.
    const [text] = knownTexts(variable.value);
    const [found] = text ? secretsIn({ [variable.name]: text[0] }) : [];
    if (found) yield { property, problem: `holds what looks like ${found.shape} (${variable.name})`, fix };
  }
}

/** Environments and command lines are shown by every tool that describes a pod. */
export const containersWithoutSecrets = manifestPolicy({
  name: "containers-without-secrets",
  description: "No secret in a container's environment or on its command line.",
  level: "mandatory",
  severity: "critical",
  framework: cisKubernetes("5.4.1", "Prefer using secrets as files over secrets as environment variables"),
  link: "https://kubernetes.io/docs/concepts/configuration/secret/",
  remedy: "Mount the Secret as a file and give the program its path.",
  kinds: workloadKinds,
  *check(manifest) {
    for (const { container, path } of containersOf(manifest)) {
      yield* checkVariables(container.env, path);
      if (container.envFrom?.some((source: { secretRef?: object }) => source.secretRef)) {
        const fix = "mount the Secret as a file";
        yield { property: `${path}.envFrom`, problem: "puts a Secret into the environment", fix };
      }
      for (const found of secretsIn({ command: container.command, args: container.args })) {
        const property = `${path}.${found.path}`;
        yield { property, problem: `holds what looks like ${found.shape}`, fix: "give the path of a file" };
      }
    }
  },
});
