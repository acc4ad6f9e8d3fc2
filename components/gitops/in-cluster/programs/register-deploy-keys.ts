/** The program of the Jobs that register deploy keys, and remove those out of use. */
import { jobFiles, runJob } from "../../../in-cluster/job";
import { apiClient, registries } from "../git-hosts";
import { patient, type Registration, registerKeys } from "../register-deploy-keys";

void runJob(() => {
  const { instruction: registration, credential, ca } = jobFiles<Registration>();
  const { apiUrl, kind } = registration;
  const ask = patient(apiClient(kind, apiUrl, credential("token"), ca), registration);
  return registerKeys(registration, registries[kind](registration, ask));
});
