import type { CloudFunctions } from "../cloud/stand-in-provider";
import { projectNumber } from "./projects";

/** Functions by token: what each answers, as far as the SDK's types don't leave it empty. */
export const gcpFunctions: CloudFunctions = {
  "gcp:organizations/getProject:getProject": (args, context) => {
    const projectId = String(args.projectId ?? context.settings.project ?? "");
    if (!/^[a-z][-a-z0-9]{4,28}[a-z0-9]$/.test(projectId))
      throw new Error(`googleapi: Error 403: the project "${projectId}" does not exist, or may not be seen, forbidden`);
    return { id: `projects/${projectId}`, projectId, name: projectId, number: projectNumber(projectId) };
  },
};
