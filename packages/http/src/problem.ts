import { STATUS_CODES } from 'node:http';
import Type from 'typebox';

/**
 * An answer that is not what the caller wanted, as RFC 9457 problem details. `code` is part of the API: lower case
 * words with hyphens, documented, never reworded. `detail` is a sentence for a person.
 */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  /** Further members of the body. */
  readonly extra: Readonly<Record<string, unknown>>;
  constructor(status: number, code: string, detail: string, extra: Record<string, unknown> = {}) {
    super(detail);
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.extra = extra;
  }
}

export interface ProblemBody {
  type: string;
  title: string;
  status: number;
  detail: string;
  /** The path that was asked for, without the query. */
  instance: string;
  [member: string]: unknown;
}

export function problemBody({ status, code, detail, extra }: Problem, path: string): ProblemBody {
  return {
    ...extra,
    type: `urn:ocpp-csms:problem:${code}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail,
    instance: path,
  };
}

export const problemSchema = Type.Object(
  {
    type: Type.String({ description: 'urn:ocpp-csms:problem:<code>; tell problems apart by it.' }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String({ description: 'What is wrong, for a person.' }),
    instance: Type.String({ description: 'The path that was asked for.' }),
    errors: Type.Optional(
      Type.Array(Type.Object({ path: Type.String(), message: Type.String() }), {
        description: 'With 400: each value that does not fit.',
      }),
    ),
    reference: Type.Optional(Type.String({ description: 'With 500: what to look for in the log.' })),
  },
  { additionalProperties: true, title: 'Problem', description: 'RFC 9457 problem details' },
);

/**
 * Response schemas for the problems that a route can answer with: `response: { 200: …, ...problemResponses(404, 409) }`.
 * 400, 401, 403, 429 and 500 are documented on every route without it.
 */
export function problemResponses<const Statuses extends readonly number[]>(
  ...statuses: Statuses
): Record<Statuses[number], typeof problemSchema> {
  return Object.fromEntries(statuses.map((status) => [status, problemSchema])) as Record<
    Statuses[number],
    typeof problemSchema
  >;
}
