/** Where a third-party chart comes from: its publisher, a mirror, or a directory. Pure. */
import { isAbsolute, relative, resolve } from "node:path";

/** A chart as a Helm release names it. */
export interface ChartSource {
  /** The chart's name in `repository`, a packed chart, or an `oci://` address. */
  readonly chart: string;
  readonly version: string;
  /** Address of the repository; absent where `chart` says it all. */
  readonly repository: string | undefined;
}

/**
 * @param name of the chart
 * @param version exact
 * @param publisher address of the publisher's repository
 * @param mirror `sources.charts` of the settings. Default: the publisher's repository
 * @param root the project's directory, to which a directory is relative
 */
export function chartSource(
  name: string,
  version: string,
  publisher: string,
  mirror: string | undefined,
  root: string,
): ChartSource {
  if (mirror === undefined) return { chart: name, version, repository: publisher };
  if (mirror.startsWith("oci://"))
    return { chart: `${mirror.replace(/\/$/, "")}/${name}`, version, repository: undefined };
  if (/^https?:\/\//.test(mirror)) return { chart: name, version, repository: mirror };
  const file = resolve(root, mirror, `${name}-${version}.tgz`);
  // Relative to the working directory, so that the state does not name this machine's folders.
  return { chart: isAbsolute(mirror) ? file : `./${relative(process.cwd(), file)}`, version, repository: undefined };
}
