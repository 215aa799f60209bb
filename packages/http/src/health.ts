import type { Metrics } from '@ocpp-csms/runtime';
import Type from 'typebox';
import type { App } from './app.ts';

/** Resolves when it is well, with a word on it if there is one; rejects with the reason when not. */
export type ReadinessCheck = () => Promise<string> | Promise<void>;

const checkTimeoutMs = 5000;

const readiness = Type.Object({
  status: Type.Enum(['ready', 'not-ready']),
  checks: Type.Array(Type.Object({ name: Type.String(), ok: Type.Boolean(), detail: Type.String() })),
});

/** `/health/live`, `/health/ready` (both open) and `/metrics`. */
export function installHealth(app: App, checks: ReadonlyMap<string, ReadinessCheck>, metrics: Metrics): void {
  const tags = ['health'];
  app.get(
    '/health/live',
    {
      config: { role: 'open' },
      schema: { tags, summary: 'The process runs', response: { 200: Type.Object({ status: Type.Literal('live') }) } },
    },
    async () => ({ status: 'live' as const }),
  );
  app.get(
    '/health/ready',
    {
      config: { role: 'open' },
      schema: {
        tags,
        summary: 'Whether it can do its work, and what is missing',
        response: { 200: readiness, 503: readiness },
      },
    },
    async (_request, reply) => {
      const results = await Promise.all([...checks].map(([name, check]) => runCheck(name, check)));
      const ready = results.every(({ ok }) => ok);
      return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not-ready', checks: results });
    },
  );
  app.get(
    '/metrics',
    { config: { role: 'read-only' }, schema: { tags, summary: 'Metrics for Prometheus' } },
    async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()),
  );
}

async function runCheck(name: string, check: ReadinessCheck): Promise<{ name: string; ok: boolean; detail: string }> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer within ${checkTimeoutMs / 1000} s`)), checkTimeoutMs);
  try {
    return { name, ok: true, detail: (await Promise.race([check(), late])) ?? 'ok' };
  } catch (error) {
    return { name, ok: false, detail: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
}
