import { isIP } from "node:net";
import { type Reading, read, refused } from "./reading";

/** Address of a Git repository, as Flux takes it. */
export interface GitUrl {
  readonly scheme: "ssh" | "http" | "https";
  readonly host: string;
  /** Absent: the scheme's own. */
  readonly port?: number;
  /** With the slash before it. */
  readonly path: string;
}

const FORM = /^(ssh|https?):\/\/(?:([^/?#]*)@)?([^/?#@]*)([/?#][\s\S]*)?$/;
const LARGEST_PORT = 65_535;

/**
 * An address such as `ssh://git@git.example.com:2222/acme/fleet.git` or `https://git.example.com/acme/fleet`. Flux takes it by
 * Go's net/url (https://pkg.go.dev/net/url#Parse), and dials what it says.
 */
export function readGitUrl(text: string): Reading<GitUrl> {
  if (!text.includes("://") && /^[^/]+@[^/]+:/.test(text))
    return refused("it has the form user@host:path; write ssh://user@host/path");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: Go refuses addresses with them
  if (/[\s\u0000-\u001f\u007f]/.test(text)) return refused("it has white space in it");
  if (/%(?![0-9a-fA-F]{2})/.test(text)) return refused("a % is not followed by two hexadecimal digits");
  const parts = FORM.exec(text);
  if (!parts) return refused("it begins with none of ssh://, https:// and http://");
  const [, scheme = "", login, authority = "", path = ""] = parts;
  const problem = loginProblem(scheme, login);
  if (problem !== undefined) return refused(problem);
  const [host = "", portText, ...more] = authority.split(":");
  if (more.length > 0 || !isHost(host)) return refused("its host is no name and no IPv4 address");
  if (portText !== undefined && !isPort(portText)) return refused(`its port is no number from 1 to ${LARGEST_PORT}`);
  if (!/^\/[^/?#]/.test(path)) return refused("the path of the repository is missing");
  const port = portText === undefined ? {} : { port: Number(portText) };
  return read({ scheme: scheme as GitUrl["scheme"], host, ...port, path });
}

function loginProblem(scheme: string, login: string | undefined): string | undefined {
  if (scheme !== "ssh")
    return login === undefined ? undefined : "it has a login in it, which belongs into authentication";
  if (login === undefined || login === "") return "the user is missing before the host, such as ssh://git@…";
  if (login.includes(":")) return "it has a password in it; log in with the deploy key";
  return /^[^@\s]+$/.test(login) ? undefined : "its user is no name";
}

/** Whether a text is a name of the DNS or an IPv4 address. */
export function isHost(text: string): boolean {
  if (text.length > 253) return false;
  if (/^[0-9.]+$/.test(text)) return isIP(text) === 4;
  return text.split(".").every((label) => /^[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?$/.test(label));
}

/** Whether a text is the number of a TCP port. */
export function isPort(text: string): boolean {
  return /^[0-9]{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= LARGEST_PORT;
}
