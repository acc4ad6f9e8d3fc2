import { parse } from "yaml";
import { readGoDuration } from "../../components/grammars/go-duration";
import { readPrometheusDuration } from "../../components/grammars/prometheus-duration";
import { type Finding, type Properties, resourcePolicy } from "../definition";
import { ours } from "../frameworks";

const HOUR_NANOSECONDS = 3.6e12;
const HOUR_MILLISECONDS = 3.6e6;

/** How long Velero keeps a backup, hours; `undefined` for what it does not read. */
export function backupHours(text: unknown): number | undefined {
  const { value } = readGoDuration(String(text));
  return value === undefined ? undefined : Number(value) / HOUR_NANOSECONDS;
}

/** How long Prometheus keeps metrics, hours; `undefined` for what it does not read. */
export function metricsHours(text: unknown): number | undefined {
  const { value } = readPrometheusDuration(String(text));
  return value === undefined ? undefined : value / HOUR_MILLISECONDS;
}

interface Limits {
  minimumBackupHours: number;
  maximumBackupHours: number;
  maximumMetricsHours: number;
}

function* within(
  property: string,
  given: unknown,
  hours: number | undefined,
  [fewest, most]: readonly [number, number],
): Generator<Finding> {
  if (hours === undefined) {
    yield { property, problem: "is no length of time", fix: `set it to between ${fewest}h and ${most}h` };
  } else if (hours < fewest || hours > most) {
    yield { property, problem: `is ${given}`, fix: `keep it between ${fewest}h and ${most}h` };
  }
}

function metricsRetention(type: string, props: Properties): [string, unknown] {
  if (type.endsWith(":Prometheus")) return ["spec.retention", props.spec?.retention];
  const values = type === "rancher2:index/appV2:AppV2" ? parse(props.values ?? "{}") : props.values;
  return ["values.prometheus.prometheusSpec.retention", values?.prometheus?.prometheusSpec?.retention];
}

/** Data is kept as long as it is needed, and no longer. */
export const retentionLimited = resourcePolicy<Limits>({
  name: "retention-limited",
  description: "Backups and metrics are kept long enough to be of use, and not for ever.",
  level: "mandatory",
  severity: "medium",
  framework: ours("Retention within limits"),
  link: "https://velero.io/docs/main/how-velero-works/#set-a-backup-to-expire",
  remedy: "Set the retention in onprem:backup.schedules or onprem:monitoring.retentionDays.",
  thresholds: {
    minimumBackupHours: { type: "integer", minimum: 1, description: "Shortest life of a backup, hours.", default: 24 },
    maximumBackupHours: { type: "integer", minimum: 1, description: "Longest life of a backup, hours.", default: 9528 },
    maximumMetricsHours: { type: "integer", minimum: 1, description: "Longest life of metrics, hours.", default: 9600 },
  },
  types: [
    "kubernetes:velero.io/v1:Schedule",
    "kubernetes:monitoring.coreos.com/v1:Prometheus",
    "kubernetes:helm.sh/v3:Release",
    "rancher2:index/appV2:AppV2",
  ],
  *check({ type, props }, { thresholds }) {
    if (type === "kubernetes:velero.io/v1:Schedule") {
      const { minimumBackupHours, maximumBackupHours } = thresholds;
      const ttl: unknown = props.spec?.template?.ttl;
      yield* within("spec.template.ttl", ttl, backupHours(ttl), [minimumBackupHours, maximumBackupHours]);
      return;
    }
    const [property, retention] = metricsRetention(type, props);
    if (retention === undefined) return;
    yield* within(property, retention, metricsHours(retention), [1, thresholds.maximumMetricsHours]);
  },
});
