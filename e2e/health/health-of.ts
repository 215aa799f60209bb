export interface Health {
  /** Of HTTP. */
  status: number;
  /** What is wrong, or a word on it, by check. */
  checks: Readonly<Record<string, string>>;
}

export async function healthOf(port: number): Promise<Health> {
  const response = await fetch(`http://127.0.0.1:${port}/health/ready`, { signal: AbortSignal.timeout(10_000) });
  const { checks } = (await response.json()) as { checks: { name: string; ok: boolean; detail: string }[] };
  return {
    status: response.status,
    checks: Object.fromEntries(checks.map(({ name, ok, detail }) => [name, ok ? '' : detail])),
  };
}
