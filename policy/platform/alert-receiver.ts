import { parse } from "yaml";
import { type Manifest, type Properties, type ResourceFacts, type StackFacts, stackPolicy } from "../definition";
import { ours } from "../frameworks";
import { isUnknown, plain } from "../unknowns";

/** Keys of a Secret that hold Alertmanager's configuration, for the operator and for the chart. */
const CONFIGURATION_KEY = /alertmanager.*\.ya?ml$/;

/** Keys of Alertmanager's configuration that send an alert somewhere. */
const isRoute = (key: string) => /_?[cC]onfigs$/.test(key);

function sends(receiver: Properties): boolean {
  return Object.entries(receiver).some(([key, value]) => isRoute(key) && Array.isArray(value) && value.length > 0);
}

/** Whether a Secret may hold Alertmanager's configuration: by a key that is known, or else by its name. */
function mayHoldConfiguration({ kind, name, object }: Manifest): boolean {
  if (kind !== "Secret") return false;
  const { data, stringData } = plain(object);
  if (isUnknown(data) || isUnknown(stringData)) return name.includes("alertmanager");
  return [...Object.keys(data ?? {}), ...Object.keys(stringData ?? {})].some((key) => CONFIGURATION_KEY.test(key));
}

/** Texts of Alertmanager configurations in Secrets. */
function configurationsInSecret({ object }: Manifest): Properties[] {
  const plainTexts = Object.entries<string>(object.stringData ?? {});
  const encoded = Object.entries<string>(object.data ?? {}).map(
    ([key, value]) => [key, Buffer.from(value, "base64").toString("utf8")] as const,
  );
  return [...plainTexts, ...encoded]
    .filter(([key]) => CONFIGURATION_KEY.test(key))
    .map(([, text]) => parse(text) as Properties);
}

function chartValues({ type, props }: ResourceFacts): Properties | undefined {
  if (type === "kubernetes:helm.sh/v3:Release") return props.values;
  return type === "rancher2:index/appV2:AppV2" ? parse(props.values ?? "{}") : undefined;
}

/** Every receiver of alerts in a stack, wherever it is configured. */
function receiversIn({ manifests, resources }: StackFacts): Properties[] {
  const resourcesOfOperator = manifests
    .filter(({ kind }) => kind === "AlertmanagerConfig")
    .map(({ object }) => object.spec ?? {});
  const secrets = manifests.filter(mayHoldConfiguration).flatMap(configurationsInSecret);
  const charts = resources.flatMap((resource) => chartValues(resource)?.alertmanager?.config ?? []);
  return [...resourcesOfOperator, ...secrets, ...charts].flatMap(({ receivers }) => receivers ?? []);
}

/** Somebody is told. */
export const alertReceiver = stackPolicy({
  name: "alert-receiver",
  description: "In production, somebody is told of alerts.",
  level: "mandatory",
  severity: "high",
  framework: ours("Failures are noticed by people, not by customers"),
  link: "https://prometheus.io/docs/alerting/latest/configuration/#receiver",
  remedy: "Add a receiver to onprem:monitoring.receivers.",
  *check(stack, { settings }) {
    if (!settings.production || receiversIn(stack).some(sends)) return;
    const property = "onprem:monitoring.receivers";
    yield { property, problem: "sends alerts to nobody", fix: "add a receiver" };
  },
});
