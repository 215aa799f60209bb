import { isJsonObject, type JsonObject } from '@ocpp-csms/ocpp';

/** The API said no: the problem details (RFC 9457) of its answer. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;
  readonly problem: JsonObject;
  constructor(request: string, status: number, problem: JsonObject) {
    super(`${request}: ${status} ${String(problem.type ?? '')} ${String(problem.detail ?? problem.title ?? '')}`);
    this.status = status;
    this.problem = problem;
  }
}

/** `undefined`: no key is sent. */
export interface ApiOptions {
  url: string;
  key: string | undefined;
}

export interface ApiAnswer {
  status: number;
  headers: Headers;
  body: unknown;
}

/**
 * The REST API of a running system. Rejects with `ApiProblem` when the answer is not 2xx, after checking that it is
 * problem details. `Answer` is what the caller knows of the body.
 */
export interface Api {
  get<Answer = JsonObject>(path: string): Promise<Answer>;
  post<Answer = JsonObject>(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  put<Answer = JsonObject>(path: string, body?: unknown): Promise<Answer>;
  patch<Answer = JsonObject>(path: string, body?: unknown): Promise<Answer>;
  delete(path: string): Promise<void>;
  /** Whatever the answer is; a body that is JSON is parsed. */
  request(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<ApiAnswer>;
  /** The same API with another key, or none. */
  as(key: string | undefined): Api;
}

export function createApi({ url, key }: ApiOptions): Api {
  async function request(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<ApiAnswer> {
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      signal: AbortSignal.timeout(60_000),
    });
    return { status: response.status, headers: response.headers, body: await bodyOf(response) };
  }

  async function expectSuccess<Answer>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer> {
    const answer = await request(method, path, body, headers);
    if (answer.status >= 200 && answer.status < 300) return answer.body as Answer;
    throw new ApiProblem(`${method} ${path}`, answer.status, problemOf(answer, `${method} ${path}`));
  }

  return {
    request,
    get: (path) => expectSuccess('GET', path),
    post: (path, body, headers) => expectSuccess('POST', path, body, headers),
    put: (path, body) => expectSuccess('PUT', path, body),
    patch: (path, body) => expectSuccess('PATCH', path, body),
    delete: async (path) => {
      await expectSuccess('DELETE', path);
    },
    as: (otherKey) => createApi({ url, key: otherKey }),
  };
}

async function bodyOf(response: Response): Promise<unknown> {
  const text = await response.text();
  if (!(response.headers.get('content-type') ?? '').includes('json') || text === '') return text;
  if ((response.headers.get('content-type') ?? '').includes('ndjson')) return text;
  return JSON.parse(text);
}

/** Every refusal is problem details; anything else is a defect and fails the test here. */
export function problemOf({ status, headers, body }: ApiAnswer, request: string): JsonObject {
  const type = headers.get('content-type') ?? '';
  const good =
    type.startsWith('application/problem+json') &&
    isJsonObject(body) &&
    body.status === status &&
    typeof body.title === 'string';
  if (!good) throw new Error(`${request}: ${status} without problem details (${type}): ${JSON.stringify(body)}`);
  return body;
}
