import { type FollowOptions, followEvents, type LiveEvent } from './event-stream/follow.ts';
import type {
  AnswerOf,
  Arguments,
  ItemOf,
  ListPath,
  OperationName,
  PathOf,
  RequestOf,
  StreamPath,
} from './operations.ts';
import { ApiProblem, noAnswer, problemOf } from './problem.ts';

export interface ApiClientOptions {
  /** Where the system is, such as `http://localhost:8080`. Default: where this page came from. */
  url?: string;
  /** The API key. Without it the browser's cookie, if there is one, says who asks. */
  key?: string | (() => string | undefined);
  /** Sent with every request. */
  headers?: Readonly<Record<string, string>>;
  /** How long a question may take. Default 30 s. */
  readTimeoutMs?: number;
  /** How long a change may take; a command waits for the charge point. Default 130 s. */
  changeTimeoutMs?: number;
  fetch?: typeof fetch;
}

export interface RequestOptions {
  signal?: AbortSignal;
  timeoutMs?: number;
  headers?: Readonly<Record<string, string>>;
}

type Answering<Method extends string> = <Path extends PathOf<Method>>(
  path: Path,
  ...[request]: Arguments<`${Method} ${Path}` & OperationName, RequestOptions>
) => Promise<AnswerOf<`${Method} ${Path}` & OperationName>>;

/** Every operation of the API, typed. Rejects with `ApiProblem`, or with the reason of the caller's own signal. */
export interface ApiClient {
  get: Answering<'GET'>;
  post: Answering<'POST'>;
  put: Answering<'PUT'>;
  patch: Answering<'PATCH'>;
  delete: Answering<'DELETE'>;
  /** All items of a list, asked for page by page as they are taken. `query.limit` is the size of a page. */
  each<Path extends ListPath>(
    path: Path,
    ...[request]: Arguments<`GET ${Path}`, RequestOptions>
  ): AsyncGenerator<ItemOf<`GET ${Path}`>, void, undefined>;
  /**
   * Follows server-sent events until the signal is aborted. Lost connections are taken up again where they were.
   * Rejects with `ApiProblem` when the system says no for good.
   */
  events<Path extends StreamPath>(
    path: Path,
    request: RequestOf<`GET ${Path}`> & FollowOptions,
  ): AsyncGenerator<LiveEvent, void, undefined>;
}

interface PlainRequest extends RequestOptions {
  params?: Readonly<Record<string, unknown>>;
  query?: Readonly<Record<string, unknown>>;
  body?: unknown;
}

export function createApiClient(options: ApiClientOptions = {}): ApiClient {
  const { url = '', key, headers: always, readTimeoutMs = 30_000, changeTimeoutMs = 130_000 } = options;
  const ask = options.fetch ?? ((input, init) => fetch(input, init));

  function headersFor(request: PlainRequest): Record<string, string> {
    const current = typeof key === 'function' ? key() : key;
    return {
      accept: 'application/json',
      ...(current !== undefined && { authorization: `Bearer ${current}` }),
      ...(request.body !== undefined && { 'content-type': 'application/json' }),
      ...always,
      ...request.headers,
    };
  }

  async function send(method: string, path: string, request: PlainRequest = {}): Promise<unknown> {
    const { signal, timeoutMs = method === 'GET' ? readTimeoutMs : changeTimeoutMs } = request;
    const limit = AbortSignal.timeout(timeoutMs);
    try {
      const response = await ask(url + addressOf(path, request), {
        method,
        headers: headersFor(request),
        ...(request.body !== undefined && { body: JSON.stringify(request.body) }),
        signal: signal ? AbortSignal.any([signal, limit]) : limit,
      });
      if (!response.ok) throw await problemOf(response);
      return await contentOf(response);
    } catch (error) {
      if (error instanceof ApiProblem) throw error;
      throw noAnswer(error, { timeoutMs, ...(signal && { signal }) });
    }
  }

  async function* each(path: string, request: PlainRequest = {}): AsyncGenerator<unknown, void, undefined> {
    let cursor: unknown = request.query?.cursor;
    do {
      const page = (await send('GET', path, { ...request, query: { ...request.query, cursor } })) as {
        items: unknown[];
        nextCursor?: string;
      };
      yield* page.items;
      cursor = page.nextCursor;
    } while (cursor !== undefined);
  }

  const answering = (method: string) => (path: string, request?: PlainRequest) => send(method, path, request);
  const client = {
    get: answering('GET'),
    post: answering('POST'),
    put: answering('PUT'),
    patch: answering('PATCH'),
    delete: answering('DELETE'),
    each,
    events: (path: string, request: PlainRequest & FollowOptions) =>
      followEvents(
        (headers, signal) =>
          ask(url + addressOf(path, request), { headers: { ...headersFor(request), ...headers }, signal }),
        request,
      ),
  };
  // The paths decide on the types, and are text here: what the document promises is what the services check.
  return client as unknown as ApiClient;
}

/** `/session/transactions/{id}` with its parts filled in, and the query. */
export function addressOf(path: string, { params = {}, query = {} }: PlainRequest): string {
  const filled = path.replace(/\{(\w+)\}/g, (_match, name: string) => encodeURIComponent(String(params[name])));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined) search.append(name, String(one));
  }
  return search.size === 0 ? filled : `${filled}?${search}`;
}

async function contentOf(response: Response): Promise<unknown> {
  if (response.status === 204) return undefined;
  const type = response.headers.get('content-type') ?? '';
  return type.startsWith('application/json') ? response.json() : response.text();
}
