import { manifestPolicy } from "../definition";
import { cisKubernetes, links } from "../frameworks";
import { podSpecOf, workloadKinds } from "../manifests";

/** A pod that does not call the API has no key to it. */
export const serviceAccountTokens = manifestPolicy({
  name: "service-account-tokens",
  description: "Pods get an API token only with a service account of their own.",
  level: "mandatory",
  severity: "medium",
  framework: cisKubernetes(
    "5.1.5, 5.1.6",
    "Ensure default service accounts are unused and tokens only mounted where needed",
  ),
  link: links.kubernetes,
  remedy: "Set automountServiceAccountToken to false, or name a service account with the permissions needed.",
  kinds: workloadKinds,
  *check(manifest) {
    const pod = podSpecOf(manifest);
    if (!pod || pod.spec.automountServiceAccountToken === false) return;
    const account = pod.spec.serviceAccountName ?? pod.spec.serviceAccount;
    if (account && account !== "default") return;
    const property = `${pod.path}.automountServiceAccountToken`;
    const fix = "set it to false, or name a service account of the pod's own";
    yield { property, problem: "is not false: the pod gets the default account's token", fix };
  },
});
