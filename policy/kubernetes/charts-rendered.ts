import { resourcePolicy } from "../definition";
import { ours } from "../frameworks";
import { RELEASE_TYPE } from "../manifests";
import { renderRelease } from "../rendered-chart";

/** A chart that cannot be looked into is not taken for a good one. */
export const chartsRendered = resourcePolicy({
  name: "charts-rendered",
  description: "This project's charts can be rendered with the release's values, so that the other policies see them.",
  level: "mandatory",
  severity: "high",
  framework: ours("Nothing is deployed unseen"),
  link: "https://helm.sh/docs/helm/helm_template/",
  remedy: "Put the helm program on PATH, or its path in ONPREM_HELM, and fix what it complains of.",
  types: [RELEASE_TYPE],
  *check(resource) {
    const rendered = renderRelease(resource);
    if (rendered.outcome !== "failed") return;
    const problem = `cannot be rendered, so that no policy sees what it deploys: ${rendered.reason}`;
    yield { property: "chart", problem, fix: "fix what is said there; nothing was judged" };
  },
});
