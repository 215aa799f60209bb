import { Worker } from 'node:worker_threads';
import { StorageUnavailable } from './database.ts';
import { toError } from './storage-errors.ts';
import { IN_MEMORY } from './worker-constants.js';
import type { ConnectionSettings, NumberedReply, NumberedRequest, ReplyOf, WorkerRequest } from './worker-protocol.ts';

export interface StorageLog {
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

export interface SqliteThreadOptions {
  settings: ConnectionSettings;
  log?: StorageLog | undefined;
  /** How long a request may take, waiting in the worker's queue included. */
  requestTimeoutMs?: number;
  /** Without a request for so long the thread ends; the next request starts another. Absent: it stays. */
  idleMs?: number | undefined;
  /** For tests that let a worker die. */
  startWorker?: ((settings: ConnectionSettings) => Worker) | undefined;
}

interface Pending {
  sql: string | undefined;
  /** Milliseconds of `performance.now()`. */
  since: number;
  resolve(reply: unknown): void;
  reject(error: Error): void;
}

const REQUEST_TIMEOUT_MS = 60_000;
const WATCH_INTERVAL_MS = 1000;
/** A thread passes rows on and keeps none: more room for short-lived objects is memory that never comes back. */
const YOUNG_GENERATION_MB = 4;

export function startSqliteWorker(settings: ConnectionSettings): Worker {
  return new Worker(new URL('./sqlite-worker.js', import.meta.url), {
    workerData: settings,
    name: 'sqlite',
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
  });
}

/**
 * A worker thread with one SQLite connection. Started by its first request, and again after it died: what was under
 * way then rejects with `StorageUnavailable`. It keeps the process alive only while a request is under way.
 */
export class SqliteThread {
  readonly #settings: ConnectionSettings;
  readonly #log: StorageLog | undefined;
  readonly #requestTimeoutMs: number;
  readonly #idleMs: number | undefined;
  readonly #startWorker: (settings: ConnectionSettings) => Worker;
  readonly #pending = new Map<number, Pending>();
  #worker: Worker | undefined;
  #watch: NodeJS.Timeout | undefined;
  #rest: NodeJS.Timeout | undefined;
  #ending: Promise<void> | undefined;
  #lastId = 0;
  /** Why no request is served any more. */
  #ended: string | undefined;

  constructor({
    settings,
    log,
    requestTimeoutMs = REQUEST_TIMEOUT_MS,
    idleMs,
    startWorker = startSqliteWorker,
  }: SqliteThreadOptions) {
    this.#settings = { ...settings };
    this.#log = log;
    this.#requestTimeoutMs = requestTimeoutMs;
    this.#idleMs = idleMs;
    this.#startWorker = startWorker;
  }

  get file(): string {
    return this.#settings.file;
  }

  /** Rejects with `StorageUnavailable` or `SqlError`. */
  request<Kind extends WorkerRequest['kind']>(request: WorkerRequest & { kind: Kind }): Promise<ReplyOf[Kind]> {
    if (this.#ended) return Promise.reject(new StorageUnavailable(this.#ended));
    return new Promise<unknown>((resolve, reject) => {
      const id = ++this.#lastId;
      const sql = 'sql' in request && typeof request.sql === 'string' ? request.sql : undefined;
      this.#pending.set(id, { sql, since: performance.now(), resolve, reject });
      try {
        this.#running().postMessage({ id, request } satisfies NumberedRequest);
      } catch (error) {
        // A parameter that cannot be cloned (a function, a symbol).
        this.#settle(id)?.reject(error instanceof Error ? error : new Error(String(error)));
      }
    }) as Promise<ReplyOf[Kind]>;
  }

  /** Remembered for a worker that is started anew. */
  setMaxPageCount(maxPageCount: number): Promise<undefined> {
    this.#settings.maxPageCount = maxPageCount;
    return this.request({ kind: 'limit', maxPageCount });
  }

  /** Checkpoints, closes the file and ends the thread. What comes later rejects with `StorageUnavailable`. */
  async close(): Promise<void> {
    const worker = this.#worker;
    clearTimeout(this.#rest);
    const closing = worker && !this.#ended ? this.request({ kind: 'close' }) : undefined;
    this.#ended = `${this.file} is closed`;
    await closing?.catch((error: unknown) =>
      this.#log?.error(
        { file: this.file, reason: String(error) },
        'Database was not closed cleanly; it recovers at the next start',
      ),
    );
    this.#worker = undefined;
    await worker?.terminate();
    await this.#ending;
  }

  #running(): Worker {
    this.#worker ??= this.#started();
    if (this.#pending.size === 1) this.#keepAlive(this.#worker);
    return this.#worker;
  }

  #started(): Worker {
    const worker = this.#startWorker(this.#settings);
    let reason = 'its worker thread ended';
    worker.on('message', (answer: NumberedReply) => this.#answered(answer));
    worker.on('error', (error) => {
      reason = `its worker thread failed: ${error instanceof Error ? error.message : String(error)}`;
    });
    worker.on('exit', () => {
      if (worker === this.#worker) this.#died(reason);
    });
    return worker;
  }

  #answered(answer: NumberedReply): void {
    const pending = this.#settle(answer.id);
    if (!pending) return;
    if ('fault' in answer) pending.reject(toError(answer.fault, this.file, pending.sql));
    else pending.resolve(answer.reply);
  }

  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    if (this.#pending.size === 0) this.#nothingToDo();
    return pending;
  }

  #nothingToDo(): void {
    this.#worker?.unref();
    if (this.#idleMs === undefined) return;
    if (this.#rest) this.#rest.refresh();
    else this.#rest = setTimeout(() => this.#endIdle(), this.#idleMs).unref();
  }

  /** Nobody waits for it, and whoever comes now gets another thread. */
  #endIdle(): void {
    const worker = this.#worker;
    if (!worker || this.#pending.size > 0 || this.#ended) return;
    this.#worker = undefined;
    this.#ending = new Promise((resolve) => worker.once('exit', () => resolve()));
    worker.once('message', () => void worker.terminate());
    worker.postMessage({ id: 0, request: { kind: 'close' } } satisfies NumberedRequest);
  }

  #keepAlive(worker: Worker): void {
    worker.ref();
    this.#watch ??= setInterval(() => this.#checkOldest(), WATCH_INTERVAL_MS).unref();
  }

  #checkOldest(): void {
    for (const { since } of this.#pending.values()) {
      if (performance.now() - since > this.#requestTimeoutMs) this.#giveUp();
      return;
    }
    clearInterval(this.#watch);
    this.#watch = undefined;
  }

  /** SQLite cannot be interrupted from outside, and a statement may still take effect: end its thread with it. */
  #giveUp(): void {
    const worker = this.#worker;
    this.#died(`it did not answer within ${this.#requestTimeoutMs / 1000} s`);
    worker?.terminate().catch(() => {});
  }

  #died(reason: string): void {
    this.#worker = undefined;
    if (this.file === IN_MEMORY) this.#ended ??= `the database in memory is lost: ${reason}`;
    const message = this.#ended ?? `${this.file}: ${reason}; it is started again by the next query`;
    this.#log?.error(
      { file: this.file, requests: this.#pending.size, reason },
      'Database worker is gone; what was under way is not stored and is told so',
    );
    this.#rejectAll(message);
  }

  #rejectAll(message: string): void {
    const all = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of all) reject(new StorageUnavailable(message));
  }
}
