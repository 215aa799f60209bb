/** A program of ours that answers at a port. */
export interface RunningInstance {
  ready: boolean;
  checks: readonly { name: string; ok: boolean; detail: string }[];
}

/** Undefined when nobody answers, or somebody else. */
export async function askReadiness(url: string, timeoutMs: number): Promise<RunningInstance | undefined> {
  try {
    const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(timeoutMs), redirect: 'error' });
    return readinessOf(await response.json());
  } catch {
    return undefined;
  }
}

function readinessOf(body: unknown): RunningInstance | undefined {
  if (typeof body !== 'object' || body === null || !('status' in body) || !('checks' in body)) return undefined;
  const { status, checks } = body;
  if ((status !== 'ready' && status !== 'not-ready') || !Array.isArray(checks)) return undefined;
  return { ready: status === 'ready', checks: checks.filter(isCheck) };
}

function isCheck(check: unknown): check is RunningInstance['checks'][number] {
  return (
    typeof check === 'object' &&
    check !== null &&
    'name' in check &&
    typeof check.name === 'string' &&
    'ok' in check &&
    typeof check.ok === 'boolean' &&
    'detail' in check &&
    typeof check.detail === 'string'
  );
}
