import { type Entity, type FoundLine, lineOf, sizeOf } from './message-entity.ts';

const maxLines = 2000;
/** Characters. */
const maxSize = 8_388_608;
/** Nothing is kept when nobody has followed for so many milliseconds. */
const followedMs = 30_000;

/** The messages that live readers ask for now, so that a hundred of them cost hardly more requests than one. */
export class RecentLines {
  readonly #lines = new Map<string, { line: FoundLine; size: number }>();
  readonly #now: () => number;
  #size = 0;
  #followedAt = Number.NEGATIVE_INFINITY;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Somebody follows the log. */
  follow(): void {
    this.#followedAt = this.#now();
  }

  get(partitionKey: string, rowKey: string): FoundLine | undefined {
    return this.#lines.get(keyOf(partitionKey, rowKey))?.line;
  }

  /** What was logged here: taken apart again only where somebody may ask for it. */
  add(entity: Entity): void {
    if (this.#isFollowed()) this.keep(entity.partitionKey, lineOf(entity, undefined), sizeOf(entity));
    else this.#clear();
  }

  /** `size`: characters. */
  keep(partitionKey: string, line: FoundLine, size: number): void {
    if (!this.#isFollowed()) return;
    const key = keyOf(partitionKey, line.rowKey);
    if (this.#lines.has(key)) return;
    this.#lines.set(key, { line, size });
    this.#size += size;
    for (const [oldest, { size: freed }] of this.#lines) {
      if (this.#lines.size <= maxLines && this.#size <= maxSize) return;
      this.#lines.delete(oldest);
      this.#size -= freed;
    }
  }

  #isFollowed(): boolean {
    return this.#now() - this.#followedAt <= followedMs;
  }

  #clear(): void {
    this.#lines.clear();
    this.#size = 0;
  }
}

const keyOf = (partitionKey: string, rowKey: string): string => `${partitionKey} ${rowKey}`;
