import { StorageUnavailable } from './database.ts';

interface Waiting {
  enter(): void;
  timer: NodeJS.Timeout;
}

/** One at a time, first come first served. */
export class Turns {
  readonly #waiting: Waiting[] = [];
  readonly #timeoutMs: number;
  readonly #what: string;
  #taken = false;

  /** `what` names the resource in the error of one that waited longer than `timeoutMs`. */
  constructor(what: string, timeoutMs: number) {
    this.#what = what;
    this.#timeoutMs = timeoutMs;
  }

  /** Runs `work` alone. Rejects with its error, or with `StorageUnavailable` when the turn did not come in time. */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#taken) await this.#wait();
    else this.#taken = true;
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
    this.#taken = next !== undefined;
    if (!next) return;
    clearTimeout(next.timer);
    next.enter();
  }

  #tooLong(): string {
    return `${this.#what}: waited ${this.#timeoutMs / 1000} s for the transactions before to end; is the database used within its own \`write\`?`;
  }
}
