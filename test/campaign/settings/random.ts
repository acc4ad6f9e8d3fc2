/** A source of numbers that is the same for the same seed (mulberry32), with what mutations need of it. */
export class Random {
  constructor(private state: number) {}

  /** From 0 up to, but without, 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number below an end. */
  below(end: number): number {
    return Math.floor(this.next() * end);
  }

  /** One of a list, which has to have one. */
  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  /** Whether something happens that has this chance. */
  chance(of: number): boolean {
    return this.next() < of;
  }

  /** A text that stands nowhere else, of letters and digits. */
  word(length: number): string {
    return Array.from({ length }, () =>
      this.pick([..."abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"]),
    ).join("");
  }
}
