/** Longer than any storm takes to be let in. */
const mostSeconds = 300;

/**
 * Tells those who can't be let in now when to come again: each a time of its own, at the pace at which there will be
 * room. Told the same time, all would come at once again, and most of them in vain (field-faults 12).
 */
export class ComeAgain {
  readonly #msPerPlace: number;
  /** When the last place that was given away is free, in milliseconds of the ticker. */
  #lastPlaceAt = 0;

  constructor({ perSecond }: { perSecond: number }) {
    this.#msPerPlace = 1000 / perSecond;
  }

  /** Whole seconds from now, at least one. */
  nextSeconds(now: number): number {
    const latest = now + mostSeconds * 1000;
    this.#lastPlaceAt = Math.min(Math.max(this.#lastPlaceAt, now) + this.#msPerPlace, latest);
    return Math.max(1, Math.ceil((this.#lastPlaceAt - now) / 1000));
  }
}
