import { StorageUnavailable } from './database.ts';

interface Waiting {
  enter(): void;
  timer: NodeJS.Timeout;
}

/** One at a time, or so many as there are places; first come first served. */
export class Turns {
  readonly #waiting: Waiting[] = [];
  readonly #timeoutMs: number;
  readonly #what: string;
  #free: number;

  /** `what` names the resource in the error of one that waited longer than `timeoutMs`. */
  constructor(what: string, timeoutMs: number, places = 1) {
    this.#free = places;
    this.#what = what;
    this.#timeoutMs = timeoutMs;
  }

  /** Runs `work` when it has a place. Rejects with its error, or with `StorageUnavailable` when the turn did not come in time. */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#free === 0) await this.#wait();
    else this.#free--;
    try {
      return await work();
    } finally {
      this.#passOn();
    }
  }

  #wait(): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(new StorageUnavailable(this.#tooLong()));
      }, this.#timeoutMs);
      const waiting: Waiting = { enter: resolve, timer };
      this.#waiting.push(waiting);
    });
  }

  #passOn(): void {
    const next = this.#waiting.shift();
    if (!next) {
      this.#free++;
      return;
    }
    clearTimeout(next.timer);
    next.enter();
  }

  #tooLong(): string {
    return `${this.#what}: waited ${this.#timeoutMs / 1000} s for the transactions before to end; is the database used within its own \`write\`?`;
  }
}
