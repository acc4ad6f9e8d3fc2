import { isIP } from "node:net";
import { parse } from "ipaddr.js";
import { type Reading, read, refused } from "./reading";

/** IP addresses and ranges in CIDR notation, as what they cover. */

/** The version of the protocol. */
export type Family = 4 | 6;

/** All addresses from the first to the last. */
export interface AddressRange {
  readonly family: Family;
  readonly first: bigint;
  readonly last: bigint;
  /** Bits that the addresses of the range share. */
  readonly prefix: number;
  /** Whether it is written by its first address, as `10.0.0.0/8` is and `10.1.2.3/8` isn't. */
  readonly fromFirst: boolean;
}

const BITS = { 4: 32, 6: 128 } as const;
/** Where IPv6 has the addresses of IPv4: ::ffff:0:0/96. */
const MAPPED = 0xffffn << 32n;
const MAPPED_PREFIX = 96;
/** What IPv6 gives to the Internet so far: 2000::/3. */
const GLOBAL_V6 = { first: 1n << 125n, last: (1n << 126n) - 1n } as const;
const ALL_V4 = { first: 0n, last: (1n << 32n) - 1n } as const;

interface Span {
  readonly first: bigint;
  readonly last: bigint;
}

/**
 * A range such as `10.0.0.0/8` or `fd00::/8`, or a single address. An IPv4 address that is written in IPv6 is one of IPv4.
 * A reader may take an unspecified address alone (`0.0.0.0`, `::`) for every address; {@link openRanges} does.
 */
export function readAddressRange(text: string): Reading<AddressRange> {
  const [address = "", prefixText, ...more] = text.split("/");
  if (more.length > 0) return refused("it has more than one /");
  const family = isIP(address) as Family | 0;
  if (family === 0 || address.includes("%")) return refused("what stands before the / is no IPv4 or IPv6 address");
  if (prefixText !== undefined && !/^[0-9]{1,3}$/.test(prefixText))
    return refused("what follows the / is no number of bits");
  const bits = BITS[family];
  const prefix = prefixText === undefined ? bits : Number(prefixText);
  if (prefix > bits) return refused(`an IPv${family} address has ${bits} bits`);
  const value = parse(address)
    .toByteArray()
    .reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return read(inIpv4(rangeOf(family, value, prefix)));
}

function rangeOf(family: Family, value: bigint, prefix: number): AddressRange {
  const size = 1n << BigInt(BITS[family] - prefix);
  const first = value - (value % size);
  return { family, first, last: first + size - 1n, prefix, fromFirst: first === value };
}

function inIpv4(range: AddressRange): AddressRange {
  const { family, first, last, prefix } = range;
  if (family === 4 || prefix < MAPPED_PREFIX || first >> 32n !== 0xffffn) return range;
  return { ...range, family: 4, first: first - MAPPED, last: last - MAPPED, prefix: prefix - MAPPED_PREFIX };
}

/** Whether two ranges share an address. */
export function rangesOverlap(one: string, other: string): boolean {
  const [a, b] = [readAddressRange(one).value, readAddressRange(other).value];
  return a !== undefined && b !== undefined && a.family === b.family && a.first <= b.last && b.first <= a.last;
}

/** What a text covers of each family; an unspecified address alone is every address to Parse Server and others. */
function spansOf(text: string): { readonly [Of in Family]: Span | undefined } {
  const range = readAddressRange(text).value;
  if (range === undefined) return { 4: undefined, 6: undefined };
  const everyAddress = !text.includes("/") && range.first === 0n;
  if (range.family === 4) return { 4: everyAddress ? ALL_V4 : range, 6: undefined };
  // Half of all that IPv6 can count is meant for everybody, whichever half it is.
  if (everyAddress || range.prefix <= 1) return { 4: undefined, 6: GLOBAL_V6 };
  const mapped = common(range, { first: MAPPED, last: MAPPED + ALL_V4.last });
  return {
    4: mapped && { first: mapped.first - MAPPED, last: mapped.last - MAPPED },
    6: common(range, GLOBAL_V6),
  };
}

function common(one: Span, other: Span): Span | undefined {
  if (one.first > other.last || other.first > one.last) return undefined;
  const [, first = 0n, last = 0n] = [one.first, one.last, other.first, other.last].sort((a, b) => (a < b ? -1 : 1));
  return { first, last };
}

/** How many addresses spans cover together, each counted once. */
function covered(spans: readonly Span[]): bigint {
  let sum = 0n;
  let end = -1n;
  for (const { first, last } of [...spans].sort((a, b) => (a.first < b.first ? -1 : 1))) {
    const from = first > end ? first : end + 1n;
    if (last >= from) sum += last - from + 1n;
    if (last > end) end = last;
  }
  return sum;
}

const size = ({ first, last }: Span): bigint => last - first + 1n;
const isHalf = (count: bigint, whole: Span): boolean => count * 2n >= size(whole);
const WHOLE = { 4: ALL_V4, 6: GLOBAL_V6 } as const;
/** The smallest part of a family that makes the finding on a list of ranges which only together are open. */
const WIDE = 64n;

/**
 * Which ranges of a list open something to the world: those that alone are half of IPv4, or half of what IPv6 gives to the
 * Internet; where only several together are, those of them that are wide. The places in the list, in order; none where the
 * list names networks. What is no range covers nothing.
 */
export function openRanges(ranges: readonly string[]): number[] {
  const spans = ranges.map(spansOf);
  const found = ([4, 6] as const).flatMap((family) => {
    const whole = WHOLE[family];
    const of = spans.flatMap((both, index) => (both[family] ? [{ index, span: both[family] }] : []));
    const alone = of.filter(({ span }) => isHalf(size(span), whole));
    if (alone.length > 0) return alone;
    if (!isHalf(covered(of.map(({ span }) => span)), whole)) return [];
    const wide = of.filter(({ span }) => size(span) * WIDE >= size(whole));
    return wide.length > 0 ? wide : of;
  });
  return [...new Set(found.map(({ index }) => index))].sort((a, b) => a - b);
}
