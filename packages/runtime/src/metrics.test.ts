import { expect, test } from 'vitest';
import { createMetrics } from './metrics.ts';

const lines = async (metrics: ReturnType<typeof createMetrics>) =>
  (await metrics.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));

test('counters, gauges and durations in the words of Prometheus', async () => {
  const metrics = createMetrics({ defaults: false });
  metrics.counter('calls_total', 'CALLs', ['action']).with('Heartbeat').add(3);
  metrics.gauge('connections', 'Connections', () => 7);
  metrics.gauges('places', 'Places', 'kind', () => new Map([['free', 2]]));
  const duration = metrics.duration('call_seconds', 'How long', ['kind']).with('edge');
  for (const seconds of [0.0005, 0.02, 60]) duration.observe(seconds);
  const text = await lines(metrics);
  expect(text).toContain('csms_calls_total{action="Heartbeat"} 3');
  expect(text).toContain('csms_connections 7');
  expect(text).toContain('csms_places{kind="free"} 2');
  expect(text).toContain('csms_call_seconds_bucket{le="0.001",kind="edge"} 1');
  expect(text).toContain('csms_call_seconds_bucket{le="0.025",kind="edge"} 2');
  expect(text).toContain('csms_call_seconds_bucket{le="30",kind="edge"} 2');
  expect(text).toContain('csms_call_seconds_bucket{le="+Inf",kind="edge"} 3');
  expect(text).toContain('csms_call_seconds_count{kind="edge"} 3');
  expect(text).toContain('csms_call_seconds_sum{kind="edge"} 60.0205');
});

test('the same labels are the same tally', async () => {
  const metrics = createMetrics({ defaults: false });
  const calls = metrics.counter('calls_total', 'CALLs', ['action', 'outcome']);
  calls.with('Heartbeat', 'answered').add();
  calls.with('Heartbeat', 'answered').add();
  expect(await lines(metrics)).toEqual(['csms_calls_total{action="Heartbeat",outcome="answered"} 2']);
});

test('made-up names do not fill the memory: beyond a bound they are one', async () => {
  const metrics = createMetrics({ defaults: false });
  const calls = metrics.counter('calls_total', 'CALLs', ['action']);
  for (let index = 0; index < 5000; index++) calls.with(`Action${index}`).add();
  const text = await lines(metrics);
  expect(text.length).toBeLessThan(1100);
  expect(text).toContain('csms_calls_total{action="other"} 4000');
});
