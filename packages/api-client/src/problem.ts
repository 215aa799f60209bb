/** A value of the request that does not fit. */
export interface ValueError {
  /** `body.connectorId`, `query.limit` */
  path: string;
  message: string;
}

export interface ProblemFields {
  /** The HTTP status; 0 when nobody answered. */
  status: number;
  /** Tells problems apart: the last part of `type`. */
  code: string;
  title: string;
  /** What happened and why, for a person. */
  detail: string;
  errors?: readonly ValueError[];
  /** What to look for in the log of the system. */
  reference?: string;
  retryAfterSeconds?: number;
  /** Every member of the answer. */
  body?: Readonly<Record<string, unknown>>;
}

/** The API said no (RFC 9457 problem details), or nobody answered. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly errors: readonly ValueError[];
  readonly reference: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly body: Readonly<Record<string, unknown>>;

  constructor(fields: ProblemFields, options?: { cause: unknown }) {
    super(`${fields.title}: ${fields.detail}`, options);
    this.status = fields.status;
    this.code = fields.code;
    this.title = fields.title;
    this.detail = fields.detail;
    this.errors = fields.errors ?? [];
    this.reference = fields.reference;
    this.retryAfterSeconds = fields.retryAfterSeconds;
    this.body = fields.body ?? {};
  }

  /** What a person can do about it. */
  get whatToDo(): string {
    return adviceOn(this);
  }

  /** The same request may go well a little later. */
  get isPassing(): boolean {
    return (
      this.status === 0 || this.status === 429 || this.status === 502 || this.status === 503 || this.status === 504
    );
  }
}

function adviceOn({ status, code, retryAfterSeconds, reference, errors }: ApiProblem): string {
  const soon = retryAfterSeconds === undefined ? 'in a moment' : `in ${retryAfterSeconds} s`;
  if (code === 'no-answer') return 'Is the system running, and is the network there? Try again when it is.';
  if (code === 'no-answer-in-time')
    return 'It may still be at work on it. Look whether it was done before you try again.';
  if (status === 400 && errors.length > 0) return 'Correct the values that are named, and try again.';
  if (status === 401) return 'Sign in with an API key. The admin key is in the file admin.key in the data folder.';
  if (code === 'local-network-only') return 'Ask from a machine in the network of the system.';
  if (status === 403) return 'Ask an administrator, or sign in with a key that has the role.';
  if (status === 404) return 'It may have been deleted. Look for it in its list.';
  if (status === 409) return 'Look at how things are now, then decide.';
  if (status === 429 || status === 503) return `Try again ${soon}.`;
  if (status === 504) return 'Look at what became of it before you try again.';
  if (reference !== undefined) return `This is a defect. Look for ${reference} in the log of the system.`;
  return status >= 500 ? 'Look into the log of the system.' : 'Correct the request.';
}

/** From whatever came back that is no success. */
export async function problemOf(response: Response): Promise<ApiProblem> {
  const body = await jsonOf(response);
  const { title, detail, errors, reference, retryAfterSeconds, type } = body;
  return new ApiProblem({
    status: response.status,
    code: typeof type === 'string' ? type.slice(type.lastIndexOf(':') + 1) : `http-${response.status}`,
    title: typeof title === 'string' ? title : response.statusText || `Status ${response.status}`,
    detail:
      typeof detail === 'string'
        ? detail
        : `${new URL(response.url, 'http://localhost').pathname} was answered with ${response.status}, and without a reason. Is a proxy in between?`,
    errors: Array.isArray(errors) ? errors.filter(isValueError) : [],
    ...(typeof reference === 'string' && { reference }),
    ...retryAfter(retryAfterSeconds, response.headers.get('retry-after')),
    body,
  });
}

async function jsonOf(response: Response): Promise<Record<string, unknown>> {
  const isJson = (response.headers.get('content-type') ?? '').includes('json');
  const text = await response.text().catch(() => '');
  if (!isJson) return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
  } catch {
    return {};
  }
}

function retryAfter(inBody: unknown, inHeader: string | null): { retryAfterSeconds?: number } {
  if (typeof inBody === 'number') return { retryAfterSeconds: inBody };
  return inHeader !== null && /^\d+$/.test(inHeader) ? { retryAfterSeconds: Number(inHeader) } : {};
}

const isValueError = (value: unknown): value is ValueError =>
  typeof value === 'object' &&
  value !== null &&
  'path' in value &&
  typeof value.path === 'string' &&
  'message' in value &&
  typeof value.message === 'string';

/** Nobody answered: no connection, or not in time. An abort by the caller is passed on as it is. */
export function noAnswer(error: unknown, { signal, timeoutMs }: { signal?: AbortSignal; timeoutMs: number }): unknown {
  if (signal?.aborted) return signal.reason;
  if (error instanceof Error && error.name === 'TimeoutError') {
    return new ApiProblem(
      {
        status: 0,
        code: 'no-answer-in-time',
        title: 'No answer in time',
        detail: `The system did not answer within ${Math.round(timeoutMs / 1000)} s.`,
      },
      { cause: error },
    );
  }
  return new ApiProblem(
    { status: 0, code: 'no-answer', title: 'No answer', detail: 'The system cannot be reached.' },
    { cause: error },
  );
}
