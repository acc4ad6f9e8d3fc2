import { parse } from "yaml";
import { resourcePolicy } from "../definition";
import { ours } from "../frameworks";
import { secretsIn } from "../secret-shapes";
import { plain } from "../unknowns";

const APP = "rancher2:index/appV2:AppV2";

/** Values of a chart stand in the release's Secret, in `helm get values`, and in Rancher's UI. */
export const chartValuesWithoutSecrets = resourcePolicy({
  name: "chart-values-without-secrets",
  description: "Values of Helm releases and Rancher apps name Secrets, and hold none.",
  level: "mandatory",
  severity: "critical",
  framework: ours("Secrets only in Secrets"),
  link: "https://helm.sh/docs/chart_best_practices/values/",
  remedy: "Make a Secret and give the chart its name (existingSecret).",
  types: ["kubernetes:helm.sh/v3:Release", "kubernetes:helm.sh/v4:Chart", APP],
  *check({ type, props }) {
    // Parts of the values that are unknown are passed over; the values as a whole must be known.
    const values: unknown = type === APP ? parse(props.values ?? "") : plain(props.values);
    for (const { path, shape } of secretsIn({ values })) {
      yield { property: path, problem: `holds what looks like ${shape}`, fix: "name a Secret in its place" };
    }
  },
});
