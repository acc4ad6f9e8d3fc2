import assert from "node:assert/strict";
import { BlockList } from "node:net";
import * as fc from "fast-check";
import { openRanges, rangesOverlap, readAddressRange } from "../../../components/grammars/addresses";

const OPEN: ReadonlyArray<readonly string[]> = [
  ["0.0.0.0/0"],
  ["0.0.0.0/00"],
  ["1.2.3.4/0"],
  ["0.0.0.0"],
  ["::"],
  ["::0"],
  ["0::/0"],
  ["::/0"],
  ["0:0:0:0:0:0:0:0"],
  ["fd00::/0"],
  ["2000::/3"],
  ["2000::/4"],
  ["::ffff:0.0.0.0/96"],
  ["::ffff:0:0/96"],
  ["::ffff:0.0.0.0/97"],
  ["0.0.0.0/1"],
  ["0.0.0.0/1", "128.0.0.0/1"],
  ["64.0.0.0/2", "128.0.0.0/2"],
  ["0.0.0.0/2", "64.0.0.0/2", "128.0.0.0/2", "192.0.0.0/2"],
  ["2000::/5", "2800::/5"],
  ["10.0.0.0/8", "0.0.0.0/2", "64.0.0.0/3", "96.0.0.0/3"],
];

const CLOSED: ReadonlyArray<readonly string[]> = [
  [],
  ["127.0.0.1", "::1"],
  ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fd00::/8"],
  ["0.0.0.0/2"],
  ["0.0.0.0/32"],
  ["::/128"],
  ["::ffff:10.0.0.0/104"],
  ["2001:db8::/32"],
  ["not an address"],
];

describe("ranges that open something to the world", () => {
  for (const ranges of OPEN) {
    it(ranges.join(" and "), () => assert.notDeepEqual(openRanges(ranges), []));
  }

  for (const ranges of CLOSED) {
    it(`not ${ranges.join(" and ") || "an empty list"}`, () => assert.deepEqual(openRanges(ranges), []));
  }

  it("are named by their places in the list", () => {
    assert.deepEqual(openRanges(["10.0.0.0/8", "0.0.0.0/0", "192.0.2.0/24", "::/0"]), [1, 3]);
    assert.deepEqual(openRanges(["192.0.2.0/24", "0.0.0.0/2", "64.0.0.0/2"]), [1, 2]);
  });

  it("are found however a family is cut into pieces, in any order", () => {
    const prefixes = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(fc.constantFrom(4 as const, 6 as const), prefixes, fc.integer(), (family, cuts, seed) => {
        const pieces = halves(family, cuts);
        const shuffled = [...pieces].sort((a, b) => hash(a, seed) - hash(b, seed));
        assert.notDeepEqual(openRanges(shuffled), [], shuffled.join());
      }),
    );
  });
});

/** A family cut in two, then some of the pieces again. */
function halves(family: 4 | 6, cuts: readonly number[]): string[] {
  let pieces: { first: bigint; prefix: number }[] = [{ first: 0n, prefix: 0 }];
  for (const cut of cuts) {
    const at = cut % pieces.length;
    const piece = pieces[at];
    if (!piece || piece.prefix >= 12) continue;
    const prefix = piece.prefix + 1;
    const other = piece.first + (1n << BigInt((family === 4 ? 32 : 128) - prefix));
    pieces = [
      ...pieces.slice(0, at),
      { first: piece.first, prefix },
      { first: other, prefix },
      ...pieces.slice(at + 1),
    ];
  }
  return pieces.map(({ first, prefix }) => `${write(family, first)}/${prefix}`);
}

function write(family: 4 | 6, address: bigint): string {
  const hex = address.toString(16).padStart(family === 4 ? 8 : 32, "0");
  if (family === 4) return (hex.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16)).join(".");
  return (hex.match(/..../g) ?? []).join(":");
}

const hash = (text: string, seed: number) =>
  [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) | 0, seed);

describe("ranges", () => {
  const range = fc.oneof(
    fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 })).map((both) => both.join("/")),
    fc.tuple(fc.ipV6(), fc.integer({ min: 0, max: 128 })).map((both) => both.join("/")),
  );

  it("hold the addresses that Node.js finds in them", () => {
    fc.assert(
      fc.property(range, fc.oneof(fc.ipV4(), fc.ipV6()), (text, address) => {
        const { value } = readAddressRange(text);
        assert.ok(value);
        const [network = "", prefix] = text.split("/");
        const family = network.includes(":") ? "ipv6" : "ipv4";
        if (address.includes(":") !== (family === "ipv6")) return;
        const list = new BlockList();
        list.addSubnet(network, Number(prefix), family);
        assert.equal(rangesOverlap(text, address), list.check(address, family), `${address} in ${text}`);
      }),
      { numRuns: 500 },
    );
  });

  it("of which one is in the other overlap, in both orders", () => {
    fc.assert(
      fc.property(range, range, (one, other) => assert.equal(rangesOverlap(one, other), rangesOverlap(other, one))),
    );
  });

  for (const text of [
    "",
    "10.0.0.0/33",
    "fd00::/129",
    "10.0.0/8",
    "10.0.0.0/",
    "10.0.0.0/8/8",
    "010.0.0.1",
    "0x7f.1",
    "fe80::1%eth0",
    "10.0.0.0/-1",
  ]) {
    it(`"${text}" is none`, () => assert.equal(readAddressRange(text).value, undefined));
  }

  it("written by another than their first address are told", () => {
    assert.equal(readAddressRange("10.1.2.3/8").value?.fromFirst, false);
    assert.equal(readAddressRange("10.0.0.0/8").value?.fromFirst, true);
  });
});
