import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { earlierReading, readCron } from "../../../components/grammars/cron";
import { nextRun } from "../../../components/grammars/cron-times";
import { readGoDuration } from "../../../components/grammars/go-duration";
import { readPrometheusBytes } from "../../../components/grammars/prometheus-bytes";
import { readPrometheusDuration } from "../../../components/grammars/prometheus-duration";
import { readQuantity } from "../../../components/grammars/quantity";
import type { Reading } from "../../../components/grammars/reading";
import { goModules, pinnedVersion } from "../../../lab/go-modules";
import { byteSizes, cronLines, durations, quantities } from "../../support/grammars/texts";
import { type Answer, type Question, type ReaderName, Readers, readersFolder } from "../../support/readers/ask";

const SEED = 20261130;
const COUNT = 1000;
const FROM = Date.UTC(2026, 10, 30, 12, 0, 0) / 1000;

const sample = (texts: fc.Arbitrary<string>) => fc.sample(texts, { seed: SEED, numRuns: COUNT });

let readers: Readers;

async function ask(reader: ReaderName, texts: readonly string[]): Promise<[string, Answer][]> {
  const questions: Question[] = texts.map((text) => ({ reader, text, from: FROM }));
  const answers = await readers.ask(questions);
  assert.equal(answers.length, texts.length);
  return texts.map((text, index) => [text, answers[index] as Answer]);
}

/** Each text is taken by both or refused by both, and means the same; and both verdicts were there in number. */
async function agrees<T>(
  reader: ReaderName,
  texts: readonly string[],
  ours: (text: string) => Reading<T>,
  same: (value: T, answer: Answer) => boolean,
): Promise<void> {
  const counts = { taken: 0, refused: 0 };
  for (const [text, answer] of await ask(reader, texts)) {
    const { value, refusal } = ours(text);
    const said = `${JSON.stringify(text)}: ours ${refusal ?? value}, the reader's ${JSON.stringify(answer)}`;
    assert.equal(value !== undefined, answer.taken, said);
    if (value !== undefined) assert.ok(same(value, answer), said);
    counts[answer.taken ? "taken" : "refused"] += 1;
  }
  assert.ok(counts.taken > 100 && counts.refused > 100, JSON.stringify(counts));
}

const close = (a: number, b: number) => Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));

describe("grammars, held against the programs' own parsers:", () => {
  before(async function () {
    this.timeout(300_000);
    readers = await Readers.build();
  });
  after(() => readers.remove());

  it("the parsers are the versions that the lab's programs are built with", () => {
    const text = readFileSync(join(readersFolder, "go.mod"), "utf8");
    const required = [...text.matchAll(/^\t(\S+) (v\S+)( \/\/ indirect)?$/gm)];
    const of = { "github.com/netresearch/go-cron": "backup", "k8s.io/apimachinery": "core" } as const;
    const others = {
      "github.com/prometheus/common": "monitoring",
      "github.com/alecthomas/units": "monitoring",
    } as const;
    for (const [module, goModule] of Object.entries({ ...of, ...others }))
      assert.equal(required.find(([, name]) => name === module)?.[2], pinnedVersion(goModule, module), module);
    assert.equal(goModules.includes("backup"), true);
  });

  it("cron as Velero reads it, with the next four runs", async () => {
    await agrees("cron", sample(cronLines), readCron, (schedule, { runs }) => {
      if (schedule.kind === "times" && schedule.zone !== undefined && schedule.zone !== "UTC") return true;
      const ours: number[] = [];
      for (let at: Date | undefined = new Date(FROM * 1000); ours.length < 4; ) {
        at = nextRun(schedule, at);
        if (at === undefined) break;
        ours.push(at.getTime() / 1000);
      }
      return ours.join() === (runs ?? []).join();
    });
  });

  it("what earlier releases of Velero made of a line", async () => {
    const lines = sample(cronLines).filter(
      (line) => !/^(@|TZ|CRON_TZ)/.test(line) && readCron(line).value !== undefined,
    );
    const counts: Record<string, number> = {};
    for (const [line, { taken }] of await ask("earlierCron", lines)) {
      const said = earlierReading(line);
      assert.equal(said !== "refused", taken, line);
      counts[String(said)] = (counts[String(said)] ?? 0) + 1;
    }
    assert.ok((counts.refused ?? 0) > 20 && (counts["either day"] ?? 0) > 20, JSON.stringify(counts));
  });

  it("Go's lengths of time", () =>
    agrees("goDuration", sample(durations), readGoDuration, (value, answer) => String(value) === answer.value));

  it("Prometheus' lengths of time", () =>
    agrees("prometheusDuration", sample(durations), readPrometheusDuration, (value, answer) =>
      close(value, Number(answer.value)),
    ));

  it("Kubernetes' quantities", () =>
    // Kubernetes rounds up to billionths.
    agrees("quantity", sample(quantities), readQuantity, (value, answer) => close(value, Number(answer.value))));

  it("Prometheus' sizes", () =>
    agrees("prometheusBytes", sample(byteSizes), readPrometheusBytes, (value, answer) =>
      close(value, Number(answer.value)),
    ));
});
