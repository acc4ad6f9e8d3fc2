/** The program of the Job that claims a directory of a bucket. */
import { jobFiles, runJob } from "../../../in-cluster/job";
import { type Claim, claimPrefix, patient } from "../claim-prefix";
import { storeClient } from "../store-client";

void runJob(() => {
  const { instruction: claim, credential, ca } = jobFiles<Claim>();
  const ask = storeClient(claim, credential("accessKeyId"), credential("secretAccessKey"), ca);
  return claimPrefix(claim, patient(ask, claim));
});
