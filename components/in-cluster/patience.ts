/** A question that is asked again: nobody starts these programs a second time. */

/** How long a Job asks a server again that does not answer yet, or has too much to do. */
export const PATIENCE_MILLISECONDS = 60_000;
/** Between one attempt of a Job and the next. */
export const PAUSE_MILLISECONDS = 2_000;

/** What went wrong when nobody answered. */
export interface NoAnswer {
  readonly message: string;
  /** Node.js' name of it, such as ECONNREFUSED. */
  readonly code?: string;
}

/** How long and how often to ask. */
export interface Patience {
  /** How long to go on asking. */
  readonly milliseconds: number;
  /** Between one attempt and the next. */
  readonly pauseMilliseconds: number;
  /** Whether that time is for all questions together, from now on. Default: each question has it. */
  readonly together?: boolean;
  /**
   * Called when nobody answered: an error for what another attempt cannot change, or, where `over`, for the end. Default:
   * the last error itself, at the end.
   */
  readonly giveUp?: (failure: NoAnswer, over: boolean) => Error | undefined;
}

/**
 * Asks again while nobody answers, or the answer's status says that the server cannot just now (5xx, 429). What it has not
 * at all (501) it will not have later either. When the time is over, the last answer is the answer.
 * @throws Error what `giveUp` returns
 */
export function patient<Question extends unknown[], Reply extends { status: number }>(
  ask: (...question: Question) => Promise<Reply>,
  { milliseconds, pauseMilliseconds, together = false, giveUp }: Patience,
): (...question: Question) => Promise<Reply> {
  const end = Date.now() + milliseconds;
  return async (...question) => {
    const until = together ? end : Date.now() + milliseconds;
    for (;;) {
      try {
        const reply = await ask(...question);
        if (!isPassing(reply.status) || Date.now() >= until) return reply;
      } catch (error) {
        const over = Date.now() >= until;
        const reason = giveUp?.(noAnswer(error), over);
        if (reason) throw reason;
        if (over) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, pauseMilliseconds));
    }
  };
}

function isPassing(status: number): boolean {
  return status === 429 || (status >= 500 && status !== 501);
}

function noAnswer(error: unknown): NoAnswer {
  return error instanceof Error ? error : { message: String(error) };
}
