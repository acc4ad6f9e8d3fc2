/**
 * Which proxy an environment asks for, as Go's programs read it, kubectl and the Kubernetes provider among them:
 * https://pkg.go.dev/golang.org/x/net/http/httpproxy. Pure.
 */
import { BlockList, isIP } from "node:net";
import { domainToASCII } from "node:url";

/** A proxy, and which variable names it. */
export interface EnvironmentProxy {
  /** An address, whose scheme is `http` where the variable names none. */
  readonly address: string;
  readonly variable: string;
}

/** An address with a scheme and a host; any other text is a host. */
const ADDRESS = /^[a-z][a-z0-9+.-]*:\/\/[^/]/i;
const PORTS: Readonly<Record<string, string>> = { "http:": "80", "https:": "443" };

/** The first of the variables that has a value: Go takes capitals first. */
function firstOf(environment: NodeJS.ProcessEnv, name: string): { variable: string; value: string } | undefined {
  for (const variable of [name, name.toLowerCase()]) {
    const value = environment[variable];
    if (value) return { variable, value };
  }
  return undefined;
}

/**
 * The proxy to a server; `undefined` where there is none, or the server is to be reached without. This machine itself
 * (localhost, 127.0.0.0/8, ::1) is never reached through a proxy.
 */
export function environmentProxy(server: URL, environment: NodeJS.ProcessEnv): EnvironmentProxy | undefined {
  const found = firstOf(environment, server.protocol === "http:" ? "HTTP_PROXY" : "HTTPS_PROXY");
  if (!found) return undefined;
  const host = hostOf(server);
  if (host === "localhost" || isLoopback(host)) return undefined;
  const exempt = firstOf(environment, "NO_PROXY")?.value ?? "";
  if (isExempt(host, server.port || PORTS[server.protocol] || "", exempt)) return undefined;
  const { value, variable } = found;
  return { address: ADDRESS.test(value) ? value : `http://${value}`, variable };
}

/** Without the brackets of an IPv6 address, and an IPv4 address that is written as an IPv6 one as what it is. */
function hostOf({ hostname }: URL): string {
  return plainAddress(hostname.replace(/^\[|\]$/g, ""));
}

function plainAddress(host: string): string {
  const mapped = /^::ffff:(?:(\d+\.\d+\.\d+\.\d+)|([0-9a-f]{1,4}):([0-9a-f]{1,4}))$/i.exec(host);
  if (!mapped) return host;
  const [, dotted, high = "", low = ""] = mapped;
  if (dotted !== undefined) return dotted;
  const [upper, lower] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return [upper >> 8, upper & 255, lower >> 8, lower & 255].join(".");
}

function isLoopback(host: string): boolean {
  return isIP(host) === 4 ? host.startsWith("127.") : host === "::1";
}

/** Whether one entry of NO_PROXY is about a host. */
function isExempt(host: string, port: string, noProxy: string): boolean {
  const entries = noProxy.split(",").map((entry) => entry.trim().toLowerCase());
  return entries.includes("*") || entries.some((entry) => entry !== "" && matches(entry, host, port));
}

function matches(entry: string, host: string, port: string): boolean {
  const range = /^([^/]+)\/(\d{1,3})$/.exec(entry);
  if (range) return isIP(range[1] ?? "") !== 0 && isWithin(host, range[1] ?? "", Number(range[2]));
  const [name, wantedPort] = splitPort(entry);
  if (name === "" || (wantedPort !== "" && wantedPort !== port)) return false;
  if (isIP(name) !== 0 || isIP(host) !== 0) return sameAddress(name, host);
  // "*.example.com" is ".example.com": names below it alone; "example.com" is also itself.
  const domain = inAscii(name.replace(/^\*(?=\.)/, ""));
  if (domain.startsWith(".")) return host.endsWith(domain);
  return host === domain || host.endsWith(`.${domain}`);
}

const inAscii = (name: string) => (/[^ -~]/.test(name) ? domainToASCII(name) || name : name);

/** `host:port` or `[address]:port`; a text that is neither is a host. */
function splitPort(entry: string): [name: string, port: string] {
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(entry);
  if (bracketed) return bracketed[2] === undefined ? [entry, ""] : [bracketed[1] ?? "", bracketed[2]];
  const parts = entry.split(":");
  return parts.length === 2 ? [parts[0] ?? "", parts[1] ?? ""] : [entry, ""];
}

const familyOf = (address: string) => (isIP(address) === 4 ? "ipv4" : "ipv6");

function isWithin(host: string, base: string, bits: number): boolean {
  const address = plainAddress(base);
  if (isIP(host) === 0 || isIP(host) !== isIP(address) || bits > (isIP(address) === 4 ? 32 : 128)) return false;
  const range = new BlockList();
  range.addSubnet(address, bits, familyOf(address));
  return range.check(host, familyOf(host));
}

function sameAddress(one: string, other: string): boolean {
  const address = plainAddress(one);
  return (
    isIP(address) !== 0 && isIP(address) === isIP(other) && isWithin(other, address, isIP(address) === 4 ? 32 : 128)
  );
}
