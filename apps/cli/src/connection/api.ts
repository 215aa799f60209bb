import { exitCodes } from '../exit-codes.ts';
import { Failure } from '../failure.ts';
import { failureOf, type Problem, problemIn } from './problem.ts';

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface RequestOptions {
  query?: Query;
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
  /** Ends the waiting. The request may have been carried out. */
  signal?: AbortSignal;
}

/** The REST API of a running system, the same as everybody's. Every refusal is a `Failure` with the words of the API. */
export interface Api {
  readonly url: string;
  get<Answer>(path: string, query?: Query): Promise<Answer>;
  send<Answer>(method: 'POST' | 'PATCH' | 'DELETE', path: string, options?: RequestOptions): Promise<Answer>;
  /** The answer as it comes in; it ends with the signal. */
  open(path: string, options: RequestOptions): Promise<ReadableStream<Uint8Array>>;
}

export interface ApiOptions {
  url: string;
  key: string;
  /** How to start what does not answer. */
  calledAs: string;
  /** Of each request that names no signal. */
  timeoutMs?: number;
}

const usualTimeoutMs = 60_000;
/** A limit of requests passes within a minute. */
const longestPauseMs = 60_000;

export function createApi({ url, key, calledAs, timeoutMs = usualTimeoutMs }: ApiOptions): Api {
  const base = url.replace(/\/+$/, '');

  async function ask(method: string, path: string, options: RequestOptions): Promise<Response> {
    const { query = {}, body, headers = {}, signal = AbortSignal.timeout(timeoutMs) } = options;
    const target = `${base}${path}${queryText(query)}`;
    try {
      return await fetch(target, {
        method,
        signal,
        redirect: 'error',
        headers: {
          authorization: `Bearer ${key}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch (error) {
      throw unreachable(base, error, calledAs);
    }
  }

  async function expectSuccess(method: string, path: string, options: RequestOptions = {}): Promise<Response> {
    for (;;) {
      const response = await ask(method, path, options);
      if (response.ok) return response;
      const problem = await problemIn(response);
      const pauseMs = pauseOf(method, response, problem);
      if (pauseMs === undefined) throw failureOf(response.status, problem, base);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }

  async function read<Answer>(response: Response): Promise<Answer> {
    const text = await response.text().catch((error: unknown) => {
      throw unreachable(base, error, calledAs);
    });
    return (text === '' ? undefined : JSON.parse(text)) as Answer;
  }

  return {
    url: base,
    get: async (path, query = {}) => read(await expectSuccess('GET', path, { query })),
    send: async (method, path, options) => read(await expectSuccess(method, path, options)),
    async open(path, options) {
      const { body } = await expectSuccess('GET', path, options);
      if (body === null) throw new Failure(exitCodes.failed, `${base}${path} has no content.`);
      return body;
    },
  };
}

/** Reading again does no harm; everything else is for the person at the keyboard to decide. */
function pauseOf(method: string, { status }: Response, problem: Problem | undefined): number | undefined {
  const seconds = problem?.retryAfterSeconds;
  if (method !== 'GET' || status !== 429 || typeof seconds !== 'number') return undefined;
  return Math.min(seconds * 1000, longestPauseMs);
}

function queryText(query: Query): string {
  const given = Object.entries(query).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, String(value)]],
  );
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
}

function unreachable(url: string, error: unknown, calledAs: string): Failure {
  if (error instanceof Error && error.name === 'TimeoutError')
    return new Failure(exitCodes.unreachable, `${url} did not answer in time.`, {
      advice: `Find out why with: ${calledAs} doctor`,
      cause: error,
    });
  if (error instanceof Error && error.name === 'AbortError') throw error;
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const reason = cause instanceof AggregateError ? cause.errors[0] : cause;
  const words = reason instanceof Error ? reason.message : String(reason);
  return new Failure(exitCodes.unreachable, `Cannot reach ${url} (${words}).`, {
    advice: `Is it running? Start it with: ${calledAs} start. Elsewhere: --url or CSMS_URL says where.`,
    cause: error,
  });
}
