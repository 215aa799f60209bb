/** Rough cost of a member or an element beside its text, in bytes. */
const MEMBER_BYTES = 16;
/** Beyond this nesting no frame is meant seriously, and the stack comes to its end. */
const MAX_DEPTH = 500;

/**
 * Copies plain JSON values and counts roughly what they take, in one walk. A spread clones an object together with its
 * hidden class, several times faster than `structuredClone` or a way through text. Throws `RangeError` when nested deeper than 500.
 */
export class JsonCopier {
  /** Of everything that was copied since it was last set to 0. */
  bytes = 0;
  #depth = 0;

  copy<Content>(content: Content): Content {
    this.#depth = 0;
    return this.#copyValue(content) as Content;
  }

  #copyValue(value: unknown): unknown {
    if (typeof value === 'string') this.bytes += value.length;
    if (typeof value !== 'object' || value === null) return value;
    if (++this.#depth > MAX_DEPTH) throw new RangeError(`nested deeper than ${MAX_DEPTH}`);
    const copy = Array.isArray(value) ? this.#copyArray(value) : this.#copyObject(value as Record<string, unknown>);
    this.#depth--;
    return copy;
  }

  #copyArray(values: readonly unknown[]): unknown[] {
    this.bytes += values.length * MEMBER_BYTES;
    const copy = values.slice();
    for (let index = 0; index < copy.length; index++) {
      const value = copy[index];
      if (typeof value === 'string') this.bytes += value.length;
      else if (typeof value === 'object' && value !== null) copy[index] = this.#copyValue(value);
    }
    return copy;
  }

  #copyObject(original: Record<string, unknown>): Record<string, unknown> {
    const copy = { ...original };
    for (const name in copy) {
      const value = copy[name];
      this.bytes += MEMBER_BYTES;
      if (typeof value === 'string') this.bytes += value.length;
      else if (typeof value === 'object' && value !== null) copy[name] = this.#copyValue(value);
    }
    return copy;
  }
}
