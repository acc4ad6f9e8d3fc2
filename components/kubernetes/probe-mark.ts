/**
 * How a backup that `pulumi up` makes to prove a location is told from a backup of data. Pure.
 *
 * The backup has the label of a schedule that does not exist: Velero's metrics have no other label that says whose a backup
 * is. A schedule's name has no dot, so that none is ever called like this.
 */

/** Label of such a backup and of the object in it; its value is the location's name. */
export const PROBE_LABEL = "onprem.platform/probe";

const SCHEDULE = "onprem-probe.";
/** Longest value of a label. */
const LONGEST = 63;

/** Name of the schedule that a location's probes say they are of. */
export function probeSchedule(location: string): string {
  return `${SCHEDULE}${location}`.slice(0, LONGEST).replace(/[-.]+$/, "");
}

/** Matcher of Velero's metrics of probes alone. */
export const PROBES = 'schedule=~"onprem-probe[.].+"';
/** Matcher of Velero's metrics of everything but probes. */
export const NO_PROBES = 'schedule!~"onprem-probe[.].+"';
