/** Something that was counted in one piece of a campaign's work, and what was wrong. */
export interface PieceResult {
  /** What was counted → how often. The names are those of {@link CampaignPart.figures}. */
  readonly counts: Readonly<Record<string, number>>;
  /** What should not have happened, each with what it takes to see it again. */
  readonly findings: readonly string[];
}

/** A figure of a part. */
export interface Figure {
  /** What is counted, as it stands in docs/reliability.md. */
  readonly title: string;
  /** How many there should be; `0` for what must not happen. Default: as many as there are. */
  readonly goal?: number;
}

/** A part of the campaign: work in numbered pieces, each the same for the same seed. */
export interface CampaignPart {
  /** What it does, one sentence. */
  readonly description: string;
  /** Name in the results → what it is. */
  readonly figures: Readonly<Record<string, Figure>>;
  /** How many pieces are all. */
  readonly pieces: number;
  /** Gets ready. Called once, before the first piece of a run. */
  start(seed: number): Promise<RunningPart>;
}

/** A part that is ready. */
export interface RunningPart {
  /**
   * Does one piece. What it finds is a result; `undefined` where something is missing that the piece needs, such as a lab
   * that runs: then it is left for another run.
   */
  piece(number: number): Promise<PieceResult | undefined>;
  /** Puts away what {@link CampaignPart.start} made. */
  stop(): Promise<void>;
}
