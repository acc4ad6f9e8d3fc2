import assert from "node:assert/strict";
import * as fc from "fast-check";
import { ConnectionString } from "mongodb-connection-string-url";
import { readMongodbUri, readPostgresqlUri } from "../../../components/grammars/database-uri";
import { readGitUrl } from "../../../components/grammars/git-url";

const GIT: ReadonlyArray<readonly [string, RegExp | undefined]> = [
  ["ssh://git@git.example.com/acme/fleet.git", undefined],
  ["ssh://git@git.example.com:2222/acme/fleet.git", undefined],
  ["https://git.example.com/acme/fleet", undefined],
  ["http://192.0.2.1:8080/fleet.git", undefined],
  ["ssh://git@git.example.com:99999/a.git", /port/],
  ["ssh://git@git.example.com:0/a.git", /port/],
  ["https://git.example.com:65536/a.git", /port/],
  ["ssh://git@git.example.com:/a.git", /port/],
  ["git@git.example.com:acme/fleet.git", /user@host:path/],
  ["ssh://git.example.com/a.git", /user is missing/],
  ["ssh://git:s3cr3t@git.example.com/a.git", /password/],
  ["https://s3cr3t@git.example.com/a.git", /login/],
  ["https://user:s3cr3t@git.example.com/a.git", /login/],
  ["https://git.example.com", /path/],
  ["https://git.example.com/", /path/],
  ["ssh://git@/a.git", /host/],
  ["ssh://git@-bad-/a.git", /host/],
  ["ssh://git@300.1.1.1/a.git", /host/],
  ["ssh://git@git.example.com/a b.git", /white space/],
  ["https://git.example.com/%zz", /%/],
  ["ftp://git.example.com/a.git", /begins with none/],
  ["", /begins with none/],
];

const MONGODB: ReadonlyArray<readonly [string, RegExp | undefined]> = [
  ["mongodb://parse:s3cr3t@db.example.com/parse", undefined],
  ["mongodb://parse:s3cr3t@a.example.com:27017,b.example.com:27018/parse?replicaSet=rs0", undefined],
  ["mongodb+srv://parse:s3cr3t@cluster.example.com/parse", undefined],
  ["mongodb://db.example.com", undefined],
  ["mongodb://parse:s3@cr3t@db.example.com/parse", /password|host/],
  ["mongodb://parse:s3/cr3t@db.example.com/parse", /password/],
  ["mongodb://parse:%zz@db.example.com/parse", /password/],
  ["mongodb://@db.example.com/parse", /login/],
  ["mongodb://:s3cr3t@db.example.com/parse", /user name/],
  ["mongodb://db.example.com:99999/parse", /port/],
  ["mongodb+srv://a.example.com,b.example.com/parse", /one host/],
  ["mongodb+srv://a.example.com:27017/parse", /no port/],
  ["mysql://db.example.com/parse", /mongodb:\/\//],
  ["mongodb://", /mongodb:\/\//],
];

const POSTGRESQL: ReadonlyArray<readonly [string, RegExp | undefined]> = [
  ["postgres://parse:s3cr3t@db.example.com/parse", undefined],
  ["postgresql://parse:s3cr3t@db.example.com:6432/parse?ssl=true", undefined],
  ["postgres://parse:s3cr3t@[2001:db8::1]:5432/parse", undefined],
  ["postgres://parse:s3cr3t@db.example.com", /name of the database/],
  ["postgres://parse:s3cr3t@db.example.com:99999/parse", /no URL/],
  ["postgres://parse:s3cr3t@a.example.com,b.example.com/parse", /several hosts/],
  ["postgres://parse:s3#cr3t@db.example.com/parse", /no URL|host|#|name of the database/],
  ["postgres://parse:%zz@db.example.com/parse", /%/],
  ["postgres:///parse", /host/],
  ["mongodb://db.example.com/parse", /postgres:\/\//],
];

const TABLES = {
  "a Git URL": [GIT, readGitUrl],
  MongoDB: [MONGODB, readMongodbUri],
  PostgreSQL: [POSTGRESQL, readPostgresqlUri],
} as const;

for (const [name, [table, reader]] of Object.entries(TABLES)) {
  describe(`addresses of ${name}:`, () => {
    for (const [text, reason] of table) {
      it(`"${text}"${reason ? " is refused" : ""}, without being shown`, () => {
        const { refusal } = reader(text);
        if (reason === undefined) assert.equal(refusal, undefined);
        else assert.match(refusal ?? "taken", reason);
        assert.doesNotMatch(refusal ?? "", /s3cr3t|example\.com/);
      });
    }
  });
}

const piece = fc.constantFrom(
  "a",
  "db.example.com",
  ":",
  "@",
  "/",
  "?",
  "#",
  "%40",
  "%",
  ",",
  "27017",
  "99999",
  "parse",
  "[::1]",
  " ",
);
const nearly = fc
  .tuple(
    fc.constantFrom("mongodb://", "mongodb+srv://", "postgres://", "ssh://", "https://", ""),
    fc.array(piece, { maxLength: 9 }),
  )
  .map(([scheme, pieces]) => scheme + pieces.join(""));

describe("addresses", () => {
  it("are taken or refused, whatever the text is, and refusals don't quote them", () => {
    fc.assert(
      fc.property(fc.oneof(nearly, fc.string({ unit: "binary" })), (text) => {
        for (const { value, refusal } of [readGitUrl(text), readMongodbUri(text), readPostgresqlUri(text)])
          assert.notEqual(value === undefined, refusal === undefined);
      }),
      { numRuns: 1000 },
    );
  });

  it("of MongoDB that are taken are taken by the driver's own parser, with the same hosts", () => {
    fc.assert(
      fc.property(nearly, (text) => {
        const { value } = readMongodbUri(text);
        if (value === undefined) return;
        const hosts = new ConnectionString(text).hosts.map((host) =>
          host.replace(/:[0-9]+$/, "").replace(/^\[|\]$/g, ""),
        );
        assert.deepEqual(value.hosts, hosts);
      }),
      { numRuns: 2000 },
    );
  });

  it("of PostgreSQL and Git that are taken are URLs", () => {
    fc.assert(
      fc.property(nearly, (text) => {
        if (readPostgresqlUri(text).value ?? readGitUrl(text).value) assert.ok(URL.canParse(text), text);
      }),
      { numRuns: 2000 },
    );
  });
});
