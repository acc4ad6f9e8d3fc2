import { isHost, isPort } from "./git-url";
import { type Reading, read, refused } from "./reading";

/** Addresses of databases, as the drivers of Parse Server read them. None of them is ever part of a refusal. */

/** What can be said of an address without its login. */
export interface DatabaseAddress {
  /** Hosts without their ports. */
  readonly hosts: readonly string[];
  /** Ports that it names; none where it leaves them to the driver. */
  readonly ports: readonly number[];
}

/** How `mongodb-connection-string-url`, which the MongoDB driver reads addresses with, takes them apart. */
const MONGODB = /^(mongodb(?:\+srv)?):\/\/(?:([^:]*)(?::([^@]*))?@)?((?!:)[^/?@]+)(.*)/;
const RESERVED = /[:/?#[\]@]/;
const RESERVED_WORDS = "one of : / ? # [ ] @ that is not written as %XX";

/** Addresses of MongoDB: https://www.mongodb.com/docs/manual/reference/connection-string/ */
export function readMongodbUri(text: string): Reading<DatabaseAddress> {
  const [whole, scheme = "", user, password, hostList = "", rest = ""] = MONGODB.exec(text) ?? [];
  if (whole === undefined) return refused("it is no mongodb:// or mongodb+srv:// address with a host");
  if (user !== undefined && !isEncoded(user)) return refused(`its user name has ${RESERVED_WORDS}`);
  if (password !== undefined && !isEncoded(password)) return refused(`its password has ${RESERVED_WORDS}`);
  if (user === "" && text.startsWith(`${scheme}://:`)) return refused("the user name before its password is missing");
  if (text.startsWith(`${scheme}://@`)) return refused("the login before @ is empty");
  if (rest !== "" && !/^[/?][^@]*$/.test(rest))
    return refused("an @ or another sign follows its hosts; an @ in the password is written as %40");
  const places = hostList.split(",").map(readPlace);
  if (places.some((place) => place === undefined))
    return refused("one of its hosts is no name with a port from 1 to 65535");
  const known = places.flatMap((place) => place ?? []);
  if (scheme === "mongodb+srv") {
    if (known.length !== 1) return refused("a mongodb+srv:// address has one host");
    if (known[0]?.host.includes(":")) return refused("a mongodb+srv:// address has the name of a host");
    if (known[0]?.port !== undefined) return refused("a mongodb+srv:// address has no port");
  }
  return read({ hosts: known.map(({ host }) => host), ports: known.flatMap(({ port }) => port ?? []) });
}

/** Addresses of PostgreSQL: Parse Server reads them as URLs, with one host. */
export function readPostgresqlUri(text: string): Reading<DatabaseAddress> {
  if (!/^postgres(ql)?:\/\//.test(text)) return refused("it is no postgres:// or postgresql:// address");
  if (!URL.canParse(text)) return refused("it is no URL: a character of its login may have to be written as %XX");
  const { hash, host, hostname, password, pathname, port, username } = new URL(text);
  const place = readPlace(host);
  if (host.includes(",")) return refused("it has several hosts; Parse Server takes one");
  if (place === undefined) return refused("its host is no name with a port from 1 to 65535");
  if (!isEncoded(username) || !isEncoded(password))
    return refused("its login has a % that two hexadecimal digits don't follow");
  if (hash !== "") return refused("it has a #; one in the password is written as %23");
  if (!/^\/[^/]+$/.test(pathname)) return refused("the name of the database is missing at its end");
  return read({ hosts: [hostname], ports: port === "" ? [] : [Number(port)] });
}

function isEncoded(text: string): boolean {
  if (RESERVED.test(text)) return false;
  try {
    return decodeURIComponent(text) !== undefined;
  } catch {
    return false;
  }
}

function readPlace(text: string): { host: string; port?: number } | undefined {
  const bracketed = /^\[([0-9a-fA-F:.]+)\](?::([0-9]+))?$/.exec(text);
  const [host = "", port, ...more] = bracketed ? [bracketed[1] ?? "", bracketed[2]] : text.split(":");
  if (more.length > 0 || (!bracketed && !isHost(host))) return undefined;
  if (port === undefined) return { host };
  return isPort(port) ? { host, port: Number(port) } : undefined;
}
