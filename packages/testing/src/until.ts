/**
 * Asks again and again until the answer is there (not `undefined` nor `false`): for what can be seen only by asking, such as a list over REST.
 * Rejects after `timeoutMs`, with the last error if asking failed.
 */
export async function until<Value>(
  what: string,
  ask: () => Promise<Value | undefined | false> | Value | undefined | false,
  { timeoutMs = 10_000, everyMs = 20 }: { timeoutMs?: number; everyMs?: number } = {},
): Promise<Value> {
  const deadline = performance.now() + timeoutMs;
  let last = '';
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
    } catch (error) {
      last = ` (${error instanceof Error ? error.message : String(error)})`;
    }
    if (performance.now() > deadline) throw new Error(`Not within ${timeoutMs} ms: ${what}${last}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
