import { resourcePolicy } from "../definition";
import { cisGoogleCloud, links } from "../frameworks";
import { INSTANCE } from "./resources";

const WANTED = { "enable-oslogin": "TRUE", "block-project-ssh-keys": "TRUE" };

/** Who logs in to a machine is decided by IAM alone. */
export const instanceLoginManaged = resourcePolicy({
  name: "instance-login-managed",
  description: "Logins to virtual machines go through IAM (OS Login); project keys and the serial port are closed.",
  level: "mandatory",
  severity: "medium",
  framework: cisGoogleCloud("4.3-4.5", "Ensure OS Login, blocked project keys and no serial port"),
  link: links.googleCloud,
  remedy: "Set the instance's metadata enable-oslogin and block-project-ssh-keys to TRUE.",
  types: [INSTANCE],
  *check({ props }) {
    const metadata = props.metadata ?? {};
    for (const [key, wanted] of Object.entries(WANTED)) {
      if (String(metadata[key] ?? "").toUpperCase() === wanted) continue;
      yield { property: `metadata["${key}"]`, problem: "is not TRUE", fix: "set it to TRUE" };
    }
    if (/^(true|1)$/i.test(String(metadata["serial-port-enable"] ?? ""))) {
      yield { property: 'metadata["serial-port-enable"]', problem: "is on", fix: "leave it out" };
    }
  },
});
