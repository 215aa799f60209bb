import { isJsonObject } from '@ocpp-csms/ocpp';
import { exitCodes } from '../exit-codes.ts';
import { Failure } from '../failure.ts';

/** Problem details (RFC 9457), as far as they are there. */
export type Problem = Readonly<Record<string, unknown>>;

/** Undefined when whoever answered is not one of us. */
export async function problemIn(response: Response): Promise<Problem | undefined> {
  try {
    const body: unknown = await response.json();
    return isJsonObject(body) && typeof body.detail === 'string' ? body : undefined;
  } catch {
    return undefined;
  }
}

export function failureOf(status: number, problem: Problem | undefined, url: string): Failure {
  if (problem === undefined)
    return new Failure(exitCodes.unreachable, `What answers at ${url} is not ocpp-csms (HTTP ${status}).`, {
      advice: 'Give the URL of the API with --url or CSMS_URL.',
    });
  const detail = String(problem.detail);
  const lines = [detail, ...errorLines(problem, detail)];
  const advice = adviceFor(status, problem);
  return new Failure(exitCodeOf(status), lines.join('\n'), {
    details: problem,
    ...(advice === undefined ? {} : { advice }),
  });
}

function exitCodeOf(status: number) {
  if (status === 401 || status === 403) return exitCodes.notAllowed;
  return status === 404 ? exitCodes.notFound : exitCodes.failed;
}

/** Each value that does not fit. One alone may be in the detail already. */
function errorLines({ errors }: Problem, detail: string): string[] {
  if (!Array.isArray(errors)) return [];
  const [first, ...others] = errors.filter(isJsonObject);
  if (first === undefined || (others.length === 0 && detail.includes(String(first.message)))) return [];
  return [first, ...others].map(({ path, message }) => `  ${String(path)}: ${String(message)}`);
}

function adviceFor(status: number, { actions }: Problem): string | undefined {
  if (status === 401) return 'Give a key with --key-file or CSMS_API_KEY.';
  if (!Array.isArray(actions)) return undefined;
  return `There are: ${actions.join(', ')}`;
}
